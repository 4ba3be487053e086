package io.callsync.gateway.booking;

import io.callsync.events.Booking;
import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Personal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the world is told of a booking: the whole state, and the word for what changed. Pure. */
public final class BookingEvents {

  /** From these a booking comes back only by a new link, or by a mark that is taken back. */
  private static final Set<String> OVER =
      Set.of(
          BookingStatus.CANCELLED.word(),
          BookingStatus.COMPLETED.word(),
          BookingStatus.NO_SHOW.word());

  private BookingEvents() {}

  /** The event's type, empty where nothing that people can see has changed. */
  public static Optional<String> type(@Nullable Booking before, Booking after) {
    if (after.equals(before)) {
      return Optional.empty();
    }
    if (after.getAliasOf() != null
        || (before != null && after.getAliases().size() > before.getAliases().size())) {
      return Optional.of(EventTypes.BOOKING_IDENTIFIED);
    }
    if (before == null || !before.getStatus().equals(after.getStatus())) {
      return Optional.of(
          typeOf(
              BookingStatus.valueOf(after.getStatus().toUpperCase(java.util.Locale.ROOT)),
              before,
              after));
    }
    boolean moved =
        before.getCalcomUid() != null
            && !before.getCalcomUid().equals(after.getCalcomUid())
            && !Objects.equals(before.getStartsAt(), after.getStartsAt());
    return Optional.of(moved ? EventTypes.BOOKING_RESCHEDULED : EventTypes.BOOKING_CORRECTED);
  }

  private static String typeOf(BookingStatus status, @Nullable Booking before, Booking after) {
    return switch (status) {
      case REQUESTED -> EventTypes.BOOKING_REQUESTED;
      // Without Cal.com's word, as one that Cal.com has yet to confirm.
      case PENDING, SCHEDULED -> EventTypes.BOOKING_PENDING;
      case CONFIRMED ->
          before == null || !OVER.contains(before.getStatus())
              ? EventTypes.BOOKING_CONFIRMED
              : Objects.equals(before.getCalcomUid(), after.getCalcomUid())
                  // The host took the mark of absence back.
                  ? EventTypes.BOOKING_CORRECTED
                  : EventTypes.BOOKING_RESCHEDULED;
      case DECLINED -> EventTypes.BOOKING_DECLINED;
      case FAILED -> EventTypes.BOOKING_FAILED;
      case CANCELLED -> EventTypes.BOOKING_CANCELLED;
      case COMPLETED -> EventTypes.BOOKING_COMPLETED;
      case NO_SHOW -> EventTypes.BOOKING_NO_SHOW;
      case ALIASED -> EventTypes.BOOKING_IDENTIFIED;
    };
  }

  public static Booking snapshot(BookingState state, ContactRules contacts, Pseudonyms pseudonyms) {
    Optional<Link> current = state.current();
    Wish wish = state.wish();
    Attendee attendee = attendee(state, contacts);
    Map<String, Object> personal = new HashMap<>();
    putPresent(personal, "name", attendee.name());
    putPresent(personal, "phone", attendee.phone());
    putPresent(personal, "email", attendee.email());
    PredecessorBooking imported = state.predecessor();
    putPresent(personal, "notes", wish == null ? null : wish.notes());
    putPresent(
        personal,
        "cancellation_reason",
        current.map(Link::reason).orElse(imported == null ? null : imported.reason()));
    Map<String, String> metadata = new HashMap<>();
    current.map(Link::hostId).ifPresent(id -> metadata.put("calcom_host_id", id.toString()));
    current.filter(link -> link.is(LinkMark.PAID)).ifPresent(paid -> metadata.put("paid", "true"));
    current
        .filter(link -> link.is(LinkMark.RESCHEDULE_REQUESTED))
        .ifPresent(asked -> metadata.put("reschedule_requested", "true"));
    // The caller was told no before: the validator watches that it does not stay.
    current
        .filter(link -> state.refusal() != null)
        .ifPresent(late -> metadata.put("late_booking", "true"));
    return Booking.newBuilder()
        .setBookingId(state.bookingId().toString())
        .setAppointmentId(state.appointmentId())
        .setAliasOf(state.aliasOf() == null ? null : state.aliasOf().toString())
        .setAliases(state.aliases().stream().map(Object::toString).toList())
        .setCalcomAccount(state.calcomAccount())
        .setCalcomBookingId(state.calcomBookingId())
        .setCalcomUid(current.map(Link::uid).orElse(null))
        .setSeatUid(Objects.requireNonNullElse(state.seatUid(), ""))
        .setRecurringUid(current.map(Link::recurringUid).orElse(null))
        .setUidChain(state.uidChain())
        .setCallId(state.callId())
        .setRetellCallId(state.retellCallId())
        .setFurtherCallIds(List.copyOf(state.furtherCallIds()))
        .setCustomerId(state.customerId())
        .setCompanyId(state.companyId())
        .setBranchId(state.branchId())
        .setServiceId(state.serviceId())
        .setStaffId(state.staffId())
        .setEventTypeId(state.eventTypeId())
        .setStartsAt(state.startsAt())
        .setEndsAt(state.endsAt())
        .setTimezone(state.timezone())
        .setStatus(state.status().word())
        .setSource(state.source())
        .setRequestId(wish == null ? null : wish.requestId().toString())
        .setRequestedAt(wish == null ? null : wish.requestedAt())
        .setWishedStart(wish == null ? null : wish.startsAt())
        .setInDoubt(wish != null && wish.inDoubt())
        .setFailureReason(wish == null || current.isPresent() ? null : wish.failureReason())
        .setPreviousStartsAt(previousStart(state, current).orElse(null))
        .setAttendee(Personal.seal(personal))
        .setPhoneHash(pseudonyms.of(attendee.phone()))
        .setEmailHash(pseudonyms.of(attendee.email()))
        .setMetadata(metadata)
        .build();
  }

  /**
   * The attendee as booked: what the caller said first, what Cal.com holds where the caller said
   * nothing.
   */
  public static Attendee attendee(BookingState state, ContactRules contacts) {
    Wish wish = state.wish();
    if (wish != null) {
      return new Attendee(wish.name(), wish.phone(), contacts.realEmail(wish.email()));
    }
    Optional<Link> link = state.current();
    Optional<Attendee> imported =
        Optional.ofNullable(state.predecessor()).map(PredecessorBooking::attendee);
    return new Attendee(
        link.map(Link::attendeeName).or(() -> imported.map(Attendee::name)).orElse(null),
        contacts.realPhone(
            link.map(Link::attendeePhone).or(() -> imported.map(Attendee::phone)).orElse(null)),
        contacts.realEmail(
            link.map(Link::attendeeEmail).or(() -> imported.map(Attendee::email)).orElse(null)));
  }

  private static Optional<Instant> previousStart(BookingState state, Optional<Link> current) {
    Optional<Instant> imported =
        Optional.ofNullable(state.predecessor()).map(PredecessorBooking::previousStartsAt);
    return current
        .filter(link -> link.previousUid() != null)
        .flatMap(
            link -> {
              Link previous = state.links().get(link.previousUid());
              return Optional.ofNullable(
                  previous != null && previous.startsAt() != null
                      ? previous.startsAt()
                      : link.previousStartsAt());
            })
        .or(() -> imported);
  }

  private static void putPresent(Map<String, Object> target, String name, @Nullable Object value) {
    if (value != null) {
      target.put(name, value);
    }
  }
}
