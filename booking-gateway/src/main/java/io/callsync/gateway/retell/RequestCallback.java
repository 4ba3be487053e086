package io.callsync.gateway.retell;

import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.customer.CallerNumber;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Somebody shall call back: an event, so that no caller leaves with nothing. */
@Component
class RequestCallback implements AgentFunction {

  private final Conversation conversation;

  RequestCallback(Conversation conversation) {
    this.conversation = conversation;
  }

  @Override
  public String name() {
    return "request_callback";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return conversation.answer(request, call, RequestCallback::queue);
  }

  /** Works for an unknown company and a hidden number, too. */
  static FunctionAnswer queue(Chain chain, Turn turn) {
    String language = turn.company().map(CompanyEntry::language).orElse("de");
    String name = turn.args().text("name");
    String from = turn.call().fromNumber();
    String phone = from == null ? CallerNumber.parse(turn.args().text("phone")) : from;
    CallState call = turn.call().withCallback(note(name, phone, turn.args().text("notes")));
    if (turn.company().isPresent() && call.customerId() == null) {
      long company = turn.company().get().id();
      String known = name == null || BookingArguments.isNoName(name) ? null : name;
      call = CallFolding.withCallbackCustomer(chain, call, company, known, phone);
    }
    chain.put(call);
    return FunctionAnswer.of("callback_queued", Sentences.in(language).callback());
  }

  private static String note(
      @Nullable String name, @Nullable String phone, @Nullable String reason) {
    return Stream.of(name, phone, reason)
        .filter(part -> part != null && !part.isBlank())
        .collect(Collectors.joining(", "));
  }
}
