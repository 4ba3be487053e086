package io.callsync.gateway.retell;

import io.callsync.gateway.booking.Attendee;
import io.callsync.gateway.booking.BookingEvents;
import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingPlace;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.CallersBookings;
import io.callsync.gateway.booking.ChangeStore;
import io.callsync.gateway.booking.ContactRules;
import io.callsync.gateway.booking.Offers;
import io.callsync.gateway.booking.Offers.Offer;
import io.callsync.gateway.booking.Wish;
import io.callsync.gateway.booking.WishOutcome;
import io.callsync.gateway.booking.WishStore;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient.Order;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.calcom.CalcomOutcome;
import io.callsync.gateway.calcom.CalcomOutcome.Refusal;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceChoice;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.BookingArguments.AskBack;
import io.callsync.gateway.retell.BookingArguments.Complete;
import io.callsync.gateway.retell.Conversation.Turn;
import io.callsync.gateway.retell.FirstAnswers.Known;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The function that books: intent (commit), effect (Cal.com), outcome (commit). Between the commits
 * no transaction is open, since Cal.com may deliver its webhook before it answers.
 */
@Component
class BookAppointment implements AgentFunction {

  /**
   * When a wish without a recorded outcome is looked up: later than any answer could still come.
   */
  private static final Duration LOOK_UP_AFTER_BUDGET = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(40);

  /** What makes the wish a booking. */
  interface Effect {
    CalcomOutcome book(String calcomAccount, Order order, Duration budget);
  }

  /** What the intent's transaction decided. */
  private sealed interface Intent {
    record Told(FunctionAnswer answer) implements Intent {}

    /** The time is over; others are looked up to go with the question. */
    record Past(FunctionAnswer question, Turn turn, CompanyEntry company, ServiceEntry service)
        implements Intent {}

    record Known(UUID requestId) implements Intent {}

    record Open(
        BookingState booking,
        Turn turn,
        CompanyEntry company,
        ServiceEntry service,
        List<String> ignored)
        implements Intent {}
  }

  private final Conversation conversation;
  private final Chains chains;
  private final Directory directory;
  private final BookingPlace places;
  private final BookingFolding bookings;
  private final FirstAnswers firstAnswers;
  private final WishStore wishes;
  private final WishOutcome outcomes;
  private final Offers offers;
  private final Alternatives alternatives;
  private final CallersBookings callers;
  private final ChangeStore changes;
  private final CalcomAccounts calcom;
  private final FunctionProperties properties;
  private final Clock clock;

  BookAppointment(
      Conversation conversation,
      Chains chains,
      Directory directory,
      BookingPlace places,
      BookingFolding bookings,
      FirstAnswers firstAnswers,
      WishStore wishes,
      WishOutcome outcomes,
      Offers offers,
      Alternatives alternatives,
      CallersBookings callers,
      ChangeStore changes,
      CalcomAccounts calcom,
      FunctionProperties properties,
      Clock clock) {
    this.conversation = conversation;
    this.chains = chains;
    this.directory = directory;
    this.places = places;
    this.bookings = bookings;
    this.firstAnswers = firstAnswers;
    this.wishes = wishes;
    this.outcomes = outcomes;
    this.offers = offers;
    this.alternatives = alternatives;
    this.callers = callers;
    this.changes = changes;
    this.calcom = calcom;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "book_appointment";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    return answer(
        request,
        call,
        (account, order, budget) -> calcom.effect(account, client -> client.book(order, budget)));
  }

  /** As above, with another effect than a booking at Cal.com. */
  FunctionAnswer answer(VerifiedRequest request, FunctionCall call, Effect effect) {
    Instant deadline = clock.instant().plus(properties.budget());
    return switch (conversation.take(
        request, call, (chain, turn) -> intent(chain, turn, call), BookAppointment::note)) {
      case Intent.Told told -> told.answer();
      case Intent.Past past ->
          alternatives.next(past.turn(), past.company(), past.service()).apply(past.question());
      case Intent.Known known -> await(known.requestId(), call, deadline);
      case Intent.Open open -> book(open, call, deadline, effect);
    };
  }

  private static @Nullable String note(Intent intent) {
    return switch (intent) {
      case Intent.Told told -> told.answer().status();
      case Intent.Past past -> past.question().status();
      case Intent.Known known -> "wish:" + known.requestId();
      case Intent.Open open -> null;
    };
  }

  private Intent intent(Chain chain, Turn turn, FunctionCall call) {
    Optional<Known> known = firstAnswers.known(call);
    if (known.isPresent()) {
      return switch (known.get()) {
        case Known.Told told -> new Intent.Told(told.answer());
        case Known.Wished wished -> new Intent.Known(wished.requestId());
      };
    }
    Intent intent = decide(chain, turn, call);
    if (intent instanceof Intent.Told told) {
      firstAnswers.told(chain, call, told.answer());
    }
    return intent;
  }

  private Intent decide(Chain chain, Turn turn, FunctionCall call) {
    if (turn.company().isEmpty()) {
      return new Intent.Told(Turn.companyUnknown());
    }
    CompanyEntry company = turn.company().get();
    String retellCallId = turn.call().retellCallId();
    String offerId = turn.args().text("offer_id");
    Optional<Offer> offer = offerId == null ? Optional.empty() : offers.find(retellCallId, offerId);
    if (offerId != null && offer.isEmpty()) {
      return new Intent.Told(FunctionAnswer.askBack("date_unclear", company, List.of()));
    }
    return switch (BookingArguments.parse(
        turn.args(), company.zone(), turn.now(), offer.map(Offer::startsAt).orElse(null))) {
      case AskBack ask when turn.args().contradiction().isPresent() ->
          new Intent.Told(FunctionAnswer.contradiction(turn.args(), company));
      case AskBack ask -> ask(ask, turn, company);
      case Complete complete -> {
        Optional<Offer> meant =
            offer.isPresent()
                ? Optional.empty()
                : MisheardOffer.find(complete.start(), offers.last(retellCallId), company.zone());
        yield meant.isPresent()
            ? new Intent.Told(FunctionAnswer.misheard(meant.get(), company))
            : choose(chain, turn, call, company, complete, offer);
      }
    };
  }

  private Intent ask(AskBack ask, Turn turn, CompanyEntry company) {
    FunctionAnswer question =
        FunctionAnswer.askBack(ask.status(), company, List.of())
            .with("suggestion", Objects.toString(ask.suggestion(), null))
            .today(turn.now(), company);
    return ask.status().equals("time_past")
            && ServiceChoice.of(directory, company.id(), turn.args().text("service"))
                instanceof ServiceChoice.Chosen chosen
        ? new Intent.Past(question, turn, company, chosen.service())
        : new Intent.Told(question);
  }

  private Intent choose(
      Chain chain,
      Turn turn,
      FunctionCall call,
      CompanyEntry company,
      Complete wanted,
      Optional<Offer> offer) {
    String spoken = offer.map(taken -> String.valueOf(taken.serviceId())).orElse(wanted.service());
    return switch (ServiceChoice.of(directory, company.id(), spoken)) {
      case ServiceChoice.Ask ask ->
          new Intent.Told(FunctionAnswer.askBack(ask.status(), company, ask.offered()));
      case ServiceChoice.Chosen chosen -> {
        String staff = turn.args().text("staff");
        List<String> ignored = new ArrayList<>(wanted.ignored());
        if (staff != null) {
          if (!directory.hasStaff(company.id(), staff)) {
            yield new Intent.Told(
                FunctionAnswer.askBack("staff_unknown", company, List.of())
                    .with("staff", directory.staffNames(company.id())));
          }
          // Cal.com's booking call takes no host: the event type decides who it is.
          ignored.add("staff");
        }
        yield standing(chain, turn, company, chosen.service(), wanted)
            .<Intent>map(Intent.Told::new)
            .orElseGet(() -> wish(chain, call, turn, company, chosen.service(), wanted, ignored));
      }
    };
  }

  /** What the caller has already: the very same appointment, or one that this call just moved. */
  private Optional<FunctionAnswer> standing(
      Chain chain, Turn turn, CompanyEntry company, ServiceEntry service, Complete wanted) {
    List<BookingState> own =
        callers.standing(turn.call(), company.id(), turn.now()).stream()
            .filter(booking -> Objects.equals(booking.eventTypeId(), service.eventTypeId()))
            .toList();
    for (BookingState booking : own) {
      Attendee attendee = BookingEvents.attendee(booking, new ContactRules(null));
      Wish wish = booking.wish();
      boolean ofAnotherCall = wish == null || wish.callId() != turn.call().callId();
      if (ofAnotherCall
          && booking.status() == BookingStatus.CONFIRMED
          && wanted.start().equals(booking.startsAt())
          && wanted.name().equalsIgnoreCase(attendee.name())) {
        BookingState linked =
            chain.booking(booking.bookingId()).withFurtherCall(turn.call().callId());
        chain.put(linked);
        return Optional.of(
            FunctionAnswer.about(linked, company, Optional.of(service))
                .with("status", "already_booked"));
      }
    }
    boolean moved =
        own.stream().anyMatch(b -> changes.movedBy(turn.call().retellCallId(), b.bookingId()));
    return moved && !turn.args().consent()
        ? Optional.of(
            FunctionAnswer.of(
                    "confirmation_required",
                    Sentences.in(company.language())
                        .secondOne(Views.spoken(own, company, directory)))
                .with("appointments", Views.of(own, company, directory)))
        : Optional.empty();
  }

  private Intent wish(
      Chain chain,
      FunctionCall call,
      Turn turn,
      CompanyEntry company,
      ServiceEntry service,
      Complete wanted,
      List<String> ignored) {
    CallState state = turn.call();
    Instant now = turn.now();
    String from = state.fromNumber();
    Wish wish =
        new Wish(
            UUID.randomUUID(),
            state.callId(),
            state.retellCallId(),
            now,
            wanted.start(),
            wanted.start().plus(Duration.ofMinutes(service.durationMinutes())),
            service.eventTypeId(),
            wanted.name(),
            from == null ? wanted.phone() : from,
            wanted.email(),
            wanted.notes(),
            null,
            false);
    UUID bookingId = UUID.randomUUID();
    String intentKey = intentKey(wish, service);
    Instant lookUpAt = now.plus(properties.budget()).plus(LOOK_UP_AFTER_BUDGET);
    while (!wishes.open(wish, bookingId, service.calcomAccount(), intentKey, lookUpAt)) {
      // Whoever was first is committed by now; should its booking have fallen meanwhile, the wish
      // is free again.
      Optional<UUID> standing = wishes.standing(intentKey);
      if (standing.isPresent()) {
        firstAnswers.wished(chain, call, standing.get());
        return new Intent.Known(standing.get());
      }
    }
    firstAnswers.wished(chain, call, wish.requestId());
    BookingState booking =
        chain.newBooking(
            bookingId,
            service.calcomAccount(),
            Cause.RETELL_PHONE,
            company.timezone(),
            fresh -> fresh.with(wish));
    return new Intent.Open(
        bookings.settle(chain, places.place(chain, booking)), turn, company, service, ignored);
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
      Intent.Open open, FunctionCall call, Instant deadline, Effect effect) {
    Wish wish = Objects.requireNonNull(open.booking().wish());
    CalcomOutcome outcome =
        effect.book(open.booking().calcomAccount(), order(open, wish), left(deadline));
    UnaryOperator<FunctionAnswer> more =
        outcome instanceof Refused refused && refused.refusal() == Refusal.SLOT_TAKEN
            ? alternatives.to(
                open.turn(),
                open.company(),
                open.service(),
                wish.startsAt(),
                null,
                wish.requestId())
            : UnaryOperator.identity();
    return outcomes.record(
        open.booking().bookingId(),
        outcome,
        (chain, booking) ->
            firstAnswers.answered(
                chain,
                call,
                more.apply(
                        FunctionAnswer.about(booking, open.company(), Optional.of(open.service())))
                    .with("ignored", open.ignored().isEmpty() ? null : open.ignored())));
  }

  private static Order order(Intent.Open open, Wish wish) {
    ContactRules contacts = new ContactRules(open.company().fallbackEmail());
    return new Order(
        wish.eventTypeId(),
        wish.startsAt(),
        wish.name(),
        contacts.addressAtCalcom(wish.email(), wish.phone(), open.booking().bookingId()),
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

  /** How a wish stands, as soon as there is an answer to it. */
  FunctionAnswer await(UUID requestId, FunctionCall call) {
    return await(requestId, call, clock.instant().plus(properties.budget()));
  }

  /** The wish is another request's: its answer is the answer, as soon as there is one. */
  private FunctionAnswer await(UUID requestId, FunctionCall call, Instant deadline) {
    while (true) {
      // Before all else is read: what is read later is no older than the outcome.
      boolean settled = wishes.isSettled(requestId);
      if (firstAnswers.known(call).orElse(null) instanceof Known.Told first) {
        return first.answer();
      }
      BookingState booking = outcomes.read(requestId);
      Wish wish = booking.wish();
      if (settled || (wish != null && wish.inDoubt()) || !clock.instant().isBefore(deadline)) {
        CompanyEntry company =
            directory.company(Objects.requireNonNull(booking.companyId())).orElseThrow();
        FunctionAnswer answer =
            FunctionAnswer.about(
                booking,
                company,
                directory.serviceOf(
                    booking.calcomAccount(), wish == null ? null : wish.eventTypeId()));
        return chains.decide(chain -> firstAnswers.answered(chain, call, answer));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
