package io.callsync.ops.job;

/** How fast a job goes, since it began or went on. */
public final class Pace {

  private final long doneBefore;
  private final long began = System.nanoTime();

  /**
   * @param doneBefore what was done before this process went on with it
   */
  public Pace(long doneBefore) {
    this.doneBefore = doneBefore;
  }

  public double perSecond(long done) {
    return (done - doneBefore) * 1e9 / Math.max(1, System.nanoTime() - began);
  }
}
