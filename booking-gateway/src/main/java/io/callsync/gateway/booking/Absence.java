package io.callsync.gateway.booking;

import java.time.Instant;

/**
 * Whether an attendee did not come, as the host marked it last. The host may take the mark back, so
 * this is no step forward as every other fact is, and Cal.com gives no order but the time of
 * sending: a register that the last writer wins. It is the one place where {@code createdAt}
 * decides; merging is commutative, associative and idempotent all the same.
 *
 * @param at Cal.com's {@code createdAt}; the epoch where it said none, which yields to any other
 */
public record Absence(boolean noShow, Instant at) {

  /** Of two marks of the same moment the absence holds, so that order does not matter. */
  Absence later(Absence other) {
    int order = at.compareTo(other.at);
    return order > 0 || (order == 0 && noShow) ? this : other;
  }
}
