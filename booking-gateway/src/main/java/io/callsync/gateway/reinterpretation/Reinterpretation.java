package io.callsync.gateway.reinterpretation;

import io.callsync.gateway.calcom.CalcomWebhooks;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.retell.RetellWebhooks;
import io.callsync.outbox.OutboxMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Kept deliveries through today's mapping. Folding does not depend on order or repetition, so one
 * that was understood before changes nothing, and what was passed over or read wrongly becomes a
 * correction. What a function call was answered stays: a caller has heard it.
 */
@Component
class Reinterpretation {

  /** A delivery that means something else today, and the events that say so. */
  record Difference(Delivery delivery, List<OutboxMessage> events) {}

  /**
   * Some deliveries in the order of their ids.
   *
   * @param next the id to go on after; null at the end
   */
  record Page(int looked, List<Difference> differences, @Nullable Long next) {}

  private final DeliveryLedger ledger;
  private final Chains chains;
  private final CalcomWebhooks calcom;
  private final RetellWebhooks retell;
  private final Clock clock;

  Reinterpretation(
      DeliveryLedger ledger,
      Chains chains,
      CalcomWebhooks calcom,
      RetellWebhooks retell,
      Clock clock) {
    this.ledger = ledger;
    this.chains = chains;
    this.calcom = calcom;
    this.retell = retell;
    this.clock = clock;
  }

  /**
   * @param after an id of the page before, 0 for the first
   * @param dryRun each is looked at for itself, and nothing is changed
   */
  Page page(Instant from, Instant to, long after, int most, boolean dryRun) {
    List<Delivery> deliveries = ledger.receivedBetween(from, to, after, most);
    List<Difference> differences = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      List<OutboxMessage> events =
          dryRun
              ? chains.rehearse(chain -> corrections(chain, delivery))
              : chains.decide(chain -> corrections(chain, delivery));
      if (!events.isEmpty()) {
        differences.add(new Difference(delivery, events));
      }
    }
    return new Page(
        deliveries.size(),
        differences,
        deliveries.size() < most ? null : deliveries.getLast().id());
  }

  private List<OutboxMessage> corrections(Chain chain, Delivery delivery) {
    try {
      if (delivery.sender().equals(Delivery.CALCOM)) {
        calcom.interpret(chain, delivery);
      } else {
        retell.interpret(chain, delivery);
      }
    } catch (IntakeException unreadableThenAsNow) {
      return List.of();
    }
    List<UUID> events = chain.correct(delivery.cause(Cause.OPERATOR, clock.instant()));
    if (!events.isEmpty()) {
      ledger.corrected(chain, delivery.id(), events);
    }
    return chain.messages();
  }
}
