package io.callsync.projector;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the projection stands.
 *
 * @param failure what keeps it from going on, null where nothing does
 * @param lags records not yet shown, by partition of this instance
 * @param lastPoll when it last went its round
 */
record ProjectionStatus(
    boolean hasJoined,
    @Nullable String failure,
    Map<String, Long> lags,
    @Nullable Instant lastCommit,
    Instant lastPoll) {

  static ProjectionStatus starting() {
    return new ProjectionStatus(false, null, Map.of(), null, Instant.now());
  }

  ProjectionStatus joined() {
    return new ProjectionStatus(true, failure, lags, lastCommit, lastPoll);
  }

  ProjectionStatus committed(Instant at) {
    return new ProjectionStatus(hasJoined, failure, lags, at, lastPoll);
  }

  ProjectionStatus polled(Map<String, Long> now) {
    return new ProjectionStatus(hasJoined, null, now, lastCommit, Instant.now());
  }

  ProjectionStatus failed(String sentence) {
    return new ProjectionStatus(hasJoined, sentence, lags, lastCommit, lastPoll);
  }
}
