package io.callsync.gateway.calcom;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.WishStore;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.DeliveryLedger.Outcome;
import io.callsync.gateway.delivery.UnresolvedStore;
import io.callsync.gateway.intake.Fields;
import io.callsync.gateway.intake.SafeJson;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Takes a verified webhook: kept, and folded or left as work, in one commit. */
@Component
public class CalcomWebhooks {

  private final Chains chains;
  private final DeliveryLedger ledger;
  private final UnresolvedStore unresolved;
  private final BookingFolding bookings;
  private final WishStore wishes;
  private final ReconciliationWish reconciliation;
  private final Clock clock;

  CalcomWebhooks(
      Chains chains,
      DeliveryLedger ledger,
      UnresolvedStore unresolved,
      BookingFolding bookings,
      WishStore wishes,
      ReconciliationWish reconciliation,
      Clock clock) {
    this.chains = chains;
    this.ledger = ledger;
    this.unresolved = unresolved;
    this.bookings = bookings;
    this.wishes = wishes;
    this.reconciliation = reconciliation;
    this.clock = clock;
  }

  public Outcome accept(VerifiedWebhook webhook) {
    ObjectNode body = SafeJson.object(webhook.body());
    byte[] kept = SafeJson.keepable(webhook.body(), body);
    String trigger = Fields.text(body, "triggerEvent");
    Optional<CalcomFact> fact = CalcomMessages.webhook(webhook.account(), body);
    Instant receivedAt = clock.instant();
    return chains.decide(
        chain -> {
          Delivery delivery =
              new Delivery(
                  ledger.nextId(),
                  receivedAt,
                  Delivery.CALCOM,
                  trigger == null ? "" : trigger,
                  fact.map(f -> f.link().uid()).orElse(null),
                  kept,
                  webhook.account());
          if (fact.isEmpty()) {
            ledger.record(chain, delivery, Outcome.KEPT_UNKNOWN, List.of(), null);
            return Outcome.KEPT_UNKNOWN;
          }
          List<BookingState> folded = fold(chain, fact.get());
          if (folded.isEmpty()) {
            ledger.record(chain, delivery, Outcome.UNRESOLVED, List.of(), null);
            unresolved.add(chain, delivery.id(), fact.get(), receivedAt);
            return Outcome.UNRESOLVED;
          }
          if (fact.get().mayHideMore(folded)) {
            reconciliation.soon(chain, fact.get().calcomAccount());
          }
          List<UUID> events =
              chain.save(
                  delivery.cause(Cause.CALCOM_WEBHOOK, CalcomMessages.sentAt(body, receivedAt)));
          ledger.record(chain, delivery, Outcome.of(events), events, null);
          return Outcome.of(events);
        });
  }

  /**
   * Folds what was kept once more, as it is understood today; nothing where it still is not, or
   * where nobody knows which booking it is about.
   */
  public void interpret(Chain chain, Delivery delivery) {
    String account = delivery.connection();
    CalcomMessages.webhook(
            account == null ? Connection.DEFAULT : account, SafeJson.object(delivery.body()))
        .ifPresent(fact -> fold(chain, fact));
  }

  private List<BookingState> fold(Chain chain, CalcomFact fact) {
    return bookings.fold(chain, fact, Cause.CALCOM_WEBHOOK, fact.first() && !mayBeAnOpenWish(fact));
  }

  /**
   * A confirmation by the host carries no metadata: while a wish for that slot is open it may be
   * ours.
   */
  private boolean mayBeAnOpenWish(CalcomFact fact) {
    return wishes.anyOpen(fact.calcomAccount(), fact.link().eventTypeId(), fact.link().startsAt());
  }
}
