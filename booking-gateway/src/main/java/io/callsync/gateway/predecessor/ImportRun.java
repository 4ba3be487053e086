package io.callsync.gateway.predecessor;

import java.util.UUID;

/** One import as it goes on, for whoever looks at it: written by one thread, read by others. */
final class ImportRun {

  /**
   * What is seen of it; whether it goes on says its job.
   *
   * @param done with what an earlier run did
   * @param tally of what was done, without what was planned
   */
  record Stage(long done, Tally tally) {}

  private final UUID id = UUID.randomUUID();
  private final String contentHash;
  private final boolean dryRun;
  private final Plan plan;
  private final String reason;
  private volatile long already;
  private volatile Stage stage = new Stage(0, Tally.empty());

  ImportRun(String contentHash, boolean dryRun, Plan plan, String reason) {
    this.contentHash = contentHash;
    this.dryRun = dryRun;
    this.plan = plan;
    this.reason = reason;
  }

  UUID id() {
    return id;
  }

  /** Under which it is looked for: the same files have the same. */
  String name() {
    return (dryRun ? "dry-" : "") + contentHash.substring(0, 16);
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

  long total() {
    return plan.work().size();
  }

  /** Done by an earlier run. */
  long already() {
    return already;
  }

  Stage stage() {
    return stage;
  }

  /** What was planned and done so far. */
  Tally report() {
    return plan.tally().plus(stage.tally());
  }

  void goesOnFrom(Stage stored) {
    already = stored.done();
    stage = stored;
  }

  void is(Stage now) {
    stage = now;
  }
}
