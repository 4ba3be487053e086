/** The booking aggregate: facts folded over the uid chain, wishes, and what is in doubt. */
@NullMarked
package io.callsync.gateway.booking;

import org.jspecify.annotations.NullMarked;
