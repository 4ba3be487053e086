package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Announcer.Change;
import io.callsync.localstack.calcom.Booking.Status;
import io.callsync.localstack.calcom.WebhookBody.Trigger;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a test or a person does behind Cal.com's counter, under /admin: switches, faults, Cal.com's
 * own page, and a look at what happened.
 *
 * <pre>
 * GET, PUT        /admin/settings                 see Settings
 * GET, PUT        /admin/delivery                 {"when":"before|with|after|none","minMs":..,"maxMs":..,"copies":..,"atOnce":..,"sameBody":..,"metadata":"documented|never|always"}
 *                                                 or {"modes":[...]}, which bookings take in turn
 * GET,POST,DELETE /admin/faults                   {"operation":"create","times":1,"delayMs":0,"when":"before|after","status":500,"cut":false}
 * GET, POST       /admin/bookings                 all; book on the page: body as in API v2, "force" books over others
 * GET, DELETE     /admin/bookings/UID             one; take it away without a word
 * POST            /admin/bookings/UID/reschedule  on the page: {"start":...,"by":...,"reason":...}
 *                                                 "recurrenceCount" books that many weeks
 * POST            /admin/bookings/UID/cancel      on the page: {"by":...,"reason":...}; "seatUid" for one seat, "subsequent" for the rest of a series
 * POST            /admin/bookings/UID/request-reschedule {"reason":...,"older":true}
 * POST            /admin/bookings/UID/confirm, /decline, /paid
 * POST            /admin/bookings/UID/no-show     {"email":...,"noShow":false}
 * POST            /admin/bookings/UID/webhook     send one again: {"trigger":"created|...", see WebhookBody.Trigger,"seatUid":...,"copies":..}
 * POST            /admin/ping
 * GET, PUT        /admin/event-types[/ID]
 * GET             /admin/log?since=MICROS&amp;uid=UID when each booking was asked for, answered and announced
 * GET             /admin/requests?since=MICROS&amp;operation=create
 * </pre>
 */
final class Admin {

  private final Bookings bookings;
  private final Announcer announcer;
  private final Webhooks webhooks;
  private final Timings timings;
  private final Faults faults;
  private final RequestLog requests;
  private final Supplier<Settings> settings;
  private final Consumer<Settings> change;

  Admin(
      Bookings bookings,
      Announcer announcer,
      Webhooks webhooks,
      Timings timings,
      Faults faults,
      RequestLog requests,
      Supplier<Settings> settings,
      Consumer<Settings> change) {
    this.bookings = bookings;
    this.announcer = announcer;
    this.webhooks = webhooks;
    this.timings = timings;
    this.faults = faults;
    this.requests = requests;
    this.settings = settings;
    this.change = change;
  }

  Reply handle(Request request) {
    try {
      List<String> path = request.path();
      String what = path.size() > 1 ? path.get(1) : "";
      return switch (what) {
        case "settings" -> settings(request);
        case "delivery" -> delivery(request);
        case "faults" -> faults(request);
        case "bookings" ->
            path.size() == 2
                ? bookings(request)
                : booking(path.get(2), path.size() > 3 ? path.get(3) : "", request);
        case "event-types" -> eventTypes(request);
        case "log" ->
            Reply.ok(Map.of("entries", timings.since(since(request), request.query().get("uid"))));
        case "requests" ->
            Reply.ok(
                Map.of(
                    "requests", requests.since(since(request), request.query().get("operation"))));
        case "ping" -> {
          webhooks.send("", "PING", WebhookBody::ping, Delivery.DEFAULT);
          yield Reply.ok(Map.of("sent", true));
        }
        default -> throw ApiError.of(404, "there is no /admin/" + what);
      };
    } catch (ApiError e) {
      return e.reply(request.uri().getPath(), Map.of());
    } catch (IllegalArgumentException e) {
      return ApiError.of(400, String.valueOf(e.getMessage()))
          .reply(request.uri().getPath(), Map.of());
    }
  }

  private static long since(Request request) {
    return Long.parseLong(request.query().getOrDefault("since", "0"));
  }

  private Reply settings(Request request) {
    if (request.method().equals("PUT")) {
      Settings old = settings.get();
      JsonNode n = request.json();
      change.accept(
          new Settings(
              n.path("webhookUrl").asString(old.webhookUrl()),
              n.path("webhookSecret").asString(old.webhookSecret()),
              n.path("webhookAttempts").asInt(old.webhookAttempts()),
              n.path("webhookRetryMs").asLong(old.webhookRetryMs()),
              n.path("rateLimit").asInt(old.rateLimit()),
              n.path("rateWindowSeconds").asInt(old.rateWindowSeconds()),
              n.path("openingHours").asBoolean(old.openingHours()),
              n.path("allowPast").asBoolean(old.allowPast())));
    }
    return Reply.ok(settings.get());
  }

  private Reply delivery(Request request) {
    if (request.method().equals("PUT")) {
      JsonNode body = request.json();
      List<Delivery> chosen = new ArrayList<>();
      if (body.path("modes").isArray()) {
        body.path("modes").forEach(n -> chosen.add(Delivery.of(n)));
      } else {
        chosen.add(Delivery.of(body));
      }
      announcer.use(chosen);
    }
    return Reply.ok(Map.of("modes", announcer.deliveries()));
  }

  private Reply faults(Request request) {
    switch (request.method()) {
      case "POST", "PUT" -> faults.add(Fault.of(request.json()));
      case "DELETE" -> faults.clear();
      default -> {}
    }
    return Reply.ok(Map.of("faults", faults.list()));
  }

  private Reply bookings(Request request) {
    if (request.method().equals("GET")) {
      return Reply.ok(
          Map.of(
              "bookings",
              bookings.all().stream()
                  .map(b -> BookingView.of(b, bookings.eventType(b.eventTypeId())))
                  .toList()));
    }
    JsonNode body = request.json();
    Bookings.Order order = new OrderParser(body).order();
    int weeks = body.path("recurrenceCount").asInt(0);
    if (weeks > 0) {
      return series(bookings.createSeries(order, weeks));
    }
    Bookings.Made made = bookings.create(order, body.path("force").asBoolean(false));
    Booking booking = made.booking();
    Trigger trigger = Trigger.ofNew(booking, bookings.eventType(booking.eventTypeId()));
    return announced(new Change(trigger, booking, null, made.seat()), "create", request);
  }

  /** One CREATED for each occurrence. */
  private Reply series(List<Booking> occurrences) {
    Delivery delivery = announcer.next();
    if (delivery.when() != Delivery.When.NONE) {
      occurrences.forEach(b -> announcer.sendNow(new Change(Trigger.CREATED, b, null), delivery));
    }
    return Reply.ok(Map.of("bookings", occurrences.stream().map(this::view).toList()));
  }

  private Reply booking(String uid, String action, Request request) {
    JsonNode body = request.json();
    String reason = OrderParser.text(body, "reason");
    String by = OrderParser.text(body, "by");
    return switch (action) {
      case "" -> {
        if (request.method().equals("DELETE")) {
          bookings.delete(uid);
          yield Reply.ok(Map.of("deleted", uid));
        }
        yield Reply.ok(view(bookings.get(uid)));
      }
      case "reschedule" -> {
        Booking next =
            bookings.reschedule(
                uid,
                Times.parse("start", body.path("start").asString("")),
                reason,
                by,
                Map.of(),
                body.path("force").asBoolean(false));
        Trigger trigger =
            next.status() == Status.PENDING ? Trigger.REQUESTED : Trigger.RESCHEDULED_ON_PAGE;
        yield announced(new Change(trigger, next, bookings.get(uid)), "reschedule", request);
      }
      case "cancel" -> {
        Booking.Seat seat = seat(uid, body);
        Booking cancelled;
        if (seat != null) {
          cancelled = bookings.giveUpSeat(uid, seat.uid());
        } else {
          cancelled =
              body.path("subsequent").asBoolean(false)
                  ? bookings.cancelFrom(uid, reason, by)
                  : bookings.cancel(uid, reason, by);
        }
        yield announced(new Change(Trigger.CANCELLED, cancelled, null, seat), "cancel", request);
      }
      case "request-reschedule" -> {
        Booking cancelled = bookings.cancel(uid, reason, by);
        Trigger trigger =
            body.path("older").asBoolean(false)
                ? Trigger.RESCHEDULE_REQUESTED_OLDER
                : Trigger.RESCHEDULE_REQUESTED;
        yield announced(new Change(trigger, cancelled, null), "cancel", request);
      }
      case "paid" -> {
        Booking paid = bookings.decide(uid, Status.ACCEPTED, null);
        announcer.sendNow(new Change(Trigger.CREATED_ON_CONFIRM, paid, null), Delivery.DEFAULT);
        yield announced(new Change(Trigger.PAID, paid, null), "paid", request);
      }
      case "confirm" -> {
        Booking confirmed = bookings.decide(uid, Status.ACCEPTED, null);
        yield announced(
            new Change(Trigger.CREATED_ON_CONFIRM, confirmed, null), "confirm", request);
      }
      case "decline" -> {
        Booking declined = bookings.decide(uid, Status.REJECTED, reason);
        yield announced(new Change(Trigger.REJECTED, declined, null), "decline", request);
      }
      case "no-show" -> {
        Booking booking = bookings.get(uid);
        String email = OrderParser.text(body, "email");
        String whose = email == null ? booking.attendee().email() : email;
        boolean noShow = body.path("noShow").asBoolean(true);
        Booking marked = bookings.markAbsent(uid, whose, noShow);
        webhooks.send(
            uid,
            Trigger.NO_SHOW.wireName(),
            () -> WebhookBody.noShow(marked, whose, noShow),
            Delivery.DEFAULT);
        yield Reply.ok(view(marked));
      }
      case "webhook" -> {
        Booking booking = bookings.get(uid);
        Trigger trigger =
            Trigger.valueOf(body.path("trigger").asString("created").toUpperCase(Locale.ROOT));
        Booking previous =
            booking.rescheduledFromUid() == null
                ? null
                : bookings.get(booking.rescheduledFromUid());
        announcer.sendNow(
            new Change(trigger, booking, previous, seat(uid, body)), Delivery.of(body));
        yield Reply.ok(view(booking));
      }
      default -> throw ApiError.of(404, "a booking has no action " + action);
    };
  }

  /** The seat that a request names, null where it names none. */
  private Booking.@Nullable Seat seat(String uid, JsonNode body) {
    String seatUid = OrderParser.text(body, "seatUid");
    if (seatUid == null) {
      return null;
    }
    return bookings.get(uid).seats().stream()
        .filter(s -> s.uid().equals(seatUid))
        .findFirst()
        .orElseThrow(() -> ApiError.of(404, "there is no seat " + seatUid));
  }

  private Reply announced(Change changed, String operation, Request request) {
    Delivery delivery = announcer.next();
    timings.began(changed.booking(), operation, delivery.when(), request.receivedMicros());
    announcer.beforeAnswer(changed, delivery);
    return new Reply.Json(
        200,
        Map.of(),
        view(changed.booking()),
        at -> {
          timings.answered(changed.booking().uid(), at);
          announcer.afterAnswer(changed, delivery);
        });
  }

  private Map<String, ?> view(Booking booking) {
    return BookingView.of(booking, bookings.eventType(booking.eventTypeId()));
  }

  private Reply eventTypes(Request request) {
    if (request.method().equals("PUT")) {
      JsonNode n = request.json();
      int id =
          request.path().size() > 2
              ? Integer.parseInt(request.path().get(2))
              : n.path("id").asInt();
      EventType old =
          bookings.eventTypes().stream()
              .filter(t -> t.id() == id)
              .findFirst()
              .orElse(new EventType(id, "type-" + id, "Type " + id, 30, id, false, false, 0, 0));
      bookings.define(
          new EventType(
              id,
              n.path("slug").asString(old.slug()),
              n.path("title").asString(old.title()),
              n.path("lengthInMinutes").asInt(old.lengthInMinutes()),
              n.path("hostId").asInt(old.hostId()),
              n.path("requiresConfirmation").asBoolean(old.requiresConfirmation()),
              n.path("roundRobin").asBoolean(old.roundRobin()),
              n.path("seats").asInt(old.places()),
              n.path("price").asInt(old.cents())));
    }
    return Reply.ok(Map.of("eventTypes", bookings.eventTypes()));
  }
}
