package io.callsync.gateway.job;

import java.util.Optional;

/** A kind of long work. */
public interface JobKind {

  /** Some of the work, few enough that its end is never far. */
  interface Work {

    /**
     * Does what comes next. What is done twice, since its gateway was killed before it said so,
     * changes nothing.
     *
     * @throws JobFailure where it cannot be done, now or later
     */
    Page page(Job job);
  }

  /**
   * How far it is after a page.
   *
   * @param done from the start on
   * @param at the last id that it is through with
   */
  record Page(long done, long at, boolean more) {}

  /** As operators call it. */
  String name();

  /**
   * Goes on with a job that nobody works on; empty where only whoever ordered it can have it go on.
   */
  Optional<Work> work(Job job);

  /** What came of a job that is done, in a few words. */
  String outcome(Job job);
}
