package io.callsync.gateway.retell;

import io.callsync.gateway.booking.FreeTimes;
import io.callsync.gateway.booking.Interval;
import io.callsync.gateway.booking.WishStore;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.directory.ServiceEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What may be offered: Cal.com's slots of this moment, without those that another caller's wish in
 * flight is about to take. Nothing is cached.
 */
@Component
class FreeSlots {

  private static final Duration SEARCHED_AHEAD = Duration.ofDays(14);

  private final CalcomAccounts calcom;
  private final WishStore wishes;

  FreeSlots(CalcomAccounts calcom, WishStore wishes) {
    this.calcom = calcom;
    this.wishes = wishes;
  }

  /** The free starts from {@code from} on and before {@code to}, in order. */
  List<Instant> between(ServiceEntry service, Instant from, Instant to) throws CalcomUnavailable {
    return between(service, from, to, null, null);
  }

  /**
   * @param movedUid the booking that gives its own time back, null where none is moved
   * @param wish the wish that looks for another time, null where there is none yet
   */
  List<Instant> between(
      ServiceEntry service,
      Instant from,
      Instant to,
      @Nullable String movedUid,
      @Nullable UUID wish)
      throws CalcomUnavailable {
    List<Instant> slots =
        calcom.of(service.calcomAccount()).slots(service.eventTypeId(), from, to, movedUid).stream()
            .filter(start -> !start.isBefore(from) && start.isBefore(to))
            .toList();
    Duration length = Duration.ofMinutes(service.durationMinutes());
    return FreeTimes.without(
        slots,
        length,
        wishes.inFlight(
            service.calcomAccount(), service.eventTypeId(), length, new Interval(from, to), wish));
  }

  /** The next ones, whatever their day. */
  List<Instant> next(ServiceEntry service, Instant now, int limit) throws CalcomUnavailable {
    return between(service, now.plusMillis(1), now.plus(SEARCHED_AHEAD)).stream()
        .limit(limit)
        .toList();
  }
}
