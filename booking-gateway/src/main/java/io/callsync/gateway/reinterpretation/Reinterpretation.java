package io.callsync.gateway.reinterpretation;

import io.callsync.gateway.calcom.CalcomWebhooks;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.EventView;
import io.callsync.gateway.intake.IntakeException;
import io.callsync.gateway.job.Job;
import io.callsync.gateway.job.JobKind;
import io.callsync.gateway.job.Jobs;
import io.callsync.gateway.retell.RetellWebhooks;
import io.callsync.outbox.OutboxMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kept deliveries through today's mapping. Folding does not depend on order or repetition, so one
 * that was understood before changes nothing, and what was passed over or read wrongly becomes a
 * correction. What a function call was answered stays: a caller has heard it.
 */
@Component
class Reinterpretation implements JobKind {

  static final String NAME = "reinterpret";

  /**
   * Which deliveries.
   *
   * @param from of what was received then or later
   * @param to and before that time
   */
  record Window(Instant from, Instant to) {}

  private static final int PAGE = 100;

  private final DeliveryLedger ledger;
  private final Chains chains;
  private final CalcomWebhooks calcom;
  private final RetellWebhooks retell;
  private final Jobs jobs;
  private final JsonMapper json;
  private final Clock clock;

  Reinterpretation(
      DeliveryLedger ledger,
      Chains chains,
      CalcomWebhooks calcom,
      RetellWebhooks retell,
      Jobs jobs,
      JsonMapper json,
      Clock clock) {
    this.ledger = ledger;
    this.chains = chains;
    this.calcom = calcom;
    this.retell = retell;
    this.jobs = jobs;
    this.json = json;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Work> work(Job job) {
    return Optional.of(this::page);
  }

  @Override
  public String outcome(Job job) {
    return "%d of %d deliveries corrected".formatted(job.differences(), job.progress().done());
  }

  private Page page(Job job) {
    Window window = json.treeToValue(job.wanted(), Window.class);
    List<Delivery> deliveries = ledger.receivedBetween(window.from(), window.to(), job.at(), PAGE);
    long done = job.progress().done();
    for (Delivery delivery : deliveries) {
      done++;
      if (job.applies()) {
        correct(job, delivery, done);
      } else {
        show(job, delivery, done);
      }
    }
    return deliveries.isEmpty()
        ? new Page(done, job.at(), false)
        : new Page(done, deliveries.getLast().id(), deliveries.size() == PAGE);
  }

  private void correct(Job job, Delivery delivery, long done) {
    chains.decide(
        chain -> {
          List<OutboxMessage> events = corrections(chain, delivery);
          if (!events.isEmpty()) {
            jobs.found(chain, job.id(), done, delivery.id(), difference(delivery, events));
          }
          return events;
        });
  }

  /** Each is looked at for itself, and nothing is changed. */
  private void show(Job job, Delivery delivery, long done) {
    List<OutboxMessage> events = chains.rehearse(chain -> corrections(chain, delivery));
    if (!events.isEmpty()) {
      chains.decide(
          chain -> {
            jobs.found(chain, job.id(), done, delivery.id(), difference(delivery, events));
            return events;
          });
    }
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

  private static Map<String, Object> difference(Delivery delivery, List<OutboxMessage> events) {
    return Map.of(
        "delivery", delivery.id(),
        "receivedAt", delivery.receivedAt().toString(),
        "kind", delivery.kind(),
        "events", events.stream().map(EventView::of).toList());
  }
}
