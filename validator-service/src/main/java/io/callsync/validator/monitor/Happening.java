package io.callsync.validator.monitor;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.ChainViolation;
import io.callsync.events.Meta;
import io.callsync.events.OperatorAction;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, without anything personal.
 *
 * @param at the sender's time
 * @param kind call, booking, violation, or operator
 * @param what the event's type, the violation's state and rule, or the operator's command
 * @param companyId null where it is not known
 * @param callId our id, null where no call is concerned
 * @param appointmentId null where no booking is concerned
 * @param source what told us of it; null of a violation
 * @param detail what people want to read first: a status, a time, a sentence
 * @param remedy the command that mends it; null where nothing is broken
 */
record Happening(
    Instant at,
    String kind,
    String what,
    @Nullable Long companyId,
    @Nullable Long callId,
    @Nullable Long appointmentId,
    @Nullable String source,
    String detail,
    @Nullable String remedy) {

  /** Empty for records that are nobody's news, such as the directory's. */
  static Optional<Happening> of(SpecificRecord said) {
    return switch (said) {
      case CallEvent event -> Optional.of(call(event.getMeta(), event.getCall()));
      case BookingEvent event -> Optional.of(booking(event.getMeta(), event.getBooking()));
      case ChainViolation violation -> Optional.of(violation(violation));
      case OperatorAction action -> Optional.of(action(action));
      default -> Optional.empty();
    };
  }

  private static Happening call(Meta meta, Call call) {
    return new Happening(
        meta.getReceivedAt(),
        "call",
        meta.getType(),
        call.getCompanyId(),
        call.getCallId(),
        null,
        meta.getSource(),
        call.getBookingConfirmed() ? call.getStatus() + ", booked" : call.getStatus(),
        null);
  }

  private static Happening booking(Meta meta, Booking booking) {
    Instant startsAt =
        booking.getStartsAt() == null ? booking.getWishedStart() : booking.getStartsAt();
    return new Happening(
        meta.getReceivedAt(),
        "booking",
        meta.getType(),
        booking.getCompanyId(),
        booking.getCallId(),
        booking.getAppointmentId(),
        meta.getSource(),
        startsAt == null ? booking.getStatus() : booking.getStatus() + ", " + startsAt,
        null);
  }

  private static Happening violation(ChainViolation violation) {
    boolean resolved = violation.getState().equals("RESOLVED");
    return new Happening(
        resolved && violation.getResolvedAt() != null
            ? violation.getResolvedAt()
            : violation.getLastSeen(),
        "violation",
        violation.getState() + ' ' + violation.getRule(),
        violation.getCompanyId(),
        violation.getCallId(),
        null,
        null,
        detail(violation),
        resolved ? null : violation.getRemedy());
  }

  /** A repair among others; who did it is in the audit. */
  private static Happening action(OperatorAction action) {
    return new Happening(
        action.getEndedAt(),
        "operator",
        action.getCommand(),
        null,
        null,
        null,
        null,
        "%s%s%s"
            .formatted(
                action.getSubject().isEmpty() ? "" : action.getSubject() + ": ",
                action.getOutcome(),
                action.getDetail().isEmpty() ? "" : ", " + action.getDetail()),
        null);
  }

  private static String detail(ChainViolation violation) {
    String repair = violation.getEvidence().get("repair");
    return repair == null
        ? violation.getMessage()
        : "%s Self-repair: %s".formatted(violation.getMessage(), repair);
  }
}
