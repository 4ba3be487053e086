/** The ledger of everything received and the work that is left. */
@NullMarked
package io.callsync.gateway.delivery;

import org.jspecify.annotations.NullMarked;
