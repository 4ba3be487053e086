package io.callsync.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people see of a relay.
 *
 * @param cause why it is retrying or what it does
 * @param oldestUnsentMillis age of the oldest thing that is committed and not acknowledged; null
 *     where the database does not answer
 * @param slotLagBytes log that the server keeps for the slot; null as above
 */
record RelayStatus(
    State state,
    @Nullable String cause,
    Instant since,
    @Nullable Long oldestUnsentMillis,
    @Nullable Long slotLagBytes) {

  enum State {
    STARTING,
    LEADING,
    STANDBY,
    RETRYING,
    STOPPED
  }

  static RelayStatus starting() {
    return new RelayStatus(State.STARTING, null, Instant.now(), null, null);
  }

  RelayStatus now(State next, @Nullable String why) {
    return new RelayStatus(
        next, why, state == next ? since : Instant.now(), oldestUnsentMillis, slotLagBytes);
  }

  RelayStatus measured(@Nullable Long oldest, @Nullable Long lag) {
    return new RelayStatus(state, cause, since, oldest, lag);
  }
}
