package io.callsync.validator.check;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.expectation.Expectations;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.violation.Violations;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Marks every chain once in a while, so that a change of which nothing was heard is found too; a
 * chunk at a time, and the next one only when that is done.
 */
@Component
class Sweep {

  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final int CHUNK = 500;
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);

  /** One source of chains, read in pieces. */
  private interface Source {
    /** The next chains and where to go on; empty at the end. */
    Optional<Piece> after(@Nullable Object place);
  }

  private record Piece(Collection<ChainKey> chains, Object place) {}

  private final Due due;
  private final Schedule schedule;
  private final Violations violations;
  private final Duration every;
  private final Duration recheckEvery;
  private final List<Source> sources;

  private int source = -1;
  private @Nullable Object place;
  private Instant lastAsked = Instant.EPOCH;

  Sweep(
      Due due,
      Schedule schedule,
      Violations violations,
      ReadModel readModel,
      Expectations expectations,
      ValidatorProperties properties) {
    this.due = due;
    this.schedule = schedule;
    this.violations = violations;
    this.every = properties.validator().sweep();
    this.recheckEvery = properties.validator().recheck();
    this.sources =
        List.of(
            at -> calls(readModel.callsAfter(at == null ? Long.MIN_VALUE : (Long) at, null, CHUNK)),
            at ->
                calls(
                    expectations.callsAfter(at == null ? Long.MIN_VALUE : (Long) at, null, CHUNK)),
            at ->
                bookings(
                    readModel.callLessBookingsAfter(at == null ? Long.MIN_VALUE : (Long) at, CHUNK),
                    expectations),
            at ->
                bookings(
                    expectations.callLessBookingsAfter(
                        at == null ? new UUID(0, 0) : (UUID) at, CHUNK)));
  }

  boolean running() {
    return source >= 0;
  }

  /** Does the next small piece of work, where there is any. */
  void step(Instant now) {
    if (source < 0) {
      if (lastAsked.plus(ASK_EVERY).isAfter(now)) {
        return;
      }
      lastAsked = now;
      if (schedule.claim("recheck", now, recheckEvery)) {
        due.arm(timers(violations.brokenChains(), now));
      }
      if (!schedule.claim("sweep", now, every)) {
        return;
      }
      log.debug("sweep starts");
      source = 0;
      place = null;
    }
    if (due.any(now)) {
      return;
    }
    Optional<Piece> piece = sources.get(source).after(place);
    if (piece.isPresent()) {
      place = piece.get().place();
      due.mark(piece.get().chains(), now, now);
    } else {
      place = null;
      source = source + 1 == sources.size() ? -1 : source + 1;
    }
  }

  private static Map<ChainKey, Instant> timers(Collection<String> chainKeys, Instant now) {
    return chainKeys.stream()
        .filter(ChainKey::isKey)
        .collect(Collectors.toMap(ChainKey::parse, key -> now, (a, b) -> a));
  }

  private static Optional<Piece> calls(List<Long> ids) {
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Piece(ids.stream().<ChainKey>map(ChainKey.OfCall::new).toList(), ids.getLast()));
  }

  private static Optional<Piece> bookings(
      Map<Long, UUID> byAppointment, Expectations expectations) {
    if (byAppointment.isEmpty()) {
      return Optional.empty();
    }
    Set<ChainKey> chains = new HashSet<>(expectations.chainsOfBookings(byAppointment.values()));
    byAppointment.values().forEach(id -> chains.add(new ChainKey.OfBooking(id)));
    return Optional.of(new Piece(chains, Collections.max(byAppointment.keySet())));
  }

  private static Optional<Piece> bookings(List<UUID> ids) {
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Piece(ids.stream().<ChainKey>map(ChainKey.OfBooking::new).toList(), ids.getLast()));
  }
}
