package io.callsync.gateway.booking;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Which free times to name; always a subset of what Cal.com offers. Pure. */
public final class FreeTimes {

  private FreeTimes() {}

  /** Without the starts whose appointment would overlap one of the others. */
  public static List<Instant> without(List<Instant> free, Duration length, List<Interval> others) {
    return free.stream()
        .filter(
            start -> others.stream().noneMatch(new Interval(start, start.plus(length))::overlaps))
        .toList();
  }

  /** The nearest before and after the wished time, and the next nearest, in order of time. */
  public static List<Instant> near(List<Instant> free, Instant wished, int limit) {
    Stream<Instant> before =
        free.stream().filter(t -> t.isBefore(wished)).max(Comparator.naturalOrder()).stream();
    Stream<Instant> after =
        free.stream().filter(t -> t.isAfter(wished)).min(Comparator.naturalOrder()).stream();
    Stream<Instant> others =
        free.stream()
            .filter(t -> !t.equals(wished))
            .sorted(Comparator.comparing(t -> Duration.between(wished, t).abs()));
    return Stream.concat(Stream.concat(before, after), others)
        .distinct()
        .limit(limit)
        .sorted()
        .toList();
  }

  /** From the first to the last, evenly, so that a caller hears the whole day. */
  public static List<Instant> spread(List<Instant> free, int limit) {
    if (free.size() <= limit) {
      return free;
    }
    return Stream.iterate(0, n -> n < limit, n -> n + 1)
        .map(n -> free.get(n * (free.size() - 1) / (limit - 1)))
        .toList();
  }
}
