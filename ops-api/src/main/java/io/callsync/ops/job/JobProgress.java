package io.callsync.ops.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a job is.
 *
 * @param total 0 while nobody knows
 * @param perSecond since it began or went on; 0 while nobody knows
 */
public record JobProgress(long done, long total, double perSecond) {

  /** How long it takes from here at the speed so far; null where nobody knows. */
  public @Nullable Long secondsLeft(JobState state) {
    return state != JobState.RUNNING || perSecond <= 0
        ? null
        : Math.round(Math.max(0, total - done) / perSecond);
  }
}
