package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.CallersBookings;
import io.callsync.gateway.booking.ChangeOutcome;
import io.callsync.gateway.booking.ChangeStore;
import io.callsync.gateway.booking.ChangeStore.Change;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomOutcome;
import io.callsync.gateway.calcom.CalcomOutcome.InDoubt;
import io.callsync.gateway.calcom.CalcomOutcome.Refusal;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import io.callsync.gateway.retell.FirstAnswers.Known;
import io.callsync.gateway.spoken.Moment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Moves or cancels one of the caller's own appointments: intent (commit), effect (Cal.com), outcome
 * (commit), as booking does.
 */
@Component
class ChangeAppointment {

  private static final Duration LOOK_UP_AFTER_BUDGET = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(40);
  private static final String REASON = "cancelled by telephone";

  /** What is to become of the appointment. */
  private sealed interface Wanted {
    record Moved(Instant start) implements Wanted {}

    record Cancelled() implements Wanted {}
  }

  private sealed interface Intent {
    record Told(FunctionAnswer answer) implements Intent {}

    record Known(Change change, CompanyEntry company) implements Intent {}

    record Open(
        Change change,
        String calcomAccount,
        Turn turn,
        CompanyEntry company,
        @Nullable ServiceEntry service)
        implements Intent {}
  }

  private final Conversation conversation;
  private final CallersBookings callers;
  private final ChangeStore changes;
  private final ChangeOutcome outcomes;
  private final FirstAnswers firstAnswers;
  private final Alternatives alternatives;
  private final Directory directory;
  private final Chains chains;
  private final CalcomAccounts calcom;
  private final FunctionProperties properties;
  private final Clock clock;

  ChangeAppointment(
      Conversation conversation,
      CallersBookings callers,
      ChangeStore changes,
      ChangeOutcome outcomes,
      FirstAnswers firstAnswers,
      Alternatives alternatives,
      Directory directory,
      Chains chains,
      CalcomAccounts calcom,
      FunctionProperties properties,
      Clock clock) {
    this.conversation = conversation;
    this.callers = callers;
    this.changes = changes;
    this.outcomes = outcomes;
    this.firstAnswers = firstAnswers;
    this.alternatives = alternatives;
    this.directory = directory;
    this.chains = chains;
    this.calcom = calcom;
    this.properties = properties;
    this.clock = clock;
  }

  FunctionAnswer cancel(VerifiedRequest request, FunctionCall call) {
    return change(request, call, false);
  }

  FunctionAnswer reschedule(VerifiedRequest request, FunctionCall call) {
    return change(request, call, true);
  }

  private FunctionAnswer change(VerifiedRequest request, FunctionCall call, boolean move) {
    Instant deadline = clock.instant().plus(properties.budget());
    return switch (conversation.take(
        request, call, (chain, turn) -> intent(chain, turn, call, move), ChangeAppointment::note)) {
      case Intent.Told told -> told.answer();
      case Intent.Known known -> await(known, call, deadline);
      case Intent.Open open -> send(open, call, deadline);
    };
  }

  private static @Nullable String note(Intent intent) {
    return switch (intent) {
      case Intent.Told told -> told.answer().status();
      case Intent.Known known -> "wish:" + known.change().requestId();
      case Intent.Open open -> "wish:" + open.change().requestId();
    };
  }

  private Intent intent(Chain chain, Turn turn, FunctionCall call, boolean move) {
    if (turn.company().isEmpty()) {
      return new Intent.Told(RequestCallback.queue(chain, turn));
    }
    CompanyEntry company = turn.company().get();
    Optional<Known> known = firstAnswers.known(call);
    if (known.isPresent()) {
      return switch (known.get()) {
        case Known.Told told -> new Intent.Told(told.answer());
        case Known.Wished wished ->
            new Intent.Known(changes.ofRequest(wished.requestId()).orElseThrow(), company);
      };
    }
    Intent intent = decide(chain, turn, call, company, move);
    if (intent instanceof Intent.Told told) {
      firstAnswers.told(chain, call, told.answer());
    }
    return intent;
  }

  private Intent decide(
      Chain chain, Turn turn, FunctionCall call, CompanyEntry company, boolean move) {
    if (turn.args().contradiction().isPresent()) {
      return new Intent.Told(FunctionAnswer.contradiction(turn.args(), company));
    }
    OwnAppointment own =
        OwnAppointment.find(
            callers.standing(turn.call(), company.id(), turn.now()),
            turn.args(),
            move ? "old_" : "",
            company.zone(),
            turn.now());
    return switch (own) {
      case OwnAppointment.None none -> new Intent.Told(nobody(chain, turn, company));
      case OwnAppointment.Several several ->
          new Intent.Told(
              FunctionAnswer.of(
                      "appointment_ambiguous",
                      Sentences.in(company.language())
                          .which(Views.spoken(several.bookings(), company, directory)))
                  .with("appointments", Views.of(several.bookings(), company, directory)));
      case OwnAppointment.One one ->
          move
              ? newStart(chain, turn, call, company, one.booking())
              : open(chain, turn, call, company, one.booking(), new Wanted.Cancelled());
    };
  }

  /** Whoever hides his number can only be called back. */
  private static FunctionAnswer nobody(Chain chain, Turn turn, CompanyEntry company) {
    return turn.call().fromNumber() == null
        ? RequestCallback.queue(chain, turn)
        : FunctionAnswer.of(
            "appointment_not_found", Sentences.in(company.language()).noAppointments());
  }

  private Intent newStart(
      Chain chain, Turn turn, FunctionCall call, CompanyEntry company, BookingState booking) {
    Moment moment = turn.args().moment("new_", company.zone(), turn.now());
    if (moment instanceof Moment.Ask ask && ask.status().equals("date_required")) {
      // Some agents name the new time as if it were the only one.
      moment = turn.args().moment("", company.zone(), turn.now());
    }
    return switch (moment) {
      case Moment.Exact exact ->
          open(chain, turn, call, company, booking, new Wanted.Moved(exact.instant()));
      case Moment.OnDay day ->
          new Intent.Told(FunctionAnswer.askBack("time_required", company, List.of()));
      case Moment.Ask ask ->
          new Intent.Told(
              FunctionAnswer.askBack(ask.status(), company, List.of())
                  .with("suggestion", Objects.toString(ask.suggestion(), null))
                  .today(turn.now(), company));
    };
  }

  private Intent open(
      Chain chain,
      Turn turn,
      FunctionCall call,
      CompanyEntry company,
      BookingState booking,
      Wanted wanted) {
    Optional<String> uid = booking.current().map(Link::uid);
    Instant start = wanted instanceof Wanted.Moved moved ? moved.start() : null;
    if (uid.isEmpty()) {
      // Cal.com has not answered to the booking itself yet.
      return new Intent.Told(
          FunctionAnswer.of("in_doubt", Sentences.in(company.language()).inDoubt()));
    }
    if (start != null && start.equals(booking.startsAt())) {
      return new Intent.Told(changed(booking, company, true));
    }
    Change change =
        new Change(
            UUID.randomUUID(),
            booking.bookingId(),
            turn.call().callId(),
            turn.call().retellCallId(),
            uid.get(),
            start,
            turn.now());
    Instant lookUpAt = turn.now().plus(properties.budget()).plus(LOOK_UP_AFTER_BUDGET);
    if (!changes.open(change, lookUpAt)) {
      return new Intent.Known(change, company);
    }
    firstAnswers.wished(chain, call, change.requestId());
    ServiceEntry service =
        directory.serviceOf(booking.calcomAccount(), booking.eventTypeId()).orElse(null);
    return new Intent.Open(change, booking.calcomAccount(), turn, company, service);
  }

  private FunctionAnswer send(Intent.Open open, FunctionCall call, Instant deadline) {
    Change change = open.change();
    Duration left = Duration.between(clock.instant(), deadline);
    Instant start = change.startsAt();
    CalcomOutcome sent =
        calcom.effect(
            open.calcomAccount(),
            client ->
                start == null
                    ? client.cancel(change.uid(), REASON, left)
                    : client.reschedule(change.uid(), start, left));
    CalcomOutcome outcome = isDone(sent) ? looked(change) : sent;
    UnaryOperator<FunctionAnswer> more =
        start != null
                && open.service() != null
                && outcome instanceof Refused refused
                && refused.refusal() == Refusal.SLOT_TAKEN
            ? alternatives.to(
                open.turn(),
                open.company(),
                open.service(),
                start,
                change.uid(),
                change.requestId())
            : UnaryOperator.identity();
    return outcomes.record(
        change,
        outcome,
        (chain, booking) ->
            firstAnswers.answered(
                chain, call, more.apply(answer(change, outcome, booking, open.company()))));
  }

  private static boolean isDone(CalcomOutcome outcome) {
    return outcome instanceof Refused refused && refused.refusal() == Refusal.ALREADY_DONE;
  }

  private CalcomOutcome looked(Change change) {
    try {
      return outcomes.look(change);
    } catch (CalcomUnavailable away) {
      return new InDoubt("it was done before, and Cal.com does not say how");
    }
  }

  private FunctionAnswer answer(
      Change change, CalcomOutcome outcome, BookingState booking, CompanyEntry company) {
    Sentences say = Sentences.in(company.language());
    if (happened(change, booking)) {
      return changed(booking, company, change.startsAt() != null);
    }
    if (outcome instanceof Refused refused) {
      return switch (refused.refusal()) {
        case SLOT_TAKEN -> FunctionAnswer.of("slot_taken", say.slotTaken());
        case OUT_OF_WINDOW -> FunctionAnswer.of("out_of_window", say.outOfWindow());
        default -> FunctionAnswer.of("try_later", say.tryLater());
      };
    }
    return FunctionAnswer.of("in_doubt", say.changeInDoubt())
        .with("appointment_id", booking.appointmentId());
  }

  private static boolean happened(Change change, BookingState booking) {
    return change.startsAt() == null
        ? booking.status() == BookingStatus.CANCELLED
        : change.startsAt().equals(booking.startsAt());
  }

  private FunctionAnswer changed(BookingState booking, CompanyEntry company, boolean moved) {
    Sentences say = Sentences.in(company.language());
    Instant start = Objects.requireNonNull(booking.startsAt());
    String when = say.spoken(start.atZone(company.zone()));
    FunctionAnswer answer =
        moved
            ? FunctionAnswer.of("rescheduled", say.moved(when))
            : FunctionAnswer.of("cancelled", say.cancelled(when));
    return answer
        .with("appointment_id", booking.appointmentId())
        .with("booking_id", booking.bookingId().toString())
        .with("calcom_uid", booking.current().map(Link::uid).orElse(null))
        .with("start", start.atZone(company.zone()).toOffsetDateTime().toString())
        .with("timezone", company.timezone())
        .with("service", Views.service(booking, directory));
  }

  /** Another request changes that appointment: what becomes of it is the answer. */
  private FunctionAnswer await(Intent.Known known, FunctionCall call, Instant deadline) {
    Change change = known.change();
    while (changes.anyOpen(change.bookingId()) && clock.instant().isBefore(deadline)) {
      LockSupport.parkNanos(POLL.toNanos());
    }
    FunctionAnswer answer =
        answer(
            change,
            new InDoubt("another request"),
            chains.read(change.bookingId()),
            known.company());
    return chains.decide(chain -> firstAnswers.answered(chain, call, answer));
  }
}
