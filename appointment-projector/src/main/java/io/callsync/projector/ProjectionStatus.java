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
    return new ProjectionStatus(hasJoined, null, lags, at, lastPoll);
  }

  /**
   * A round without records mends a failure only where none are left that it may have been about.
   */
  ProjectionStatus polled(Map<String, Long> now, int partitions) {
    boolean nothingLeft =
        now.size() == partitions && now.values().stream().allMatch(lag -> lag == 0);
    return new ProjectionStatus(
        hasJoined, nothingLeft ? null : failure, now, lastCommit, Instant.now());
  }

  ProjectionStatus failed(String sentence) {
    return new ProjectionStatus(hasJoined, sentence, lags, lastCommit, lastPoll);
  }
}
