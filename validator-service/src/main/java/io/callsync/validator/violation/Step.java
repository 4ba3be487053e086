package io.callsync.validator.violation;

import io.callsync.validator.rule.Violation;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one look at a chain does to one violation. */
public sealed interface Step {

  /** Nothing to write. */
  record Nothing() implements Step {}

  /** Seen for the first time, or for less than the grace: look again then. */
  record Suspect(Instant since, Instant lookAgain) implements Step {}

  /** It was a moment's disorder. */
  record Forget() implements Step {}

  /** It lasted: an episode begins. */
  record Open(Instant since) implements Step {}

  /** It is another trouble now, or a better description of it. */
  record Update() implements Step {}

  /** It is mended. */
  record Resolve() implements Step {}

  /** How long to wait where the grace is over and the topics are not read up to its start. */
  Duration RETRY = Duration.ofSeconds(1);

  /**
   * Decides.
   *
   * @param found what the rules say now; null where they say nothing
   * @param chainKey the chain that was looked at
   * @param suspectedSince start of the grace; null where it is no suspect
   * @param stored the violation's last state; null where there never was an episode
   * @param readUpTo all events that the rows showed at this time have been read
   */
  static Step of(
      @Nullable Violation found,
      String chainKey,
      @Nullable Instant suspectedSince,
      @Nullable StoredViolation stored,
      Instant now,
      Duration grace,
      Instant readUpTo) {
    boolean active = stored != null && stored.active();
    if (found == null) {
      return active ? new Resolve() : suspectedSince != null ? new Forget() : new Nothing();
    }
    if (stored != null && active) {
      boolean same = stored.violation().equals(found) && stored.chainKey().equals(chainKey);
      return same ? new Nothing() : new Update();
    }
    Instant since = suspectedSince == null ? now : suspectedSince;
    Instant graceOver = since.plus(grace);
    if (graceOver.isAfter(now)) {
      return new Suspect(since, graceOver);
    }
    // Until then the rows may be ahead of what is expected of them.
    return readUpTo.isBefore(since) ? new Suspect(since, now.plus(RETRY)) : new Open(since);
  }
}
