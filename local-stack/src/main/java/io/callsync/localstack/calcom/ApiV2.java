package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Announcer.Change;
import io.callsync.localstack.calcom.Booking.Status;
import io.callsync.localstack.calcom.WebhookBody.Trigger;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Cal.com's API v2 under /v2, as far as a gateway uses it. */
final class ApiV2 {

  private static final String BOOKINGS_VERSION = "2024-08-13";

  /** What a request wants: the names that faults and the request log use. */
  private record Route(String operation, String uid, boolean needsKey) {}

  private final String apiKey;
  private final Bookings bookings;
  private final Announcer announcer;
  private final Timings timings;
  private final Faults faults;
  private final RateLimit rateLimit;
  private final RequestLog requests;
  private final Clock clock;

  ApiV2(
      String apiKey,
      Bookings bookings,
      Announcer announcer,
      Timings timings,
      Faults faults,
      RateLimit rateLimit,
      RequestLog requests,
      Clock clock) {
    this.apiKey = apiKey;
    this.bookings = bookings;
    this.announcer = announcer;
    this.timings = timings;
    this.faults = faults;
    this.rateLimit = rateLimit;
    this.requests = requests;
    this.clock = clock;
  }

  Reply handle(Request request) {
    Route route = route(request);
    Reply reply = answered(request, route);
    requests.add(route.operation(), request, reply);
    return reply;
  }

  private Reply answered(Request request, Route route) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Request-Id", UUID.randomUUID().toString());
    try {
      headers.putAll(rateLimit.admit(request.header("authorization").orElse("nobody")));
      Fault fault = faults.strike(route.operation()).orElse(null);
      if (fault != null && !fault.afterwards()) {
        Optional<Reply> instead = suffer(fault, request, headers);
        if (instead.isPresent()) {
          return instead.get();
        }
      }
      requireKey(request, route);
      return perform(request, route, headers, fault != null && fault.afterwards() ? fault : null);
    } catch (ApiError e) {
      return e.reply(request.uri().getPath(), headers);
    }
  }

  private static Route route(Request request) {
    List<String> path = request.path();
    String method = request.method();
    String second = path.size() > 1 ? path.get(1) : "";
    String uid = path.size() > 2 ? path.get(2) : "";
    String action = path.size() > 3 ? path.get(3) : "";
    return switch (second + " " + method + " " + (path.size() - 2)) {
      case "bookings POST 0" -> new Route("create", "", false);
      case "bookings GET 0" -> new Route("list", "", true);
      case "bookings GET 1" -> new Route("get", uid, false);
      case "bookings POST 2" ->
          switch (action) {
            case "reschedule", "cancel" -> new Route(action, uid, false);
            case "confirm", "decline", "mark-absent" -> new Route(action, uid, true);
            default -> new Route("unknown", "", false);
          };
      case "slots GET 0" -> new Route("slots", "", false);
      case "event-types GET 1" -> new Route("event-type", uid, true);
      default -> new Route("unknown", "", false);
    };
  }

  private void requireKey(Request request, Route route) {
    Optional<String> given = request.header("authorization");
    if (given.isEmpty() && !route.needsKey()) {
      return;
    }
    if (!given.orElse("").equals("Bearer " + apiKey)) {
      throw ApiError.of(401, "ApiAuthStrategy - api key - Your api key is not valid");
    }
  }

  private Reply perform(
      Request request, Route route, Map<String, String> headers, @Nullable Fault fault) {
    boolean current =
        request.header("cal-api-version").filter(BOOKINGS_VERSION::equals).isPresent();
    JsonNode body = request.json();
    return switch (route.operation()) {
      case "create" -> current ? create(request, body, headers, fault) : refuseOldCreate();
      case "list" ->
          plain(
              200,
              current
                  // Without the right version the filters mean nothing to Cal.com.
                  ? new BookingQuery(request.query(), clock.instant()).answer(bookings)
                  : new BookingQuery(Map.of(), clock.instant()).answer(bookings),
              request,
              headers,
              fault);
      case "get" -> plain(200, success(bookings.get(route.uid())), request, headers, fault);
      case "reschedule" -> reschedule(route.uid(), request, body, headers, fault);
      case "cancel" -> cancel(route.uid(), request, body, headers, fault);
      case "confirm" -> {
        Booking confirmed = bookings.decide(route.uid(), Status.ACCEPTED, null);
        yield changed(
            new Change(Trigger.CREATED_ON_CONFIRM, confirmed, null),
            200,
            "confirm",
            request,
            headers,
            fault);
      }
      case "decline" -> {
        Booking declined =
            bookings.decide(route.uid(), Status.REJECTED, OrderParser.text(body, "reason"));
        yield changed(
            new Change(Trigger.REJECTED, declined, null), 200, "decline", request, headers, fault);
      }
      case "mark-absent" -> markAbsent(route.uid(), request, body, headers, fault);
      case "slots" ->
          plain(
              200,
              Slots.answer(request.query(), bookings, clock.instant()),
              request,
              headers,
              fault);
      case "event-type" -> plain(200, eventType(route.uid()), request, headers, fault);
      default ->
          throw ApiError.of(
              404, "Cannot %s %s".formatted(request.method(), request.uri().getPath()));
    };
  }

  /** A missing version selects one of April 2024, which wants other fields. */
  private static Reply refuseOldCreate() {
    throw ApiError.invalid(
        List.of(
            "timeZone must be a string",
            "language must be a string",
            "metadata must be an object",
            "responses must be an object"));
  }

  private Reply create(
      Request request, JsonNode body, Map<String, String> headers, @Nullable Fault fault) {
    Bookings.Order order = new OrderParser(body).order();
    Bookings.Made made =
        bookings.create(
            fault == null ? order : order.later(Duration.ofMinutes(fault.shiftMinutes())), false);
    Booking booking = made.booking();
    if (!made.isNew()) {
      return plain(201, success(booking), request, headers, fault);
    }
    Trigger trigger = Trigger.ofNew(booking, bookings.eventType(booking.eventTypeId()));
    return changed(
        new Change(trigger, booking, null, made.seat()), 201, "create", request, headers, fault);
  }

  private Reply reschedule(
      String uid,
      Request request,
      JsonNode body,
      Map<String, String> headers,
      @Nullable Fault fault) {
    String start = OrderParser.text(body, "start");
    if (start == null) {
      throw ApiError.invalid(List.of("start must be a valid ISO 8601 date string"));
    }
    Booking next =
        bookings.reschedule(
            uid,
            Times.parse("start", start),
            OrderParser.text(body, "reschedulingReason"),
            OrderParser.text(body, "rescheduledBy"),
            Map.of(),
            false);
    Trigger trigger =
        next.status() == Status.PENDING ? Trigger.REQUESTED : Trigger.RESCHEDULED_BY_API;
    return changed(
        new Change(trigger, next, bookings.get(uid)), 201, "reschedule", request, headers, fault);
  }

  private Reply cancel(
      String uid,
      Request request,
      JsonNode body,
      Map<String, String> headers,
      @Nullable Fault fault) {
    String reason = OrderParser.text(body, "cancellationReason");
    String seatUid = OrderParser.text(body, "seatUid");
    Booking.Seat seat =
        seatUid == null
            ? null
            : bookings.get(uid).seats().stream()
                .filter(s -> s.uid().equals(seatUid))
                .findFirst()
                .orElse(null);
    Booking cancelled;
    if (seat != null) {
      cancelled = bookings.giveUpSeat(uid, seat.uid());
    } else {
      cancelled =
          body.path("cancelSubsequentBookings").asBoolean(false)
              ? bookings.cancelFrom(uid, reason, null)
              : bookings.cancel(uid, reason, null);
    }
    return changed(
        new Change(Trigger.CANCELLED, cancelled, null, seat),
        200,
        "cancel",
        request,
        headers,
        fault);
  }

  /** Nobody can be absent before it has begun. */
  private Reply markAbsent(
      String uid,
      Request request,
      JsonNode body,
      Map<String, String> headers,
      @Nullable Fault fault) {
    Booking booking = bookings.get(uid);
    if (booking.start().isAfter(clock.instant())) {
      throw ApiError.of(400, "Bookings can only be marked as absent after their start time.");
    }
    JsonNode attendee = body.path("attendees").path(0);
    boolean absent = attendee.path("absent").asBoolean(true);
    Booking marked = bookings.markAbsent(uid, attendee.path("email").asString(""), absent);
    return changed(
        new Change(absent ? Trigger.NO_SHOW : Trigger.NO_SHOW_UNDONE, marked, null),
        200,
        "mark-absent",
        request,
        headers,
        fault);
  }

  private Map<String, Object> eventType(String id) {
    int number;
    try {
      number = Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw ApiError.invalid(List.of("eventTypeId must be a number"));
    }
    EventType type = bookings.eventType(number);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", type.id());
    view.put("ownerId", type.hostId());
    view.put("lengthInMinutes", type.lengthInMinutes());
    view.put("title", type.title());
    view.put("slug", type.slug());
    view.put("description", "");
    view.put("locations", List.of(Map.of("type", "integration", "integration", "cal-video")));
    view.put(
        "confirmationPolicy",
        type.requiresConfirmation()
            ? Map.of("type", "always", "blockUnconfirmedBookingsInBooker", false)
            : Map.of("disabled", true));
    return Map.of("status", "success", "data", view);
  }

  private Map<String, Object> success(Booking booking) {
    return success(booking, null);
  }

  private Map<String, Object> success(Booking booking, Booking.@Nullable Seat own) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "success");
    answer.put("data", BookingView.of(booking, bookings.eventType(booking.eventTypeId()), own));
    return answer;
  }

  private Reply plain(
      int status,
      Object body,
      Request request,
      Map<String, String> headers,
      @Nullable Fault fault) {
    if (fault != null) {
      Optional<Reply> instead = suffer(fault, request, headers);
      if (instead.isPresent()) {
        return instead.get();
      }
    }
    return new Reply.Json(status, headers, body, at -> {});
  }

  /** The work is done: tell the world and the caller, each at its time, or not the caller. */
  private Reply changed(
      Change change,
      int status,
      String operation,
      Request request,
      Map<String, String> headers,
      @Nullable Fault fault) {
    Delivery delivery = announcer.next();
    String uid = change.booking().uid();
    timings.began(change.booking(), operation, delivery.when(), request.receivedMicros());
    announcer.beforeAnswer(change, delivery);
    if (fault != null) {
      Optional<Reply> instead = suffer(fault, request, headers);
      if (instead.isPresent()) {
        announcer.afterAnswer(change, delivery);
        return instead.get();
      }
    }
    return new Reply.Json(
        status,
        headers,
        success(change.booking(), change.seat()),
        at -> {
          timings.answered(uid, at);
          announcer.afterAnswer(change, delivery);
        });
  }

  private static Optional<Reply> suffer(Fault fault, Request request, Map<String, String> headers) {
    try {
      TimeUnit.MILLISECONDS.sleep(fault.delayMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (fault.cut()) {
      return Optional.of(new Reply.Cut());
    }
    if (fault.retryAfterSeconds() > 0) {
      headers.put("Retry-After", String.valueOf(fault.retryAfterSeconds()));
    }
    return fault.error().map(e -> e.reply(request.uri().getPath(), headers));
  }
}
