package io.callsync.gateway.retell;

import io.callsync.gateway.booking.Offers.Offer;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * A wish that is none of the times just offered, yet sounds like one of them: the right clock on
 * another day, or the right wall clock with a Z appended by the model. Pure.
 */
final class MisheardOffer {

  private MisheardOffer() {}

  /** The offer that was probably meant; empty where there is no doubt. */
  static Optional<Offer> find(Instant wished, List<Offer> offered, ZoneId zone) {
    if (offered.isEmpty() || offered.stream().anyMatch(o -> o.startsAt().equals(wished))) {
      return Optional.empty();
    }
    Instant asLocal = wished.atOffset(ZoneOffset.UTC).toLocalDateTime().atZone(zone).toInstant();
    Optional<Offer> sameWall =
        offered.stream().filter(o -> o.startsAt().equals(asLocal)).findFirst();
    LocalTime clock = wished.atZone(zone).toLocalTime();
    List<Offer> sameClock =
        offered.stream()
            .filter(o -> o.startsAt().atZone(zone).toLocalTime().equals(clock))
            .toList();
    return sameWall.isPresent()
        ? sameWall
        : sameClock.size() == 1 ? Optional.of(sameClock.getFirst()) : Optional.empty();
  }
}
