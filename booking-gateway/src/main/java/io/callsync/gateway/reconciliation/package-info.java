/** Asks Cal.com what changed, since a webhook that got lost is lost for ever. */
@NullMarked
package io.callsync.gateway.reconciliation;

import org.jspecify.annotations.NullMarked;
