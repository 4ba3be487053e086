package io.callsync.gateway.retell;

import io.callsync.gateway.call.CallFacts;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.call.CallSource;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.DeliveryLedger.Outcome;
import io.callsync.gateway.intake.Fields;
import io.callsync.gateway.intake.SafeJson;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/** Takes a verified lifecycle event: kept and folded in one commit. Never makes a booking. */
@Component
public class RetellWebhooks {

  private static final Map<String, CallSource> EVENTS =
      Map.of(
          "call_started", CallSource.STARTED,
          "call_ended", CallSource.ENDED,
          "call_analyzed", CallSource.ANALYZED);

  private final Chains chains;
  private final DeliveryLedger ledger;
  private final CallFolding calls;
  private final Connections connections;
  private final Clock clock;

  RetellWebhooks(
      Chains chains,
      DeliveryLedger ledger,
      CallFolding calls,
      Connections connections,
      Clock clock) {
    this.chains = chains;
    this.ledger = ledger;
    this.calls = calls;
    this.connections = connections;
    this.clock = clock;
  }

  Outcome accept(VerifiedRequest request) {
    ObjectNode body = request.json();
    byte[] kept = request.keepable();
    String event = Fields.text(body, "event");
    String callId = Fields.text(body.path("call"), "call_id");
    CallSource source = event == null ? null : EVENTS.get(event);
    Instant receivedAt = clock.instant();
    return chains.decide(
        chain -> {
          Delivery delivery =
              new Delivery(
                  ledger.nextId(),
                  receivedAt,
                  Delivery.RETELL,
                  event == null ? "" : event,
                  callId,
                  kept,
                  request.connection().name());
          if (source == null || callId == null) {
            ledger.record(chain, delivery, Outcome.KEPT_UNKNOWN, List.of(), null);
            return Outcome.KEPT_UNKNOWN;
          }
          CallFacts facts = CallFacts.of(body.path("call"));
          calls.fold(chain, request.connection(), callId, source, facts);
          List<UUID> events =
              chain.save(delivery.cause(Cause.RETELL_PHONE, occurredAt(source, facts, receivedAt)));
          ledger.record(chain, delivery, Outcome.of(events), events, null);
          return Outcome.of(events);
        });
  }

  /** Folds what was kept once more, as it is understood today; nothing where it still is not. */
  public void interpret(Chain chain, Delivery delivery) {
    CallSource source = EVENTS.get(delivery.kind());
    String callId = delivery.subject();
    if (source == null || callId == null) {
      return;
    }
    String known = delivery.connection();
    String connection = known == null ? chain.call(callId).connection() : known;
    if (connections.has(connection)) {
      CallFacts facts = CallFacts.of(SafeJson.object(delivery.body()).path("call"));
      calls.fold(chain, connections.named(connection), callId, source, facts);
    }
  }

  private static Instant occurredAt(CallSource source, CallFacts facts, Instant otherwise) {
    Instant said = source == CallSource.STARTED ? facts.startedAt() : facts.endedAt();
    return said == null ? otherwise : said;
  }
}
