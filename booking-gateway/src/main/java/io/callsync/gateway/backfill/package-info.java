/** Puts right what a chain lacks: by what Cal.com knows, and by telling again what is stored. */
@NullMarked
package io.callsync.gateway.backfill;

import org.jspecify.annotations.NullMarked;
