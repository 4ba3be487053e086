package io.callsync.gateway.retell;

import io.callsync.gateway.call.CallFacts;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.call.CallSource;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.delivery.Delivery;
import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.delivery.DeliveryLedger.Outcome;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes what was said during a call: the call's facts are folded and the delivery is kept, in the
 * one commit of the decision that follows from it.
 */
@Component
class Conversation {

  /**
   * Where the call stands.
   *
   * @param company empty where the directory does not know it
   */
  record Turn(CallState call, Optional<CompanyEntry> company, Arguments args, Instant now) {

    /** The answer where nobody knows whose line was called. */
    static FunctionAnswer companyUnknown() {
      return FunctionAnswer.of(
          "company_unknown", Sentences.DE.askBack("company_unknown", List.of()));
    }
  }

  /** What a function call means, decided in its transaction. */
  interface Decision<T> {
    T decide(Chain chain, Turn turn);
  }

  private final Chains chains;
  private final DeliveryLedger ledger;
  private final CallFolding calls;
  private final Directory directory;
  private final Clock clock;

  Conversation(
      Chains chains, DeliveryLedger ledger, CallFolding calls, Directory directory, Clock clock) {
    this.chains = chains;
    this.ledger = ledger;
    this.calls = calls;
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * @param note what the ledger keeps of the decision
   */
  <T> T take(
      VerifiedRequest request,
      FunctionCall call,
      Decision<T> decision,
      Function<T, @Nullable String> note) {
    return chains.decide(
        chain -> {
          Instant now = clock.instant();
          String retellCallId = Objects.requireNonNull(call.retellCallId());
          Delivery delivery =
              new Delivery(
                  ledger.nextId(),
                  now,
                  Delivery.RETELL,
                  "function:" + call.name(),
                  retellCallId,
                  request.keepable(),
                  request.connection().name());
          CallState state =
              calls.fold(
                  chain,
                  request.connection(),
                  retellCallId,
                  CallSource.FUNCTION,
                  CallFacts.of(call.call()));
          T decided =
              decision.decide(
                  chain,
                  new Turn(
                      state,
                      Optional.ofNullable(state.companyId()).flatMap(directory::company),
                      new Arguments(call.args()),
                      now));
          List<UUID> events = chain.save(delivery.cause(Cause.RETELL_PHONE, now));
          ledger.record(chain, delivery, Outcome.of(events), events, note.apply(decided));
          return decided;
        });
  }

  /** Where the company's data is the answer. */
  FunctionAnswer inCompany(
      VerifiedRequest request,
      FunctionCall call,
      BiFunction<Turn, CompanyEntry, FunctionAnswer> answer) {
    return answer(
        request,
        call,
        (chain, turn) ->
            turn.company()
                .map(company -> answer.apply(turn, company))
                .orElseGet(Turn::companyUnknown));
  }

  /** Where the decision is the answer. */
  FunctionAnswer answer(
      VerifiedRequest request, FunctionCall call, Decision<FunctionAnswer> decision) {
    return take(request, call, decision, FunctionAnswer::status);
  }

  /** Where only a look is needed: the call's state, kept. */
  Turn turn(VerifiedRequest request, FunctionCall call) {
    return take(request, call, (chain, turn) -> turn, turn -> null);
  }
}
