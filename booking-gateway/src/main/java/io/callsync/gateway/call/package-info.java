/** The call aggregate. */
@NullMarked
package io.callsync.gateway.call;

import org.jspecify.annotations.NullMarked;
