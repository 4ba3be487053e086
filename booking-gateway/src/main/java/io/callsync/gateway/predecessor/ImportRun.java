package io.callsync.gateway.predecessor;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One import as it goes on, for whoever looks at it: written by one thread, read by others. */
final class ImportRun {

  /** Where it stands. */
  enum State {
    RUNNING,
    DONE,
    /** Broken off; the same files again go on where it was. */
    FAILED
  }

  /**
   * What is seen of it.
   *
   * @param tally of what was planned and done so far
   * @param already done by an earlier run
   * @param trouble one sentence, null where there is none
   */
  record View(
      State state,
      long done,
      long already,
      long total,
      Duration elapsed,
      Tally tally,
      @Nullable String trouble) {}

  private final UUID id = UUID.randomUUID();
  private final String contentHash;
  private final boolean dryRun;
  private final Plan plan;
  private final String reason;
  private final Instant startedAt;
  private volatile View view;

  ImportRun(String contentHash, boolean dryRun, Plan plan, String reason, Instant startedAt) {
    this.contentHash = contentHash;
    this.dryRun = dryRun;
    this.plan = plan;
    this.reason = reason;
    this.startedAt = startedAt;
    this.view =
        new View(State.RUNNING, 0, 0, plan.work().size(), Duration.ZERO, plan.tally(), null);
  }

  UUID id() {
    return id;
  }

  String contentHash() {
    return contentHash;
  }

  boolean dryRun() {
    return dryRun;
  }

  Plan plan() {
    return plan;
  }

  String reason() {
    return reason;
  }

  View view() {
    return view;
  }

  void goesOnFrom(long done) {
    view = new View(State.RUNNING, done, done, view.total, Duration.ZERO, view.tally, null);
  }

  void is(State state, long done, Tally doneSoFar, Instant now, @Nullable String trouble) {
    view =
        new View(
            state,
            done,
            view.already,
            view.total,
            Duration.between(startedAt, now),
            plan.tally().plus(doneSoFar),
            trouble);
  }
}
