package io.callsync.gateway.calcom;

import static io.callsync.gateway.intake.Fields.number;
import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.LinkStatus;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads Cal.com's messages (webhook payloads of BOOKING triggers, bookings of API v2 2024-08-13).
 * Missing and unknown fields are passed over. Pure.
 */
public final class CalcomMessages {

  /** Metadata keys that we put on a booking; all values are strings. */
  public static final String REQUEST_ID = "callsync_request_id";

  public static final String BOOKING_ID = "callsync_booking_id";
  public static final String CALL_ID = "call_id";

  private static final Set<String> FIRST = Set.of("BOOKING_CREATED", "BOOKING_REQUESTED");

  private CalcomMessages() {}

  /** Empty for triggers that say nothing about a booking we could fold, unknown ones included. */
  public static Optional<CalcomFact> webhook(String account, JsonNode body) {
    String trigger = text(body, "triggerEvent");
    JsonNode payload = body.path("payload");
    String uid = text(payload, "uid");
    if (trigger == null || uid == null) {
      return Optional.empty();
    }
    LinkStatus status =
        switch (trigger) {
          case "BOOKING_CREATED", "BOOKING_RESCHEDULED" -> LinkStatus.ACCEPTED;
          case "BOOKING_REQUESTED" -> LinkStatus.PENDING;
          case "BOOKING_CANCELLED" -> LinkStatus.CANCELLED;
          case "BOOKING_REJECTED" -> LinkStatus.REJECTED;
          default -> null;
        };
    if (status == null) {
      return Optional.empty();
    }
    JsonNode attendee = payload.path("attendees").path(0);
    JsonNode organizer = payload.path("organizer");
    String previous = text(payload, "rescheduleUid");
    String reason = text(payload, "cancellationReason");
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
            null,
            text(attendee, "name"),
            text(attendee, "email"),
            text(attendee, "phoneNumber"),
            reason == null ? text(payload, "rejectionReason") : reason);
    return Optional.of(
        new CalcomFact(
            account,
            link,
            requestId(payload.path("metadata")),
            FIRST.contains(trigger) && previous == null));
  }

  /** A booking as API v2 returns it; empty where it is none. */
  public static Optional<CalcomFact> booking(String account, JsonNode booking) {
    String uid = text(booking, "uid");
    if (uid == null) {
      return Optional.empty();
    }
    JsonNode attendee = booking.path("attendees").path(0);
    JsonNode host = booking.path("hosts").path(0);
    Long eventType = number(booking.path("eventType"), "id");
    // Cal.com shows a booking that was moved as cancelled; what holds is the link it was moved to.
    LinkStatus status =
        text(booking, "rescheduledToUid") == null
            ? status(text(booking, "status"))
            : LinkStatus.ACCEPTED;
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
            text(booking, "recurringBookingUid"),
            text(attendee, "name"),
            text(attendee, "email"),
            text(attendee, "phoneNumber"),
            // On a live booking this field holds the reason of the reschedule, or an empty string.
            status == LinkStatus.CANCELLED ? text(booking, "cancellationReason") : null);
    return Optional.of(
        new CalcomFact(
            account, link, requestId(booking.path("metadata")), link.previousUid() == null));
  }

  /** Cal.com does not know that uid any more: whoever deletes a booking sends no webhook. */
  public static CalcomFact vanished(String account, String uid) {
    return new CalcomFact(account, Link.gone(uid), null, false);
  }

  /** The sender's time of a webhook. */
  public static Instant sentAt(JsonNode body, Instant otherwise) {
    Instant createdAt = instant(body, "createdAt");
    return createdAt == null ? otherwise : createdAt;
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
