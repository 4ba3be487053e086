package io.callsync.localstack.calcom;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.localstack.calcom.Announcer.Change;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
    /** The host asks for another time, as it is told since January 2026. */
    RESCHEDULE_REQUESTED("BOOKING_CANCELLED"),
    /** As it was told before: by the wording of the reason only. */
    RESCHEDULE_REQUESTED_OLDER("BOOKING_CANCELLED"),
    REJECTED("BOOKING_REJECTED"),
    PAYMENT_INITIATED("BOOKING_PAYMENT_INITIATED"),
    PAID("BOOKING_PAID"),
    NO_SHOW("BOOKING_NO_SHOW_UPDATED"),
    NO_SHOW_UNDONE("BOOKING_NO_SHOW_UPDATED"),
    MEETING_STARTED("MEETING_STARTED"),
    MEETING_ENDED("MEETING_ENDED"),
    MEETING_STARTED_ENVELOPED("MEETING_STARTED"),
    MEETING_ENDED_ENVELOPED("MEETING_ENDED");

    private final String wireName;

    Trigger(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }

    /** The first word about a new booking, or a new seat, of that status and kind. */
    static Trigger ofNew(Booking booking, EventType type) {
      if (booking.status() != Booking.Status.PENDING) {
        return CREATED;
      }
      return type.cents() > 0 ? PAYMENT_INITIATED : REQUESTED;
    }

    private boolean cancels() {
      return this == CANCELLED
          || this == RESCHEDULE_REQUESTED
          || this == RESCHEDULE_REQUESTED_OLDER;
    }

    /** Which custom metadata Cal.com itself puts into this body, if it puts any object there. */
    private @Nullable Map<String, String> metadata(Map<String, String> custom) {
      return switch (this) {
        case CREATED, REQUESTED, RESCHEDULED_BY_API, PAYMENT_INITIATED -> custom;
        case CREATED_ON_CONFIRM, RESCHEDULED_ON_PAGE -> Map.of();
        default -> null;
      };
    }

    private DateTimeFormatter format() {
      return switch (this) {
        case CREATED, RESCHEDULED_BY_API, RESCHEDULED_ON_PAGE, PAYMENT_INITIATED -> SECONDS;
        case CANCELLED, RESCHEDULE_REQUESTED, RESCHEDULE_REQUESTED_OLDER -> OFFSET;
        default -> MILLIS;
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
   * @param mode whether metadata and the references of seats are in it: NEVER leaves out what a
   *     message may lack
   */
  static byte[] of(Change change, EventType type, Delivery.Metadata mode) {
    Booking booking = change.booking();
    return switch (change.trigger()) {
      case NO_SHOW -> noShow(booking, addressee(change), true);
      case NO_SHOW_UNDONE -> noShow(booking, addressee(change), false);
      case MEETING_STARTED, MEETING_ENDED -> {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("triggerEvent", change.trigger().wireName());
        body.putAll(picture(booking, type));
        yield JsonMapper.shared().writeValueAsBytes(body);
      }
      case MEETING_STARTED_ENVELOPED, MEETING_ENDED_ENVELOPED ->
          envelope(change.trigger().wireName(), picture(booking, type));
      default -> booking(change, type, mode);
    };
  }

  private static String addressee(Change change) {
    return change.seat() == null
        ? change.booking().attendee().email()
        : change.seat().attendee().email();
  }

  private static byte[] booking(Change change, EventType type, Delivery.Metadata mode) {
    Trigger trigger = change.trigger();
    Booking booking = change.booking();
    Booking previous = change.previous();
    Booking.Attendee attendee =
        change.seat() == null ? booking.attendee() : change.seat().attendee();
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
    payload.put("attendees", attendees(change, mode));
    payload.put("responses", responses(booking, attendee));
    payload.put("userFieldsResponses", Map.of());
    payload.put("location", "integrations:daily");
    if (!trigger.cancels() && trigger != Trigger.REJECTED) {
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
    payload.put("destinationCalendar", trigger.cancels() ? List.of() : null);
    payload.put("hideCalendarNotes", false);
    payload.put("hideCalendarEventDetails", false);
    payload.put("hideOrganizerEmail", false);
    payload.put("schedulingType", type.roundRobin() ? "ROUND_ROBIN" : null);
    payload.put("seatsPerTimeSlot", type.places() == 0 ? null : type.places());
    payload.put("seatsShowAttendees", false);
    payload.put("iCalUID", booking.icsUid());
    payload.put("iCalSequence", booking.icsSequence());
    payload.put("eventTypeId", type.id());
    payload.put("uid", booking.uid());
    payload.put("eventTitle", type.title());
    payload.put("eventDescription", "");
    payload.put("requiresConfirmation", type.requiresConfirmation());
    payload.put("price", type.cents());
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
    if (change.seat() != null && !trigger.cancels() && !isFirst(change)) {
      payload.put("attendeeSeatId", change.seat().uid());
    }
    // A cancellation of a series does not say that it is one.
    if (booking.series() != null && !trigger.cancels()) {
      payload.put(
          "recurringEvent", Map.of("freq", 2, "interval", 1, "count", booking.series().count()));
    }
    if (trigger.cancels()) {
      boolean older = trigger == Trigger.RESCHEDULE_REQUESTED_OLDER;
      payload.put(
          "cancellationReason",
          older
              ? "Please reschedule. " + booking.cancellationReason()
              : booking.cancellationReason());
      if (change.seat() == null) {
        payload.put("cancelledBy", booking.cancelledByEmail());
      }
      if (!older) {
        payload.put("requestReschedule", trigger == Trigger.RESCHEDULE_REQUESTED);
      }
    }
    if (trigger == Trigger.PAYMENT_INITIATED || trigger == Trigger.PAID) {
      payload.put("paymentId", booking.id() + 1_000_000);
    }
    if (trigger == Trigger.REJECTED) {
      payload.put("rejectionReason", booking.cancellationReason());
    }
    putMetadata(payload, change, mode);
    payload.put("status", status(change));
    return envelope(trigger.wireName(), payload);
  }

  /** Who joined first is announced as everybody is. */
  private static boolean isFirst(Change change) {
    return change.booking().seats().isEmpty()
        || change.booking().seats().getFirst().equals(change.seat());
  }

  private static String status(Change change) {
    return switch (change.trigger()) {
      // Although nobody has paid yet.
      case PAYMENT_INITIATED -> "ACCEPTED";
      case CANCELLED, RESCHEDULE_REQUESTED, RESCHEDULE_REQUESTED_OLDER -> "CANCELLED";
      default -> change.booking().status().name();
    };
  }

  /** All who share the booking; where one of them leaves, only that one. */
  private static List<Map<String, @Nullable Object>> attendees(
      Change change, Delivery.Metadata mode) {
    Booking booking = change.booking();
    if (booking.seats().isEmpty() && change.seat() == null) {
      return List.of(attendee(booking, booking.attendee()));
    }
    List<Booking.Seat> named =
        change.seat() != null && change.trigger().cancels()
            ? List.of(change.seat())
            : booking.seats();
    return named.stream()
        .map(
            seat -> {
              Map<String, @Nullable Object> view = attendee(booking, seat.attendee());
              if (change.trigger().cancels() && mode != Delivery.Metadata.NEVER) {
                view.put("bookingSeat", Map.of("referenceUid", seat.uid()));
              }
              return view;
            })
        .toList();
  }

  private static void putMetadata(
      Map<String, @Nullable Object> payload, Change change, Delivery.Metadata mode) {
    Trigger trigger = change.trigger();
    Booking booking = change.booking();
    Booking previous = change.previous();
    if (trigger == Trigger.PAID) {
      payload.put(
          "metadata",
          Map.of(
              "identifier", "cal.com",
              "bookingId", booking.id(),
              "eventTypeId", booking.eventTypeId(),
              "bookerEmail", addressee(change)));
      return;
    }
    Map<String, String> all = new LinkedHashMap<>(booking.metadata());
    if (change.seat() != null) {
      all.putAll(change.seat().metadata());
    }
    Map<String, String> custom =
        switch (mode) {
          case DOCUMENTED -> trigger.metadata(all);
          case ALWAYS -> all;
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

  static byte[] noShow(Booking booking, String email, boolean noShow) {
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("message", email + (noShow ? " marked as no-show" : " unmarked as no-show"));
    payload.put("bookingUid", booking.uid());
    payload.put("bookingId", booking.id());
    payload.put("attendees", List.of(Map.of("email", email, "noShow", noShow)));
    return envelope("BOOKING_NO_SHOW_UPDATED", payload);
  }

  /** The database's row as it was when the booking was made; nothing in it is ever refreshed. */
  private static Map<String, @Nullable Object> picture(Booking booking, EventType type) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", booking.id());
    row.put("uid", booking.uid());
    row.put("idempotencyKey", UUID.nameUUIDFromBytes(booking.uid().getBytes(UTF_8)).toString());
    row.put("userId", booking.hostId());
    row.put("userPrimaryEmail", type.host().email());
    row.put("eventTypeId", type.id());
    row.put("title", title(type, booking));
    row.put("responses", responses(booking, booking.attendee()));
    row.put("startTime", MILLIS.format(booking.start()));
    row.put("endTime", MILLIS.format(booking.end()));
    row.put("location", "integrations:daily");
    row.put("createdAt", MILLIS.format(booking.createdAt()));
    row.put("updatedAt", null);
    row.put("status", "ACCEPTED");
    row.put("paid", false);
    row.put("cancellationReason", null);
    row.put("rescheduled", null);
    row.put("fromReschedule", booking.rescheduledFromUid());
    row.put("recurringEventId", booking.series() == null ? null : booking.series().uid());
    row.put("metadata", booking.metadata());
    row.put("iCalUID", booking.icsUid());
    row.put("iCalSequence", 0);
    row.put("noShowHost", false);
    row.put("oneTimePassword", UUID.randomUUID().toString());
    row.put("creationSource", "API_V2");
    Map<String, @Nullable Object> attendee = new LinkedHashMap<>();
    attendee.put("id", booking.id() + 5_000);
    attendee.put("email", booking.attendee().email());
    attendee.put("name", booking.attendee().name());
    attendee.put("timeZone", booking.attendee().timeZone());
    attendee.put("phoneNumber", booking.attendee().phoneNumber());
    attendee.put("locale", booking.attendee().language());
    attendee.put("bookingId", booking.id());
    attendee.put("noShow", false);
    row.put("attendees", List.of(attendee));
    row.put("payment", List.of());
    row.put("references", List.of());
    return row;
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

  private static Map<String, @Nullable Object> attendee(
      Booking booking, Booking.Attendee attendee) {
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

  private static Map<String, Object> responses(Booking booking, Booking.Attendee attendee) {
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("name", response("your_name", attendee.name()));
    responses.put("email", response("email_address", attendee.email()));
    if (attendee.phoneNumber() != null) {
      responses.put("attendeePhoneNumber", response("phone_number", attendee.phoneNumber()));
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
