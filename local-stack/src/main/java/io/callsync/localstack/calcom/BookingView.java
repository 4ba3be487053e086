package io.callsync.localstack.calcom;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A booking as API v2 shows it, version 2024-08-13. */
final class BookingView {

  private BookingView() {}

  static Map<String, @Nullable Object> of(Booking booking, EventType type) {
    return of(booking, type, null);
  }

  /**
   * @param own the seat that was asked for, null where there was none
   */
  static Map<String, @Nullable Object> of(
      Booking booking, EventType type, Booking.@Nullable Seat own) {
    EventType.Host host = type.host();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("id", booking.id());
    view.put("uid", booking.uid());
    view.put("title", WebhookBody.title(type, booking));
    view.put("description", booking.responses().getOrDefault("notes", ""));
    view.put(
        "hosts",
        List.of(
            Map.of(
                "id",
                host.id(),
                "name",
                host.name(),
                "email",
                host.email(),
                "username",
                host.username(),
                "timeZone",
                Bookings.ZONE.getId())));
    view.put("status", booking.status().name().toLowerCase(Locale.ROOT));
    view.put("cancellationReason", orEmpty(booking.cancellationReason()));
    view.put("cancelledByEmail", orEmpty(booking.cancelledByEmail()));
    putPresent(view, "reschedulingReason", booking.reschedulingReason());
    putPresent(view, "rescheduledByEmail", booking.rescheduledByEmail());
    putPresent(view, "rescheduledFromUid", booking.rescheduledFromUid());
    putPresent(view, "rescheduledToUid", booking.rescheduledToUid());
    view.put("start", WebhookBody.MILLIS.format(booking.start()));
    view.put("end", WebhookBody.MILLIS.format(booking.end()));
    view.put("duration", Duration.between(booking.start(), booking.end()).toMinutes());
    view.put("eventTypeId", type.id());
    view.put("eventType", Map.of("id", type.id(), "slug", type.slug()));
    view.put("meetingUrl", WebhookBody.videoUrl(booking));
    view.put("location", WebhookBody.videoUrl(booking));
    view.put("absentHost", false);
    view.put("createdAt", WebhookBody.MILLIS.format(booking.createdAt()));
    view.put(
        "updatedAt",
        booking.updatedAt() == null ? null : WebhookBody.MILLIS.format(booking.updatedAt()));
    // With seats everybody has metadata of their own.
    if (booking.seats().isEmpty()) {
      view.put("metadata", booking.metadata());
    }
    putPresent(
        view, "recurringBookingUid", booking.series() == null ? null : booking.series().uid());
    putPresent(view, "seatUid", own == null ? null : own.uid());
    view.put("rating", null);
    view.put("icsUid", booking.icsUid());
    view.put("attendees", attendees(booking));
    view.put("guests", booking.guests());
    view.put("bookingFieldsResponses", responses(booking));
    return view;
  }

  private static List<Map<String, @Nullable Object>> attendees(Booking booking) {
    if (booking.seats().isEmpty()) {
      return List.of(attendee(booking, booking.attendee()));
    }
    return booking.seats().stream()
        .map(
            seat -> {
              Map<String, @Nullable Object> view = attendee(booking, seat.attendee());
              view.put("seatUid", seat.uid());
              view.put("metadata", seat.metadata());
              return view;
            })
        .toList();
  }

  private static Map<String, @Nullable Object> attendee(
      Booking booking, Booking.Attendee attendee) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", attendee.name());
    view.put("email", attendee.email());
    view.put("timeZone", attendee.timeZone());
    view.put("language", attendee.language());
    view.put("absent", booking.absent().contains(attendee.email()));
    putPresent(view, "phoneNumber", attendee.phoneNumber());
    return view;
  }

  private static Map<String, Object> responses(Booking booking) {
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("name", booking.attendee().name());
    responses.put("email", booking.attendee().email());
    responses.putAll(booking.responses());
    if (booking.attendee().phoneNumber() != null) {
      responses.put("attendeePhoneNumber", booking.attendee().phoneNumber());
    }
    return responses;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static void putPresent(
      Map<String, @Nullable Object> view, String name, @Nullable String value) {
    if (value != null) {
      view.put(name, value);
    }
  }
}
