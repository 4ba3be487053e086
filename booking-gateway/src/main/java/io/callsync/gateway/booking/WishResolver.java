package io.callsync.gateway.booking;

import io.callsync.gateway.booking.WishStore.StoredWish;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.calcom.CalcomOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Settles wishes without an outcome, after a lost answer or our own crash: looks for our request id
 * at Cal.com, and never books again.
 */
@Component
class WishResolver {

  private static final Logger log = LoggerFactory.getLogger(WishResolver.class);

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final WishStore wishes;
  private final WishOutcome outcomes;
  private final CalcomAccounts calcom;
  private final WishProperties properties;
  private final Clock clock;

  WishResolver(
      WishStore wishes,
      WishOutcome outcomes,
      CalcomAccounts calcom,
      WishProperties properties,
      Clock clock) {
    this.wishes = wishes;
    this.outcomes = outcomes;
    this.calcom = calcom;
    this.properties = properties;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 500)
  void resolveDue() {
    for (StoredWish wish : wishes.claimDue(clock.instant(), LEASE, 20)) {
      Instant next = clock.instant().plus(PAUSE);
      try {
        resolve(wish);
      } catch (CalcomUnavailable away) {
        log.info("wish {} stays open: {}", wish.requestId(), away.getMessage());
      }
      wishes.lookUpAgain(wish.requestId(), next);
    }
  }

  private void resolve(StoredWish wish) throws CalcomUnavailable {
    List<CalcomFact> ours =
        calcom
            .of(wish.calcomAccount())
            .ofRequest(wish.requestId(), wish.eventTypeId(), wish.startsAt(), wish.endsAt());
    if (!ours.isEmpty()) {
      ours.forEach(fact -> outcomes.found(wish.bookingId(), fact));
    } else if (wish.createdAt().plus(properties.giveUpAfter()).isBefore(clock.instant())) {
      outcomes.giveUp(wish.bookingId());
    } else if (wish.attempts() == 1) {
      outcomes.record(wish.bookingId(), new CalcomOutcome.InDoubt("no outcome was recorded"));
    }
  }
}
