package io.callsync.gateway.booking;

import java.time.Instant;

/** From a start up to, and without, an end. Pure. */
public record Interval(Instant start, Instant end) {

  /** Whether both want the same moment; where one ends as the other starts, they do not. */
  public boolean overlaps(Interval other) {
    return start.isBefore(other.end) && other.start.isBefore(end);
  }
}
