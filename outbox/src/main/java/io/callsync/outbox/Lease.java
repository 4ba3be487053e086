package io.callsync.outbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to send, for a limited time. What this process believes of it ends before what the
 * database says, by its own monotonic clock, which runs on while the process is stopped.
 */
final class Lease {

  /** The right to send was lost; another instance may be sending. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost() {
      super("the lease was lost");
    }
  }

  private final RelayTable table;
  private final Duration length;
  private volatile long heldUntil = System.nanoTime();

  Lease(RelayTable table, Duration length) {
    this.table = table;
    this.length = length;
  }

  boolean acquire() {
    long asked = System.nanoTime();
    boolean mine = table.acquire(length);
    heldUntil = mine ? asked + believed() : asked;
    return mine;
  }

  /**
   * @throws Lost where another instance holds it
   */
  void renew() {
    long asked = System.nanoTime();
    if (!table.renew(length)) {
      heldUntil = asked;
      throw new Lost();
    }
    heldUntil = asked + believed();
  }

  void release() {
    heldUntil = System.nanoTime();
    table.release();
  }

  boolean held() {
    return left() > 0;
  }

  /**
   * Returns when the lease lasts for the given time, which the next renewal brings about.
   *
   * @throws Lost where it ran out
   */
  void require(Duration time) {
    while (left() < time.toNanos()) {
      if (!held() || Thread.currentThread().isInterrupted()) {
        throw new Lost();
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private long left() {
    return heldUntil - System.nanoTime();
  }

  private long believed() {
    return length.toNanos() * 9 / 10;
  }
}
