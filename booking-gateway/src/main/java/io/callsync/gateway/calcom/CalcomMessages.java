package io.callsync.gateway.calcom;

import static io.callsync.gateway.intake.Fields.bool;
import static io.callsync.gateway.intake.Fields.number;
import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.booking.Absence;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.LinkMark;
import io.callsync.gateway.booking.LinkStatus;
import io.callsync.gateway.booking.Seat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads Cal.com's messages (webhook payloads of BOOKING and MEETING triggers, bookings of API v2
 * 2024-08-13). Missing and unknown fields are passed over. Pure.
 */
public final class CalcomMessages {

  /** Metadata keys that we put on a booking; all values are strings. */
  public static final String REQUEST_ID = "callsync_request_id";

  public static final String BOOKING_ID = "callsync_booking_id";
  public static final String CALL_ID = "call_id";

  private static final Set<String> FIRST =
      Set.of("BOOKING_CREATED", "BOOKING_REQUESTED", "BOOKING_PAYMENT_INITIATED");

  private CalcomMessages() {}

  /** Empty for triggers that say nothing about a booking we could fold, unknown ones included. */
  public static Optional<CalcomFact> webhook(String account, JsonNode body) {
    String trigger = Objects.requireNonNullElse(text(body, "triggerEvent"), "");
    JsonNode payload = body.path("payload");
    return switch (trigger) {
      case "BOOKING_CREATED", "BOOKING_RESCHEDULED" ->
          booking(account, trigger, payload, LinkStatus.ACCEPTED);
      // The payload of a booking that waits for its payment says ACCEPTED all the same.
      case "BOOKING_REQUESTED", "BOOKING_PAYMENT_INITIATED" ->
          booking(account, trigger, payload, LinkStatus.PENDING);
      case "BOOKING_CANCELLED" -> booking(account, trigger, payload, LinkStatus.CANCELLED);
      case "BOOKING_REJECTED" -> booking(account, trigger, payload, LinkStatus.REJECTED);
      case "BOOKING_PAID" -> booking(account, trigger, payload, status(text(payload, "status")));
      case "BOOKING_NO_SHOW_UPDATED" ->
          whole(account, text(payload, "bookingUid"), number(payload, "bookingId"))
              .map(fact -> absent(fact, payload, createdAt(body)));
      case "MEETING_STARTED" -> meeting(account, body);
      case "MEETING_ENDED" ->
          meeting(account, body).map(fact -> saying(fact, fact.link().marked(LinkMark.ENDED)));
      default -> Optional.empty();
    };
  }

  private static Optional<CalcomFact> booking(
      String account, String trigger, JsonNode payload, LinkStatus status) {
    String uid = text(payload, "uid");
    if (uid == null) {
      return Optional.empty();
    }
    String previous = text(payload, "rescheduleUid");
    String reason = text(payload, "cancellationReason");
    boolean paid = trigger.equals("BOOKING_PAID");
    List<Seat> people = people(payload, paid);
    @Nullable Seat one = people.isEmpty() ? null : people.getFirst();
    JsonNode organizer = payload.path("organizer");
    Link link =
        new Link(
            uid,
            status,
            number(payload, "bookingId"),
            previous,
            instant(payload, "rescheduleStartTime"),
            instant(payload, "startTime"),
            instant(payload, "endTime"),
            number(payload, "eventTypeId"),
            number(organizer, "id"),
            text(organizer, "email"),
            text(payload, "recurringEventId"),
            one == null ? null : one.name(),
            one == null ? null : one.email(),
            one == null ? null : one.phone(),
            reason == null ? text(payload, "rejectionReason") : reason,
            marks(payload, status, paid, people),
            new TreeMap<>(),
            new TreeSet<>());
    return Optional.of(
        new CalcomFact(
            account,
            link.expecting(addresses(people)),
            // With a payment Cal.com sends metadata of its own.
            paid ? null : requestId(payload.path("metadata")),
            FIRST.contains(trigger) && previous == null,
            people));
  }

  private static NavigableSet<LinkMark> marks(
      JsonNode payload, LinkStatus status, boolean paid, List<Seat> people) {
    var marks = new TreeSet<LinkMark>();
    if (paid) {
      marks.add(LinkMark.PAID);
    }
    if (status == LinkStatus.CANCELLED && asksToReschedule(payload)) {
      marks.add(LinkMark.RESCHEDULE_REQUESTED);
    }
    if (!payload.path("recurringEvent").isEmpty()
        || !payload.path("existingRecurringEvent").isEmpty()
        || text(payload, "recurringEventId") != null) {
      marks.add(LinkMark.RECURRING);
    }
    Long places = number(payload, "seatsPerTimeSlot");
    if ((places != null && places > 0) || people.stream().anyMatch(p -> p.seatUid() != null)) {
      marks.add(LinkMark.SEATED);
    }
    return marks;
  }

  /** Before January 2026 only the wording of the reason tells it from a real cancellation. */
  private static boolean asksToReschedule(JsonNode payload) {
    String reason = text(payload, "cancellationReason");
    return Boolean.TRUE.equals(bool(payload, "requestReschedule"))
        || (reason != null
            && reason.strip().toLowerCase(Locale.ROOT).startsWith("please reschedule"));
  }

  /**
   * The people whom a payload is about. A further attendee of a booking with seats is announced
   * with the reference of the new seat, among those who were there before.
   */
  private static List<Seat> people(JsonNode payload, boolean paid) {
    List<Seat> all =
        payload
            .path("attendees")
            .valueStream()
            .map(a -> seat(a, text(a.path("bookingSeat"), "referenceUid")))
            .toList();
    String joined = text(payload, "attendeeSeatId");
    String address =
        paid
            ? text(payload.path("metadata"), "bookerEmail")
            : text(payload.path("responses").path("email"), "value");
    Optional<Seat> one =
        all.stream()
            .filter(s -> joined != null && joined.equals(s.seatUid()))
            .findFirst()
            .or(
                () ->
                    all.stream()
                        .filter(s -> address != null && address.equalsIgnoreCase(s.email()))
                        .findFirst());
    if (joined == null || all.isEmpty()) {
      return paid ? one.map(List::of).orElse(all) : all;
    }
    Seat joining = one.orElse(all.getLast());
    return List.of(
        new Seat(joined, joining.name(), joining.email(), joining.phone(), joining.requestId()));
  }

  private static Seat seat(JsonNode attendee, @Nullable String seatUid) {
    return new Seat(
        seatUid,
        text(attendee, "name"),
        text(attendee, "email"),
        text(attendee, "phoneNumber"),
        requestId(attendee.path("metadata")));
  }

  private static List<String> addresses(List<Seat> people) {
    return people.stream().map(Seat::email).filter(Objects::nonNull).toList();
  }

  /**
   * The body is a picture of the booking as it was when it was made, flat or in an envelope: what
   * became of it since is not in there, so only its names are read, and what the trigger says.
   */
  private static Optional<CalcomFact> meeting(String account, JsonNode body) {
    JsonNode picture = isFlat(body) ? body : body.path("payload");
    Long id = number(picture, "id");
    return whole(account, text(picture, "uid"), id == null ? number(picture, "bookingId") : id);
  }

  private static boolean isFlat(JsonNode body) {
    return !body.path("payload").isObject();
  }

  private static CalcomFact absent(CalcomFact fact, JsonNode payload, Instant at) {
    NavigableMap<String, Absence> absences = new TreeMap<>();
    for (JsonNode attendee : payload.path("attendees")) {
      String email = text(attendee, "email");
      Boolean noShow = bool(attendee, "noShow");
      if (email != null && noShow != null) {
        absences.put(email, new Absence(noShow, at));
      }
    }
    return saying(fact, fact.link().marked(absences));
  }

  private static Optional<CalcomFact> whole(
      String account, @Nullable String uid, @Nullable Long calcomBookingId) {
    return Optional.ofNullable(uid)
        .map(
            known ->
                new CalcomFact(account, Link.of(known, calcomBookingId), null, false, List.of()));
  }

  private static CalcomFact saying(CalcomFact fact, Link link) {
    return new CalcomFact(fact.calcomAccount(), link, fact.requestId(), fact.first(), fact.seats());
  }

  /**
   * A booking as API v2 returns it, with all its seats, or with the one that the answer is about;
   * empty where it is none.
   */
  public static Optional<CalcomFact> booking(String account, JsonNode booking) {
    String uid = text(booking, "uid");
    if (uid == null) {
      return Optional.empty();
    }
    String ownSeat = text(booking, "seatUid");
    List<Seat> all =
        booking.path("attendees").valueStream().map(a -> seat(a, text(a, "seatUid"))).toList();
    List<Seat> own =
        all.stream().filter(s -> ownSeat != null && ownSeat.equals(s.seatUid())).toList();
    List<Seat> people = own.isEmpty() ? all : own;
    @Nullable Seat one = people.isEmpty() ? null : people.getFirst();
    JsonNode host = booking.path("hosts").path(0);
    Long eventType = number(booking.path("eventType"), "id");
    String series = text(booking, "recurringBookingUid");
    // Cal.com shows a booking that was moved as cancelled; what holds is the link it was moved to.
    LinkStatus status =
        text(booking, "rescheduledToUid") == null
            ? status(text(booking, "status"))
            : LinkStatus.ACCEPTED;
    var marks = new TreeSet<LinkMark>();
    if (series != null) {
      marks.add(LinkMark.RECURRING);
    }
    if (people.stream().anyMatch(s -> s.seatUid() != null)) {
      marks.add(LinkMark.SEATED);
    }
    Link link =
        new Link(
            uid,
            status,
            number(booking, "id"),
            text(booking, "rescheduledFromUid"),
            null,
            instant(booking, "start"),
            instant(booking, "end"),
            eventType == null ? number(booking, "eventTypeId") : eventType,
            number(host, "id"),
            text(host, "email"),
            series,
            one == null ? null : one.name(),
            one == null ? null : one.email(),
            one == null ? null : one.phone(),
            // On a live booking this field holds the reason of the reschedule, or an empty string.
            status == LinkStatus.CANCELLED ? text(booking, "cancellationReason") : null,
            marks,
            new TreeMap<>(),
            new TreeSet<>());
    return Optional.of(
        new CalcomFact(
            account,
            link.marked(absences(booking)).expecting(addresses(all)),
            requestId(booking.path("metadata")),
            link.previousUid() == null,
            people));
  }

  /** Cal.com does not know that uid any more: whoever deletes a booking sends no webhook. */
  public static CalcomFact vanished(String account, String uid) {
    return new CalcomFact(account, Link.gone(uid), null, false, List.of());
  }

  /** Cal.com does not say when somebody was marked, so the mark is as old as it can be. */
  private static Map<String, Absence> absences(JsonNode booking) {
    Instant at = instant(booking, "createdAt");
    NavigableMap<String, Absence> absences = new TreeMap<>();
    for (JsonNode attendee : booking.path("attendees")) {
      String email = text(attendee, "email");
      if (email != null && Boolean.TRUE.equals(bool(attendee, "absent"))) {
        absences.put(email, new Absence(true, at == null ? Instant.EPOCH : at));
      }
    }
    return absences;
  }

  /** The sender's time of a webhook; in a flat body that field is the age of the booking. */
  public static Instant sentAt(JsonNode body, Instant otherwise) {
    Instant createdAt = isFlat(body) ? null : instant(body, "createdAt");
    return createdAt == null ? otherwise : createdAt;
  }

  private static Instant createdAt(JsonNode body) {
    return sentAt(body, Instant.EPOCH);
  }

  private static LinkStatus status(@Nullable String word) {
    return switch (word == null ? "" : word.toLowerCase(Locale.ROOT)) {
      case "accepted" -> LinkStatus.ACCEPTED;
      case "pending" -> LinkStatus.PENDING;
      case "cancelled" -> LinkStatus.CANCELLED;
      case "rejected" -> LinkStatus.REJECTED;
      default -> LinkStatus.UNKNOWN;
    };
  }

  private static @Nullable UUID requestId(JsonNode metadata) {
    String value = text(metadata, REQUEST_ID);
    try {
      return value == null ? null : UUID.fromString(value);
    } catch (IllegalArgumentException notOurs) {
      return null;
    }
  }

  /** Three formats are in use: Z, .000Z and an offset. */
  static @Nullable Instant instant(JsonNode node, String field) {
    String value = text(node, field);
    try {
      return value == null ? null : OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}
