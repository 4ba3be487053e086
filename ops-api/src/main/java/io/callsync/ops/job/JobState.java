package io.callsync.ops.job;

import java.util.Locale;

/** Where a job stands. */
public enum JobState {
  WAITING,
  RUNNING,
  DONE,
  FAILED,
  CANCELLED;

  /** As it is stored and told. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException where it is none
   */
  public static JobState of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Whether nothing comes after it. */
  public boolean hasEnded() {
    return this != WAITING && this != RUNNING;
  }
}
