package io.callsync.gateway.calcom;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.UnresolvedStore;
import io.callsync.gateway.delivery.UnresolvedStore.Work;
import io.callsync.gateway.intake.SafeJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the booking of a delivery that came before what it follows, or after what we never got:
 * first in our own tables, then by asking Cal.com along its chain of uids.
 */
@Component
class UnresolvedResolver {

  private static final Logger log = LoggerFactory.getLogger(UnresolvedResolver.class);

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final UnresolvedStore unresolved;
  private final DeliveryLedger ledger;
  private final BookingFolding bookings;
  private final BookingAncestry ancestry;
  private final ReconciliationWish reconciliation;
  private final Chains chains;
  private final Clock clock;

  UnresolvedResolver(
      UnresolvedStore unresolved,
      DeliveryLedger ledger,
      BookingFolding bookings,
      BookingAncestry ancestry,
      ReconciliationWish reconciliation,
      Chains chains,
      Clock clock) {
    this.unresolved = unresolved;
    this.ledger = ledger;
    this.bookings = bookings;
    this.ancestry = ancestry;
    this.reconciliation = reconciliation;
    this.chains = chains;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 200)
  void resolveDue() {
    for (Work work : unresolved.claimDue(clock.instant(), LEASE, 50)) {
      try {
        if (!resolve(work)) {
          unresolved.tryAgain(work.deliveryId(), clock.instant().plus(pause(work.attempts())));
        }
      } catch (CalcomUnavailable away) {
        unresolved.tryAgain(work.deliveryId(), clock.instant().plus(pause(work.attempts())));
        log.info("delivery {} stays unresolved: {}", work.deliveryId(), away.getMessage());
      }
    }
  }

  private boolean resolve(Work work) throws CalcomUnavailable {
    Delivery delivery = ledger.read(work.deliveryId());
    ObjectNode body = SafeJson.object(delivery.body());
    Optional<CalcomFact> fact = CalcomMessages.webhook(work.calcomAccount(), body);
    if (fact.isEmpty()) {
      return chains.decide(
          chain -> {
            unresolved.done(chain, work.deliveryId());
            return true;
          });
    }
    Instant sentAt = CalcomMessages.sentAt(body, delivery.receivedAt());
    if (fold(delivery, sentAt, List.of(), fact.get())) {
      return true;
    }
    if (work.attempts() < 2) {
      return false;
    }
    List<CalcomFact> ancestors = ancestry.of(work.calcomAccount(), fact.get().link().uid());
    return !ancestors.isEmpty() && fold(delivery, sentAt, ancestors, fact.get());
  }

  /**
   * @param ancestors what Cal.com told of the chain, oldest first; with it an unknown chain is new
   */
  private boolean fold(
      Delivery delivery, Instant sentAt, List<CalcomFact> ancestors, CalcomFact fact) {
    return chains.decide(
        chain -> {
          for (CalcomFact ancestor : ancestors) {
            bookings.fold(chain, ancestor, Cause.CALCOM_WEBHOOK, true);
          }
          // Once Cal.com was asked, a seat that it does not show any more is one that was given up.
          List<BookingState> folded =
              bookings.fold(chain, fact, Cause.CALCOM_WEBHOOK, !ancestors.isEmpty());
          if (folded.isEmpty()) {
            return false;
          }
          if (fact.mayHideMore(folded)) {
            reconciliation.soon(chain, fact.calcomAccount());
          }
          List<UUID> events = chain.save(delivery.cause(Cause.CALCOM_WEBHOOK, sentAt));
          ledger.resolved(chain, delivery.id(), events);
          unresolved.done(chain, delivery.id());
          return true;
        });
  }

  private static Duration pause(int attempts) {
    Duration doubled = Duration.ofMillis(500).multipliedBy(1L << Math.min(attempts, 14));
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
