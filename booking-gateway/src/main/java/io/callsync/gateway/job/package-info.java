/** Long work that operators order: it survives a restart, tells how far it is, and can be ended. */
@NullMarked
package io.callsync.gateway.job;

import org.jspecify.annotations.NullMarked;
