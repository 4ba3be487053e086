package io.callsync.gateway.retell;

import static java.util.stream.Collectors.toMap;

import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.DeliveryLedger.Outcome;
import io.callsync.gateway.intake.BoundedTag;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The one registry of functions an agent may call. */
@Component
class Functions {

  private final Map<String, AgentFunction> functions;
  private final Chains chains;
  private final DeliveryLedger ledger;
  private final MeterRegistry meters;
  private final Clock clock;
  private final BoundedTag unknown = new BoundedTag();

  Functions(
      List<AgentFunction> functions,
      Chains chains,
      DeliveryLedger ledger,
      MeterRegistry meters,
      Clock clock) {
    this.functions = functions.stream().collect(toMap(AgentFunction::name, f -> f));
    this.chains = chains;
    this.ledger = ledger;
    this.meters = meters;
    this.clock = clock;
  }

  FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    if (call.contradictsCallId()) {
      meters.counter("callsync.call.id.mismatch").increment();
    }
    if (call.retellCallId() == null) {
      meters.counter("callsync.call.missing").increment();
      keep(request, call);
      return FunctionAnswer.of(
              "call_missing", "Das ist im Moment leider nicht möglich. Wir melden uns bei Ihnen.")
          .with("hint", "switch off 'Payload: args only' for this function in Retell");
    }
    AgentFunction function = functions.get(call.name());
    if (function != null) {
      return function.answer(request, call);
    }
    meters.counter("callsync.function.unknown", "name", unknown.of(call.name())).increment();
    keep(request, call);
    return FunctionAnswer.of(
        "unknown_function",
        "Das kann ich leider nicht für Sie erledigen. Soll Sie jemand zurückrufen?");
  }

  private void keep(VerifiedRequest request, FunctionCall call) {
    chains.decide(
        chain -> {
          ledger.record(
              chain,
              new Delivery(
                  ledger.nextId(),
                  clock.instant(),
                  Delivery.RETELL,
                  "function:" + call.name(),
                  call.retellCallId(),
                  request.keepable(),
                  request.connection().name()),
              Outcome.KEPT_UNKNOWN,
              List.of(),
              null);
          return true;
        });
  }
}
