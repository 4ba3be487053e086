package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingPlace;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.ContactRules;
import io.callsync.gateway.booking.Wish;
import io.callsync.gateway.booking.WishOutcome;
import io.callsync.gateway.booking.WishStore;
import io.callsync.gateway.booking.WishStore.ToolCall;
import io.callsync.gateway.calcom.CalcomClient;
import io.callsync.gateway.calcom.CalcomClient.Order;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.calcom.CalcomOutcome;
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
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.intake.SafeJson;
import io.callsync.gateway.retell.BookingArguments.AskBack;
import io.callsync.gateway.retell.BookingArguments.Complete;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The function that books: intent (commit), effect (Cal.com), outcome (commit). Between the commits
 * no transaction is open, since Cal.com may deliver its webhook before it answers.
 */
@Component
class BookAppointment {

  /**
   * When a wish without a recorded outcome is looked up: later than any answer could still come.
   */
  private static final Duration LOOK_UP_AFTER_BUDGET = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(40);

  /** What the intent's transaction decided. */
  private sealed interface Intent {
    record Told(FunctionAnswer answer) implements Intent {}

    record Known(UUID requestId) implements Intent {}

    record Open(BookingState booking, CompanyEntry company, ServiceEntry service)
        implements Intent {}
  }

  private final Chains chains;
  private final DeliveryLedger ledger;
  private final CallFolding calls;
  private final Directory directory;
  private final BookingPlace places;
  private final BookingFolding bookings;
  private final WishStore wishes;
  private final WishOutcome outcomes;
  private final BiFunction<Order, Duration, CalcomOutcome> calcom;
  private final RetellProperties properties;
  private final JsonMapper json;
  private final Clock clock;

  @Autowired
  BookAppointment(
      Chains chains,
      DeliveryLedger ledger,
      CallFolding calls,
      Directory directory,
      BookingPlace places,
      BookingFolding bookings,
      WishStore wishes,
      WishOutcome outcomes,
      CalcomClient calcom,
      RetellProperties properties,
      JsonMapper json,
      Clock clock) {
    this(
        chains,
        ledger,
        calls,
        directory,
        places,
        bookings,
        wishes,
        outcomes,
        calcom::book,
        properties,
        json,
        clock);
  }

  private BookAppointment(
      Chains chains,
      DeliveryLedger ledger,
      CallFolding calls,
      Directory directory,
      BookingPlace places,
      BookingFolding bookings,
      WishStore wishes,
      WishOutcome outcomes,
      BiFunction<Order, Duration, CalcomOutcome> calcom,
      RetellProperties properties,
      JsonMapper json,
      Clock clock) {
    this.chains = chains;
    this.ledger = ledger;
    this.calls = calls;
    this.directory = directory;
    this.places = places;
    this.bookings = bookings;
    this.wishes = wishes;
    this.outcomes = outcomes;
    this.calcom = calcom;
    this.properties = properties;
    this.json = json;
    this.clock = clock;
  }

  /** The same, booking elsewhere than at Cal.com. */
  BookAppointment booking(BiFunction<Order, Duration, CalcomOutcome> elsewhere) {
    return new BookAppointment(
        chains,
        ledger,
        calls,
        directory,
        places,
        bookings,
        wishes,
        outcomes,
        elsewhere,
        properties,
        json,
        clock);
  }

  FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    Instant deadline = clock.instant().plus(properties.functionBudget());
    String retellCallId = Objects.requireNonNull(call.retellCallId());
    return switch (chains.decide(chain -> intent(chain, request, call, retellCallId))) {
      case Intent.Told told -> told.answer();
      case Intent.Known known -> await(known.requestId(), retellCallId, call, deadline);
      case Intent.Open open -> book(open, retellCallId, call, deadline);
    };
  }

  private Intent intent(
      Chain chain, VerifiedRequest request, FunctionCall call, String retellCallId) {
    Instant now = clock.instant();
    Delivery delivery =
        new Delivery(
            ledger.nextId(),
            now,
            Delivery.RETELL,
            "function:" + call.name(),
            retellCallId,
            SafeJson.keepable(request.body(), SafeJson.object(request.body())));
    CallState state =
        calls.fold(chain, retellCallId, CallSource.FUNCTION, CallFacts.of(call.call()));
    Intent intent = decide(chain, call, state, now);
    List<UUID> events = chain.save(delivery.cause(Cause.RETELL_PHONE, now));
    ledger.record(chain, delivery, Outcome.of(events), events, note(intent));
    if (intent instanceof Intent.Told told && call.toolCallId() != null) {
      wishes.answerAtOnce(chain, retellCallId, call.toolCallId(), written(told.answer()));
    }
    return intent;
  }

  private static @Nullable String note(Intent intent) {
    return switch (intent) {
      case Intent.Told told -> String.valueOf(told.answer().fields().get("status"));
      case Intent.Known known -> "wish:" + known.requestId();
      case Intent.Open open -> null;
    };
  }

  private Intent decide(Chain chain, FunctionCall call, CallState state, Instant now) {
    if (call.toolCallId() != null) {
      Optional<ToolCall> seen = wishes.toolCall(state.retellCallId(), call.toolCallId());
      if (seen.isPresent()) {
        String answer = seen.get().answer();
        return answer == null
            ? new Intent.Known(Objects.requireNonNull(seen.get().requestId()))
            : new Intent.Told(read(answer));
      }
    }
    Long companyId = state.companyId();
    Optional<CompanyEntry> company =
        companyId == null ? Optional.empty() : directory.company(companyId);
    if (company.isEmpty()) {
      return new Intent.Told(
          FunctionAnswer.of("company_unknown", Sentences.DE.askBack("company_unknown", List.of())));
    }
    return switch (BookingArguments.parse(call.args(), company.get().zone(), now)) {
      case AskBack ask ->
          new Intent.Told(FunctionAnswer.askBack(ask.status(), company.get(), List.of()));
      case Complete complete -> wish(chain, call, state, company.get(), complete, now);
    };
  }

  private Intent wish(
      Chain chain,
      FunctionCall call,
      CallState state,
      CompanyEntry company,
      Complete wanted,
      Instant now) {
    List<ServiceEntry> offered = directory.services(company.id());
    Optional<ServiceEntry> service =
        wanted.service() == null
            ? offered.stream().findFirst().filter(only -> offered.size() == 1)
            : directory.service(company.id(), wanted.service());
    if (service.isEmpty()) {
      return new Intent.Told(
          FunctionAnswer.askBack(
              wanted.service() == null ? "service_required" : "service_unknown",
              company,
              offered.stream().map(ServiceEntry::name).toList()));
    }
    String from = state.fromNumber();
    Wish wish =
        new Wish(
            UUID.randomUUID(),
            state.callId(),
            state.retellCallId(),
            now,
            wanted.start(),
            wanted.start().plus(Duration.ofMinutes(service.get().durationMinutes())),
            service.get().eventTypeId(),
            wanted.name(),
            from == null ? wanted.phone() : from,
            wanted.email(),
            wanted.notes(),
            null,
            false);
    UUID bookingId = UUID.randomUUID();
    String intentKey = intentKey(wish, service.get());
    Instant lookUpAt = now.plus(properties.functionBudget()).plus(LOOK_UP_AFTER_BUDGET);
    while (!wishes.open(wish, bookingId, service.get().calcomAccount(), intentKey, lookUpAt)) {
      // Whoever was first is committed by now; should its booking have fallen meanwhile, the wish
      // is free again.
      Optional<UUID> standing = wishes.standing(intentKey);
      if (standing.isPresent()) {
        bind(chain, state, call, standing.get());
        return new Intent.Known(standing.get());
      }
    }
    bind(chain, state, call, wish.requestId());
    BookingState booking =
        chain.newBooking(
            bookingId,
            service.get().calcomAccount(),
            Cause.RETELL_PHONE,
            company.timezone(),
            fresh -> fresh.with(wish));
    return new Intent.Open(
        bookings.settle(chain, places.place(chain, booking)), company, service.get());
  }

  private void bind(Chain chain, CallState state, FunctionCall call, UUID requestId) {
    if (call.toolCallId() != null) {
      wishes.bind(chain, state.retellCallId(), call.toolCallId(), requestId);
    }
  }

  /** Same call, same attendee, same service, same start: the same wish. */
  private static String intentKey(Wish wish, ServiceEntry service) {
    return String.join(
        "|",
        wish.retellCallId(),
        wish.name().strip().toLowerCase(Locale.GERMAN),
        String.valueOf(service.id()),
        wish.startsAt().toString());
  }

  private FunctionAnswer book(
      Intent.Open open, String retellCallId, FunctionCall call, Instant deadline) {
    Wish wish = Objects.requireNonNull(open.booking().wish());
    return outcomes.record(
        open.booking().bookingId(),
        calcom.apply(order(open, wish), left(deadline)),
        (chain, booking) ->
            told(
                chain,
                FunctionAnswer.about(booking, open.company(), Optional.of(open.service())),
                retellCallId,
                call));
  }

  private FunctionAnswer told(
      Chain chain, FunctionAnswer answer, String retellCallId, FunctionCall call) {
    if (call.toolCallId() != null) {
      wishes.keepAnswer(chain, retellCallId, call.toolCallId(), written(answer));
    }
    return answer;
  }

  private String written(FunctionAnswer answer) {
    return json.writeValueAsString(answer.fields());
  }

  private FunctionAnswer read(String written) {
    return new FunctionAnswer(json.readValue(written, FunctionAnswer.FIELDS));
  }

  private static Order order(Intent.Open open, Wish wish) {
    ContactRules contacts = new ContactRules(open.company().fallbackEmail());
    String own = contacts.realEmail(wish.email());
    String email =
        own != null || wish.phone() != null
            ? own
            : ContactRules.placeholder(open.booking().bookingId());
    return new Order(
        wish.eventTypeId(),
        wish.startsAt(),
        wish.name(),
        email,
        wish.phone(),
        open.company().timezone(),
        open.company().language(),
        wish.notes(),
        Map.of(
            CalcomMessages.REQUEST_ID, wish.requestId().toString(),
            CalcomMessages.BOOKING_ID, open.booking().bookingId().toString(),
            CalcomMessages.CALL_ID, wish.retellCallId()));
  }

  private Duration left(Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    return left.compareTo(Duration.ofMillis(500)) < 0 ? Duration.ofMillis(500) : left;
  }

  /** The wish is another request's: its answer is the answer, as soon as there is one. */
  private FunctionAnswer await(
      UUID requestId, String retellCallId, FunctionCall call, Instant deadline) {
    while (true) {
      Optional<String> first =
          call.toolCallId() == null
              ? Optional.empty()
              : wishes.toolCall(retellCallId, call.toolCallId()).map(ToolCall::answer);
      if (first.isPresent()) {
        return read(first.get());
      }
      BookingState booking = outcomes.read(requestId);
      Wish wish = booking.wish();
      boolean settled = wishes.isSettled(requestId);
      if (settled || (wish != null && wish.inDoubt()) || !clock.instant().isBefore(deadline)) {
        CompanyEntry company =
            directory.company(Objects.requireNonNull(booking.companyId())).orElseThrow();
        FunctionAnswer answer =
            FunctionAnswer.about(
                booking,
                company,
                directory.serviceOf(
                    booking.calcomAccount(), wish == null ? null : wish.eventTypeId()));
        return chains.decide(chain -> told(chain, answer, retellCallId, call));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
