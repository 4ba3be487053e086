package io.callsync.outbox;

import java.time.Duration;

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
    return heldUntil - System.nanoTime() > 0;
  }

  /**
   * @throws Lost where it is not held
   */
  void require() {
    if (!held()) {
      throw new Lost();
    }
  }

  private long believed() {
    return length.toNanos() * 9 / 10;
  }
}
