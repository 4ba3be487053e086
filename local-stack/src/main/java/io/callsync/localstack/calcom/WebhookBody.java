package io.callsync.localstack.calcom;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of webhooks, with what each trigger has and lacks. */
final class WebhookBody {

  /** What caused a webhook, and therefore what its body says. */
  enum Trigger {
    CREATED("BOOKING_CREATED"),
    /** The same name where a host confirmed. */
    CREATED_ON_CONFIRM("BOOKING_CREATED"),
    REQUESTED("BOOKING_REQUESTED"),
    RESCHEDULED_BY_API("BOOKING_RESCHEDULED"),
    RESCHEDULED_ON_PAGE("BOOKING_RESCHEDULED"),
    CANCELLED("BOOKING_CANCELLED"),
    REJECTED("BOOKING_REJECTED");

    private final String wireName;

    Trigger(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }

    /** Which custom metadata Cal.com itself puts into this body, if it puts any object there. */
    private @Nullable Map<String, String> metadata(Booking booking) {
      return switch (this) {
        case CREATED, REQUESTED, RESCHEDULED_BY_API -> booking.metadata();
        case CREATED_ON_CONFIRM, RESCHEDULED_ON_PAGE -> Map.of();
        case CANCELLED, REJECTED -> null;
      };
    }

    private DateTimeFormatter format() {
      return switch (this) {
        case CREATED, RESCHEDULED_BY_API, RESCHEDULED_ON_PAGE -> SECONDS;
        case CANCELLED -> OFFSET;
        case REQUESTED, CREATED_ON_CONFIRM, REJECTED -> MILLIS;
      };
    }
  }

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);
  static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private WebhookBody() {}

  /**
   * @param previous the old link of the chain after a reschedule
   */
  static byte[] of(
      Trigger trigger,
      Booking booking,
      EventType type,
      @Nullable Booking previous,
      Delivery.Metadata mode) {
    DateTimeFormatter format = trigger.format();
    EventType.Host host = type.host();
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("bookerUrl", "https://cal.com");
    payload.put("type", type.slug());
    payload.put("title", title(type, booking));
    payload.put("customInputs", Map.of());
    payload.put("startTime", format.format(booking.start()));
    payload.put("endTime", format.format(booking.end()));
    payload.put("organizer", organizer(host, booking.start()));
    payload.put("attendees", List.of(attendee(booking)));
    payload.put("responses", responses(booking));
    payload.put("userFieldsResponses", Map.of());
    payload.put("location", "integrations:daily");
    if (trigger != Trigger.CANCELLED && trigger != Trigger.REJECTED) {
      payload.put(
          "videoCallData",
          Map.of(
              "type",
              "daily_video",
              "id",
              booking.uid(),
              "password",
              "",
              "url",
              videoUrl(booking)));
    }
    payload.put("destinationCalendar", trigger == Trigger.CANCELLED ? List.of() : null);
    payload.put("hideCalendarNotes", false);
    payload.put("hideCalendarEventDetails", false);
    payload.put("hideOrganizerEmail", false);
    payload.put("schedulingType", type.roundRobin() ? "ROUND_ROBIN" : null);
    payload.put("seatsPerTimeSlot", null);
    payload.put("seatsShowAttendees", false);
    payload.put("iCalUID", booking.icsUid());
    payload.put("iCalSequence", booking.icsSequence());
    payload.put("eventTypeId", type.id());
    payload.put("uid", booking.uid());
    payload.put("eventTitle", type.title());
    payload.put("eventDescription", "");
    payload.put("requiresConfirmation", type.requiresConfirmation());
    payload.put("price", 0);
    payload.put("currency", "usd");
    payload.put("length", type.lengthInMinutes());
    payload.put("bookingId", booking.id());
    if (previous != null) {
      payload.put("rescheduleId", previous.id());
      payload.put("rescheduleUid", previous.uid());
      payload.put("rescheduleStartTime", format.format(previous.start()));
      payload.put("rescheduleEndTime", format.format(previous.end()));
      payload.put("rescheduledBy", booking.rescheduledByEmail());
    }
    if (trigger == Trigger.CANCELLED) {
      payload.put("cancellationReason", booking.cancellationReason());
      payload.put("cancelledBy", booking.cancelledByEmail());
      payload.put("requestReschedule", false);
    }
    if (trigger == Trigger.REJECTED) {
      payload.put("rejectionReason", booking.cancellationReason());
    }
    putMetadata(payload, trigger, booking, previous, mode);
    payload.put("status", booking.status().name());
    return envelope(trigger.wireName(), payload);
  }

  private static void putMetadata(
      Map<String, @Nullable Object> payload,
      Trigger trigger,
      Booking booking,
      @Nullable Booking previous,
      Delivery.Metadata mode) {
    Map<String, String> custom =
        switch (mode) {
          case DOCUMENTED -> trigger.metadata(booking);
          case ALWAYS -> booking.metadata();
          case NEVER -> null;
        };
    if (custom == null) {
      return;
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    // The original's metadata is passed on with a reschedule by API, its old video address
    // included.
    metadata.put(
        "videoCallUrl",
        trigger == Trigger.RESCHEDULED_BY_API && previous != null
            ? videoUrl(previous)
            : videoUrl(booking));
    metadata.putAll(custom);
    payload.put("metadata", metadata);
  }

  /** What the button "Ping test" sends. */
  static byte[] ping() {
    String now = MILLIS.format(Instant.now());
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("type", "Test");
    payload.put("title", "Test trigger event");
    payload.put("startTime", now);
    payload.put("endTime", now);
    payload.put(
        "attendees",
        List.of(
            Map.of(
                "email",
                "jdoe@example.com",
                "name",
                "John Doe",
                "timeZone",
                "Europe/London",
                "language",
                Map.of("locale", "en"),
                "utcOffset",
                0)));
    payload.put(
        "organizer",
        Map.of(
            "name",
            "Cal",
            "email",
            "no-reply@cal.com",
            "timeZone",
            "Europe/London",
            "language",
            Map.of("locale", "en"),
            "utcOffset",
            0));
    return envelope("PING", payload);
  }

  static byte[] noShow(Booking booking, boolean noShow) {
    String email = booking.attendee().email();
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("message", email + (noShow ? " marked as no-show" : " unmarked as no-show"));
    payload.put("bookingUid", booking.uid());
    payload.put("bookingId", booking.id());
    payload.put("attendees", List.of(Map.of("email", email, "noShow", noShow)));
    return envelope("BOOKING_NO_SHOW_UPDATED", payload);
  }

  private static byte[] envelope(String trigger, Map<String, @Nullable Object> payload) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("triggerEvent", trigger);
    body.put("createdAt", MILLIS.format(Instant.now().truncatedTo(ChronoUnit.MILLIS)));
    body.put("payload", payload);
    return JsonMapper.shared().writeValueAsBytes(body);
  }

  static String videoUrl(Booking booking) {
    return "https://app.cal.com/video/" + booking.uid();
  }

  static String title(EventType type, Booking booking) {
    return "%s between %s and %s"
        .formatted(type.title(), type.host().name(), booking.attendee().name());
  }

  private static Map<String, Object> organizer(EventType.Host host, Instant at) {
    Map<String, Object> organizer = new LinkedHashMap<>();
    organizer.put("id", host.id());
    organizer.put("name", host.name());
    organizer.put("email", host.email());
    organizer.put("username", host.username());
    organizer.put("timeZone", Bookings.ZONE.getId());
    organizer.put("language", Map.of("locale", "de"));
    organizer.put("timeFormat", "H:mm");
    organizer.put("utcOffset", offsetMinutes(Bookings.ZONE, at));
    return organizer;
  }

  private static Map<String, @Nullable Object> attendee(Booking booking) {
    Booking.Attendee attendee = booking.attendee();
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("name", attendee.name());
    view.put("email", attendee.email());
    view.put("timeZone", attendee.timeZone());
    view.put("language", Map.of("locale", attendee.language()));
    if (attendee.phoneNumber() != null) {
      view.put("phoneNumber", attendee.phoneNumber());
    }
    view.put("utcOffset", offsetMinutes(ZoneId.of(attendee.timeZone()), booking.start()));
    return view;
  }

  private static Map<String, Object> responses(Booking booking) {
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("name", response("your_name", booking.attendee().name()));
    responses.put("email", response("email_address", booking.attendee().email()));
    if (booking.attendee().phoneNumber() != null) {
      responses.put(
          "attendeePhoneNumber", response("phone_number", booking.attendee().phoneNumber()));
    }
    booking.responses().forEach((slug, value) -> responses.put(slug, response(slug, value)));
    return responses;
  }

  private static Map<String, Object> response(String label, Object value) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("label", label);
    response.put("value", value);
    response.put("isHidden", false);
    return response;
  }

  private static int offsetMinutes(ZoneId zone, Instant at) {
    return zone.getRules().getOffset(at).getTotalSeconds() / 60;
  }
}
