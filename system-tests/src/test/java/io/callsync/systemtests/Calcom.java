package io.callsync.systemtests;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What happens at Cal.com: its page, its webhooks and its faults, through the stand-in's admin. */
final class Calcom {

  /** A booking as Cal.com holds it. */
  record Held(JsonNode json) {
    String uid() {
      return json.path("uid").asString();
    }

    long id() {
      return json.path("id").asLong();
    }

    String status() {
      return json.path("status").asString();
    }

    boolean stands() {
      return status().equals("accepted") || status().equals("pending");
    }

    Instant start() {
      return Instant.parse(json.path("start").asString());
    }

    /** The seat of that person, where people share the booking. */
    String seatOf(String name) {
      return json.path("attendees")
          .valueStream()
          .filter(a -> a.path("name").asString().equals(name))
          .map(a -> a.path("seatUid").asString())
          .findFirst()
          .orElseThrow();
    }

    int attendees() {
      return json.path("attendees").size();
    }

    String metadata(String key) {
      return json.path("metadata").path(key).asString("");
    }
  }

  /** A request as Cal.com took it. */
  record Asked(JsonNode json) {
    String callId() {
      return json.at("/body/metadata/call_id").asString("");
    }

    String uri() {
      return json.path("uri").asString();
    }

    /** 0 where the connection was cut instead of an answer. */
    int status() {
      return json.path("status").asInt();
    }

    Duration held() {
      return Duration.of(json.path("heldMicros").asLong(), ChronoUnit.MICROS);
    }
  }

  private final URI base;

  Calcom(URI base) {
    this.base = base;
  }

  private JsonNode ask(String method, String path, Object body) {
    return Http.require(
        method,
        base.resolve("/admin/" + path),
        Map.of("Content-Type", "application/json"),
        body == null ? new byte[0] : Http.bytes(body));
  }

  /** No faults, and each webhook once, with the answer. */
  void behaves() {
    ask("DELETE", "faults", null);
    delivers("with");
  }

  /** From now on webhooks go out before, with or after the answer, or not at all (none). */
  void delivers(String when) {
    ask("PUT", "delivery", Map.of("when", when));
  }

  /** Booking by booking, each of these moments in turn. */
  void deliversInTurn(List<String> whens) {
    ask(
        "PUT",
        "delivery",
        Map.of("modes", whens.stream().map(when -> Map.of("when", when)).toList()));
  }

  /** At that moment, and with the booking's metadata always or never, whatever the trigger. */
  void delivers(String when, String metadata, long afterMs) {
    ask("PUT", "delivery", Map.of("when", when, "metadata", metadata, "minMs", afterMs));
  }

  /** The next webhooks go out that many times, one after the other or all at once. */
  void deliversCopies(int copies, boolean atOnce) {
    ask("PUT", "delivery", Map.of("when", "with", "copies", copies, "atOnce", atOnce));
  }

  /** See the stand-in's Fault for the fields. */
  void fails(Map<String, Object> fault) {
    ask("POST", "faults", fault);
  }

  void faultsEnd() {
    ask("DELETE", "faults", null);
  }

  /** Somebody books on Cal.com's page, without a call. */
  Held isBookedOnItsPage(Company company, ZonedDateTime start, String name, String phone) {
    Map<String, Object> attendee = new LinkedHashMap<>();
    attendee.put("name", name);
    attendee.put("timeZone", "Europe/Berlin");
    attendee.put("language", "de");
    attendee.put("phoneNumber", phone);
    return new Held(
        ask(
            "POST",
            "bookings",
            Map.of(
                "start",
                start.toInstant().toString(),
                "eventTypeId",
                company.eventTypeId(),
                "attendee",
                attendee,
                "metadata",
                Map.of())));
  }

  /** What we once asked for comes to be after all. */
  Held surfaces(Company company, ZonedDateTime start, String name, String phone, String requestId) {
    return new Held(
        ask(
            "POST",
            "bookings",
            Map.of(
                "start",
                start.toInstant().toString(),
                "eventTypeId",
                company.eventTypeId(),
                "attendee",
                Map.of(
                    "name",
                    name,
                    "timeZone",
                    "Europe/Berlin",
                    "language",
                    "de",
                    "phoneNumber",
                    phone),
                "metadata",
                Map.of("callsync_request_id", requestId))));
  }

  /** The same hour of so many weeks, each with the same metadata. */
  List<Held> isBookedWeekly(
      Company company,
      ZonedDateTime start,
      String name,
      String phone,
      int weeks,
      Map<String, String> metadata) {
    return ask(
            "POST",
            "bookings",
            Map.of(
                "start",
                start.toInstant().toString(),
                "eventTypeId",
                company.eventTypeId(),
                "attendee",
                Map.of("name", name, "timeZone", "Europe/Berlin", "phoneNumber", phone),
                "metadata",
                metadata,
                "recurrenceCount",
                weeks))
        .path("bookings")
        .valueStream()
        .map(Held::new)
        .toList();
  }

  /** Changes an event type: how many seats it has, what it costs. */
  void offers(Company company, Map<String, Object> terms) {
    ask("PUT", "event-types/" + company.eventTypeId(), terms);
  }

  /** The customer pays, and Cal.com tells that the booking holds and that it is paid. */
  void isPaidFor(String uid) {
    ask("POST", "bookings/" + uid + "/paid", Map.of());
  }

  /** The host says whether they came. */
  void marks(String uid, boolean absent) {
    ask("POST", "bookings/" + uid + "/no-show", Map.of("noShow", absent));
  }

  /** One person leaves; delivered with metadata "never" the message does not name the seat. */
  void cancelsSeat(String uid, String seatUid) {
    ask("POST", "bookings/" + uid + "/cancel", Map.of("seatUid", seatUid));
  }

  /** This occurrence and all later ones, of which Cal.com tells by one message. */
  void cancelsFrom(String uid) {
    ask("POST", "bookings/" + uid + "/cancel", Map.of("subsequent", true));
  }

  void asksForAnotherTime(String uid, boolean older) {
    ask(
        "POST",
        "bookings/" + uid + "/request-reschedule",
        Map.of("older", older, "reason", "I am ill"));
  }

  void tells(String uid, String trigger, String seatUid) {
    ask("POST", "bookings/" + uid + "/webhook", Map.of("trigger", trigger, "seatUid", seatUid));
  }

  /** Moved on the page: the new link of the chain. */
  Held reschedules(String uid, ZonedDateTime start) {
    return new Held(
        ask(
            "POST",
            "bookings/" + uid + "/reschedule",
            Map.of("start", start.toInstant().toString())));
  }

  Held cancels(String uid) {
    return new Held(
        ask("POST", "bookings/" + uid + "/cancel", Map.of("reason", "no longer needed")));
  }

  /** Without a webhook, as Cal.com does. */
  void deletes(String uid) {
    ask("DELETE", "bookings/" + uid, null);
  }

  Held confirms(String uid) {
    return new Held(ask("POST", "bookings/" + uid + "/confirm", Map.of()));
  }

  Held declines(String uid) {
    return new Held(ask("POST", "bookings/" + uid + "/decline", Map.of("reason", "on holiday")));
  }

  /** Sends one webhook now: created, rescheduled_on_page, rescheduled_by_api, cancelled, ... */
  void tells(String uid, String trigger) {
    ask("POST", "bookings/" + uid + "/webhook", Map.of("trigger", trigger));
  }

  void tellsAtOnce(String uid, String trigger, int copies) {
    ask(
        "POST",
        "bookings/" + uid + "/webhook",
        Map.of("trigger", trigger, "copies", copies, "atOnce", true));
  }

  /** What was asked of Cal.com since then, and how it was answered. */
  List<Asked> asked(String operation, Instant since) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, since);
    return ask("GET", "requests?operation=%s&since=%d".formatted(operation, micros), null)
        .path("requests")
        .valueStream()
        .map(Asked::new)
        .toList();
  }

  void pings() {
    ask("POST", "ping", Map.of());
  }

  /** A new event type with a host of its own. */
  void offers(long eventTypeId, String title, int minutes, boolean requiresConfirmation) {
    ask(
        "PUT",
        "event-types/" + eventTypeId,
        Map.of(
            "title",
            title,
            "lengthInMinutes",
            minutes,
            "hostId",
            eventTypeId,
            "requiresConfirmation",
            requiresConfirmation));
  }

  /** An event type whose repeats by the same attendee are answered with the older booking. */
  void offersRoundRobin(long eventTypeId, String title, int minutes) {
    ask(
        "PUT",
        "event-types/" + eventTypeId,
        Map.of(
            "title", title, "lengthInMinutes", minutes, "hostId", eventTypeId, "roundRobin", true));
  }

  /** What was asked through the API from then on, oldest first. */
  List<JsonNode> requestsSince(Instant then) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, then);
    return ask("GET", "requests?since=" + micros, null).path("requests").valueStream().toList();
  }

  /** What was asked about an event type: slots and bookings. */
  List<JsonNode> requestsAbout(Company company) {
    return requestsSince(Instant.EPOCH).stream().filter(r -> isAbout(company, r)).toList();
  }

  static boolean isAbout(Company company, JsonNode request) {
    return request.at("/body/eventTypeId").asLong(0) == company.eventTypeId()
        || (request.path("uri").asString("") + "&")
            .contains("eventTypeId=" + company.eventTypeId() + "&");
  }

  /** What was asked about one booking. */
  List<JsonNode> requestsAbout(String uid) {
    return requestsSince(Instant.EPOCH).stream()
        .filter(request -> request.path("uri").asString("").contains(uid))
        .toList();
  }

  Held booking(String uid) {
    return new Held(ask("GET", "bookings/" + uid, null));
  }

  /** All that a call made here, whatever became of it. */
  List<Held> bookingsOf(Caller caller) {
    return all().stream().filter(b -> b.metadata("call_id").equals(caller.callId())).toList();
  }

  List<Held> all() {
    return ask("GET", "bookings", null).path("bookings").valueStream().map(Held::new).toList();
  }
}
