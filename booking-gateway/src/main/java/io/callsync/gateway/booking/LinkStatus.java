package io.callsync.gateway.booking;

/**
 * What Cal.com said of one uid, in the order in which it can only move on; merging takes the later.
 */
public enum LinkStatus {
  UNKNOWN,
  PENDING,
  ACCEPTED,
  REJECTED,
  CANCELLED;

  LinkStatus later(LinkStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
