package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Http.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Real bodies, mutated and truly signed: no input makes the gateway fail, or an event unsendable.
 */
@Execution(ExecutionMode.SAME_THREAD)
@Order(Integer.MAX_VALUE) // Its calls have no company and claim what was not: the last of all.
class FuzzTest extends SystemTest {

  private static final int ROUNDS = 800;

  private static final List<Object> STRANGE =
      List.of(
          "",
          " ",
          "\u0000",
          "\ud800",
          "{{call_id}}",
          "'; drop table booking; --",
          "null",
          "x".repeat(70_000),
          "👩‍🦰🇩🇪",
          "2026-02-31T25:61:00Z",
          "-999999999-01-01",
          "+999999999-12-31T23:59:59Z",
          "+49" + "1".repeat(60),
          0,
          -1,
          Long.MAX_VALUE,
          1e300,
          true,
          false,
          List.of(),
          Map.of(),
          List.of(List.of(List.of(1, "a", Map.of("b", List.of())))));

  @Test
  void mutated_bodies_are_taken_or_refused_and_break_nothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    AtomicInteger taken = new AtomicInteger();
    double deadLetters = deadLetters();
    for (int round = 0; round < ROUNDS; round++) {
      Answer answer = send(random);
      assertThat(answer.status())
          .as("seed %d, round %d: %s", seed, round, answer.text())
          .isLessThan(500);
      assertThat(answer.text())
          .as("seed %d, round %d", seed, round)
          .doesNotContain("Exception", "at io.callsync");
      if (answer.status() < 300) {
        taken.incrementAndGet();
      }
    }
    assertThat(taken.get()).as("mutations that were taken").isGreaterThan(ROUNDS / 3);
    Booked afterwards = aBookedCall(Company.A);
    assertThat(afterwards.appointment().status()).isEqualTo("confirmed");
    assertThat(deadLetters()).as("events that nobody could read").isEqualTo(deadLetters);
  }

  private double deadLetters() {
    return Http.require(
            "GET",
            stack
                .addresses()
                .projector()
                .resolve("/actuator/metrics/callsync.projection.dead.letters"),
            Map.of(),
            new byte[0])
        .at("/measurements/0/value")
        .asDouble();
  }

  /** Every door, those of the second connection too. */
  private Answer send(Random random) {
    return switch (random.nextInt(8)) {
      case 0 ->
          gateway.operator("POST", "/ops/directory", Http.bytes(mutated(directory(), random)));
      case 1 ->
          gateway.operator(
              "POST",
              "/ops/reconciliation?since="
                  + URLEncoder.encode(strange(random), StandardCharsets.UTF_8),
              new byte[0]);
      default -> signed(random);
    };
  }

  /** A request line has a limit of its own. */
  private static String strange(Random random) {
    String strange = String.valueOf(STRANGE.get(random.nextInt(STRANGE.size())));
    return strange.substring(0, Math.min(200, strange.length()));
  }

  /** A company of its own, so that the others keep what they have. */
  private static Map<String, Object> directory() {
    Company company = Company.unknown();
    return Map.of(
        "companies",
        List.of(
            Map.of(
                "id",
                company.id(),
                "name",
                "Salon",
                "timezone",
                "Europe/Berlin",
                "language",
                "de",
                "fallbackEmail",
                "termin@salon.example",
                "branches",
                List.of(Map.of("id", "fuzz-" + company.id(), "name", "Mitte")),
                "phoneNumbers",
                List.of(Map.of("number", company.number(), "branch", "fuzz-" + company.id())),
                "services",
                List.of(
                    Map.of(
                        "id",
                        company.serviceId(),
                        "name",
                        company.service(),
                        "synonyms",
                        List.of("Schnitt"),
                        "durationMinutes",
                        30,
                        "eventTypeId",
                        company.eventTypeId(),
                        "active",
                        true)),
                "staff",
                List.of(
                    Map.of(
                        "id",
                        "fuzz-" + company.id(),
                        "name",
                        "Kim Holt",
                        "email",
                        "kim@example.org",
                        "calcomUserId",
                        company.id())))));
  }

  private Answer signed(Random random) {
    SecondConnection second = RunningSystem.get().second();
    Gateway door = second == null || random.nextBoolean() ? gateway : second.gateway();
    Caller caller = Caller.of(door, random.nextBoolean() ? Company.A : Company.B);
    return switch (random.nextInt(6)) {
      case 0 -> door.retell("/retell/webhook", mutated(event("call_ended", caller.over()), random));
      case 1 ->
          door.retell(
              "/retell/webhook",
              mutated(
                  event("call_analyzed", caller.analysed(Map.of("appointment_booked", false))),
                  random));
      case 2 -> door.retell("/retell/functions", mutated(function(caller, random), random));
      case 3 -> {
        Map<String, Object> function = function(caller, random);
        yield door.retell("/retell/functions/" + function.get("name"), mutated(function, random));
      }
      case 4 ->
          door.retell(
              "/retell/inbound",
              mutated(
                  Map.of(
                      "event",
                      "call_inbound",
                      "call_inbound",
                      Map.of("from_number", caller.from(), "to_number", caller.to())),
                  random));
      default -> door.calcom(mutated(ofCalcom(random), random));
    };
  }

  private static Map<String, Object> function(Caller caller, Random random) {
    List<String> names =
        List.of(
            "book_appointment",
            "start_booking",
            "confirm_booking",
            "collect_appointment_data",
            "check_availability",
            "cancel_appointment",
            "reschedule_appointment",
            "find_appointments",
            "list_services",
            "current_context",
            "request_callback",
            "finalize_ticket");
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    args.put("bestaetigung", true);
    args.put("new_date", "morgen");
    args.put("new_time", "14:00");
    args.put("offer_id", "1");
    args.put("email", "erika@example.com");
    args.put("staff", "Mara Lind");
    args.keySet().removeIf(name -> random.nextInt(3) == 0);
    return Map.of(
        "name", names.get(random.nextInt(names.size())), "call", caller.ongoing(), "args", args);
  }

  private static Map<String, Object> event(String name, Map<String, Object> call) {
    return Map.of("event", name, "call", call);
  }

  /** Cancellations and the like of bookings that nobody knows stay unresolved, and are no harm. */
  private static Map<String, Object> ofCalcom(Random random) {
    return Map.of(
        "triggerEvent",
        List.of("BOOKING_PAID", "MEETING_ENDED", "BOOKING_NO_SHOW_UPDATED", "PING", "SOMETHING_NEW")
            .get(random.nextInt(5)),
        "createdAt",
        "2026-03-05T17:44:02.903Z",
        "payload",
        Map.of(
            "uid",
            "fuzz" + random.nextLong(),
            "bookingId",
            random.nextInt(),
            "startTime",
            "2026-03-11T13:00:00+00:00",
            "attendees",
            List.of(Map.of("email", "jonas@example.net", "name", "Jonas Weber")),
            "organizer",
            Map.of("id", 5021, "email", "mara@example.org")));
  }

  private static JsonNode mutated(Map<String, Object> body, Random random) {
    JsonNode node = Http.JSON.valueToTree(body);
    for (int n = random.nextInt(4); n >= 0; n--) {
      mutate(node, random);
    }
    return node;
  }

  private static void mutate(JsonNode root, Random random) {
    List<JsonNode> places = new ArrayList<>();
    collect(root, places);
    JsonNode place = places.get(random.nextInt(places.size()));
    Object strange = STRANGE.get(random.nextInt(STRANGE.size()));
    switch (place) {
      case ObjectNode object when !object.isEmpty() -> {
        List<String> names = new ArrayList<>(object.propertyNames());
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
          case 0 -> object.remove(name);
          case 1 -> object.putNull(name);
          case 2 -> object.set("unknown_" + name, object.get(name));
          default -> object.set(name, Http.JSON.valueToTree(strange));
        }
      }
      case ArrayNode array -> array.add(Http.JSON.<JsonNode>valueToTree(strange));
      default -> {}
    }
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainer()) {
      into.add(node);
      node.forEach(child -> collect(child, into));
    }
  }
}
