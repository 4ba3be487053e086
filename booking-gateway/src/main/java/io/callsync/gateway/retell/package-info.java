/** Retell's side: signatures, lifecycle events, and the agent's functions. */
@NullMarked
package io.callsync.gateway.retell;

import org.jspecify.annotations.NullMarked;
