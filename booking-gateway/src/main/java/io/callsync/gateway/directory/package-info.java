/** Companies, their numbers, services and staff. */
@NullMarked
package io.callsync.gateway.directory;

import org.jspecify.annotations.NullMarked;
