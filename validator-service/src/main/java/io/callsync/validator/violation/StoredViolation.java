package io.callsync.validator.violation;

import io.callsync.validator.rule.Violation;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A violation with its life: what was found last, and in which episode.
 *
 * @param chainKey the chain it was found on
 * @param revision counts every change over all episodes
 * @param repair what self-repair did in this episode, null where it did nothing
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
    @Nullable Instant resolvedAt,
    @Nullable String repair) {

  /** What consumers see; a finding within its grace is not seen. */
  public enum State {
    OPEN,
    ACKNOWLEDGED,
    RESOLVED
  }

  public boolean active() {
    return state != State.RESOLVED;
  }

  /** What people are told: what was found, and what self-repair did about it. */
  public SortedMap<String, String> evidence() {
    if (repair == null) {
      return violation.evidence();
    }
    var told = new TreeMap<>(violation.evidence());
    told.put("repair", repair);
    return told;
  }

  StoredViolation withRepair(String text) {
    return new StoredViolation(
        violation,
        chainKey,
        revision + 1,
        state,
        companyId,
        callId,
        episode,
        firstSeen,
        lastSeen,
        resolvedAt,
        text);
  }
}
