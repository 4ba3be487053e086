package io.callsync.validator.violation;

import io.callsync.validator.rule.Violation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A violation with its life: what was found last, and in which episode.
 *
 * @param chainKey the chain it was found on
 * @param revision counts every change over all episodes
 */
public record StoredViolation(
    Violation violation,
    String chainKey,
    long revision,
    State state,
    @Nullable Long companyId,
    @Nullable Long callId,
    int episode,
    Instant firstSeen,
    Instant lastSeen,
    @Nullable Instant resolvedAt) {

  /** What consumers see; a finding within its grace is not seen. */
  public enum State {
    OPEN,
    ACKNOWLEDGED,
    RESOLVED
  }

  public boolean active() {
    return state != State.RESOLVED;
  }
}
