/** HTTP in: raw bodies, their limits, and what callers are told when they cannot be taken. */
@NullMarked
package io.callsync.gateway.intake;

import org.jspecify.annotations.NullMarked;
