package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Http.Answer;
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

  private static final int ROUNDS = 400;

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
    for (int round = 0; round < ROUNDS; round++) {
      Answer answer = send(random);
      assertThat(answer.status())
          .as("seed %d, round %d: %s", seed, round, answer.text())
          .isLessThan(500);
      assertThat(answer.text()).doesNotContain("Exception", "at io.callsync");
      if (answer.status() < 300) {
        taken.incrementAndGet();
      }
    }
    assertThat(taken.get()).as("mutations that were taken").isGreaterThan(ROUNDS / 2);
    Booked afterwards = aBookedCall(Company.A);
    assertThat(afterwards.appointment().status()).isEqualTo("confirmed");
  }

  private Answer send(Random random) {
    Caller caller = aCallerOf(random.nextBoolean() ? Company.A : Company.B);
    return switch (random.nextInt(5)) {
      case 0 ->
          gateway.retell("/retell/webhook", mutated(event("call_ended", caller.over()), random));
      case 1 ->
          gateway.retell(
              "/retell/webhook",
              mutated(
                  event("call_analyzed", caller.analysed(Map.of("appointment_booked", false))),
                  random));
      case 2 ->
          gateway.retell(
              "/retell/functions",
              mutated(
                  Map.of(
                      "name",
                      List.of(
                              "book_appointment",
                              "check_availability",
                              "cancel_appointment",
                              "reschedule_appointment",
                              "find_appointments",
                              "request_callback")
                          .get(random.nextInt(6)),
                      "call",
                      caller.ongoing(),
                      "args",
                      caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel")),
                  random));
      case 3 ->
          gateway.retell(
              "/retell/inbound",
              mutated(
                  Map.of(
                      "event",
                      "call_inbound",
                      "call_inbound",
                      Map.of("from_number", caller.from(), "to_number", caller.to())),
                  random));
      default -> gateway.calcom(mutated(ofCalcom(random), random));
    };
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
