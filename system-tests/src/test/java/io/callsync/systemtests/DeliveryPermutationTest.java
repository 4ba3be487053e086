package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Deliveries in any order and any number end in the same aggregates, up to the ids that are minted
 * on the way.
 */
@Execution(ExecutionMode.SAME_THREAD)
class DeliveryPermutationTest extends SystemTest {

  private static final int PERMUTATIONS = 24;

  private static final Duration UNTIL_RESOLVED = Duration.ofSeconds(60);

  /** Everything that a chain of deliveries has led to, with names instead of minted ids. */
  record Outcome(
      Map<String, Object> call, Map<String, Object> appointment, Map<String, Object> customer) {}

  /** What people see of one chain; empty until there is something. */
  interface Seen {
    Optional<Outcome> now();
  }

  @BeforeEach
  void Calcom_only_tells_what_it_is_asked_to() {
    calcom.delivers("none");
  }

  @Test
  void a_phone_booking_moved_twice_and_cancelled() {
    allEqual("cancelled", seed -> phoneBooking(seed));
  }

  @Test
  void a_booking_of_the_page_moved_twice_and_cancelled() {
    allEqual("cancelled", seed -> pageBooking(seed));
  }

  @Test
  void a_visit_that_was_moved_and_whose_absence_was_a_mistake() {
    allEqual("completed", seed -> visit(seed));
  }

  @Test
  void two_who_share_a_time_of_whom_one_leaves() {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    allEqual("cancelled", seed -> seats(company, seed));
  }

  private interface Life {
    Seen inTheOrderOf(int seed);
  }

  /** Seed 0 is the natural order; all others have to end where it ends. */
  private void allEqual(String status, Life life) {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<CompletableFuture<Seen>> lives =
          IntStream.rangeClosed(0, PERMUTATIONS)
              .mapToObj(
                  seed -> CompletableFuture.supplyAsync(() -> life.inTheOrderOf(seed), threads))
              .toList();
      List<Seen> all = lives.stream().map(CompletableFuture::join).toList();
      eventually(
          () ->
              assertThat(all.getFirst().now().map(o -> o.appointment().get("status")))
                  .hasValue(status));
      Outcome natural = all.getFirst().now().orElseThrow();
      for (int seed = 1; seed < all.size(); seed++) {
        Seen permuted = all.get(seed);
        int number = seed;
        eventually(
            UNTIL_RESOLVED,
            () -> assertThat(permuted.now()).as("permutation " + number).hasValue(natural));
      }
    }
  }

  private Seen phoneBooking(int seed) {
    Random random = new Random(seed);
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> wish = caller.wish(Company.A.service(), start, "Erika Beispiel");

    List<Runnable> aroundTheWish =
        new ArrayList<>(List.of(caller::starts, caller::ends, caller::isAnalysed));
    shuffle(aroundTheWish, seed, random);
    int before = seed == 0 ? 1 : random.nextInt(aroundTheWish.size() + 1);
    aroundTheWish.subList(0, before).forEach(Runnable::run);
    Reply reply = caller.booksAs("tool_call_1", wish);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    List<Held> links = movedTwiceAndCancelled(reply.calcomUid());

    List<Runnable> rest = new ArrayList<>(aroundTheWish.subList(before, aroundTheWish.size()));
    rest.addAll(told(links, "rescheduled_by_api"));
    rest.add(() -> caller.booksAs("tool_call_1", wish));
    shuffle(rest, seed, random);
    withRepetitions(rest, seed, random).forEach(Runnable::run);
    return () ->
        rows.appointment(reply.appointmentId())
            .flatMap(
                a ->
                    rows.call(caller)
                        .map(
                            call ->
                                outcome(
                                    call.columns(),
                                    a.columns(),
                                    names(caller, reply, links),
                                    start)));
  }

  private Seen pageBooking(int seed) {
    Random random = new Random(seed);
    ZonedDateTime start = aFreeStart();
    String phone = Caller.freshNumber();
    Held made = calcom.isBookedOnItsPage(Company.A, start, "Max Muster", phone);
    List<Held> links = movedTwiceAndCancelled(made.uid());
    List<Runnable> all = new ArrayList<>(told(links, "rescheduled_on_page"));
    shuffle(all, seed, random);
    withRepetitions(all, seed, random).forEach(Runnable::run);
    return () ->
        rows.appointmentsWithUid(links.getLast().uid()).stream()
            .findFirst()
            .map(a -> outcome(Map.of(), a.columns(), names(phone, links), start));
  }

  /** Moved once; the end of the old time is told too, and two marks of which the later holds. */
  private Seen visit(int seed) {
    Random random = new Random(seed);
    ZonedDateTime start = aFreeStart();
    String phone = Caller.freshNumber();
    Held made = calcom.isBookedOnItsPage(Company.A, start, "Max Muster", phone);
    Held moved = calcom.reschedules(made.uid(), aFreeStart());
    List<Runnable> all =
        new ArrayList<>(
            List.of(
                () -> calcom.tells(made.uid(), "created"),
                () -> calcom.tells(made.uid(), "meeting_ended"),
                () -> calcom.tells(moved.uid(), "rescheduled_on_page"),
                () -> calcom.tells(moved.uid(), "meeting_started"),
                () -> marks(moved, true, "2026-03-10T10:20:00.000Z"),
                () -> marks(moved, false, "2026-03-10T10:25:00.000Z"),
                () -> calcom.tells(moved.uid(), "meeting_ended_enveloped")));
    shuffle(all, seed, random);
    withRepetitions(all, seed, random).forEach(Runnable::run);
    return () ->
        rows.appointmentsWithUid(moved.uid()).stream()
            .findFirst()
            .map(a -> outcome(Map.of(), a.columns(), names(phone, List.of(made, moved)), start));
  }

  private void marks(Held booking, boolean absent, String createdAt) {
    String email = booking.json().at("/attendees/0/email").asString();
    gateway.calcom(
        Map.of(
            "triggerEvent",
            "BOOKING_NO_SHOW_UPDATED",
            "createdAt",
            createdAt,
            "payload",
            Map.of(
                "bookingUid",
                booking.uid(),
                "bookingId",
                booking.id(),
                "attendees",
                List.of(Map.of("email", email, "noShow", absent)))));
  }

  private Seen seats(Company company, int seed) {
    Random random = new Random(seed);
    ZonedDateTime start = aFreeStart();
    String phone = Caller.freshNumber();
    String uid = calcom.isBookedOnItsPage(company, start, "Anna", Caller.freshNumber()).uid();
    Held both = calcom.isBookedOnItsPage(company, start, "Ben", phone);
    String anna = both.seatOf("Anna");
    String ben = both.seatOf("Ben");
    List<Runnable> all =
        new ArrayList<>(
            List.of(
                () -> calcom.tells(uid, "created", anna),
                () -> calcom.tells(uid, "created", ben),
                () -> calcom.tells(uid, "cancelled", ben),
                () -> calcom.tells(uid, "meeting_ended")));
    shuffle(all, seed, random);
    withRepetitions(all, seed, random).forEach(Runnable::run);
    calcom.cancelsSeat(uid, ben);
    Map<String, String> names = names(phone, List.of(both));
    putTime(names, both.start().plus(Duration.ofMinutes(company.minutes())), "END");
    names.put(anna, "SEAT_OF_ANNA");
    names.put(ben, "SEAT_OF_BEN");
    return () -> {
      List<Rows.Appointment> shared = rows.appointmentsWithUid(uid);
      return shared.size() != 2
          ? Optional.empty()
          : shared.stream()
              .filter(a -> a.attendeeName().equals("Ben"))
              .findFirst()
              .map(
                  a -> {
                    Rows.Appointment other = shared.get(shared.getFirst().id() == a.id() ? 1 : 0);
                    return outcome(
                        Map.of(other.attendeeName(), other.status()), a.columns(), names, start);
                  });
    };
  }

  private List<Held> movedTwiceAndCancelled(String uid) {
    List<Held> links = new ArrayList<>(List.of(calcom.booking(uid)));
    for (int i = 0; i < 2; i++) {
      links.add(calcom.reschedules(links.getLast().uid(), aFreeStart()));
    }
    calcom.cancels(links.getLast().uid());
    return links;
  }

  private List<Runnable> told(List<Held> links, String rescheduled) {
    return List.of(
        () -> calcom.tells(links.get(0).uid(), "created"),
        () -> calcom.tells(links.get(1).uid(), rescheduled),
        () -> calcom.tells(links.get(2).uid(), rescheduled),
        () -> calcom.tells(links.get(2).uid(), "cancelled"));
  }

  private static void shuffle(List<Runnable> deliveries, int seed, Random random) {
    if (seed > 0) {
      Collections.shuffle(deliveries, random);
    }
  }

  private static List<Runnable> withRepetitions(
      List<Runnable> deliveries, int seed, Random random) {
    List<Runnable> all = new ArrayList<>(deliveries);
    for (int i = 0; seed > 0 && i < deliveries.size(); i++) {
      if (random.nextBoolean()) {
        all.add(random.nextInt(all.size() + 1), deliveries.get(i));
      }
    }
    return all;
  }

  private Outcome outcome(
      Map<String, Object> call,
      Map<String, Object> appointment,
      Map<String, String> names,
      ZonedDateTime start) {
    Map<String, Object> customer =
        rows.customer((Long) appointment.get("customer_id"))
            .map(Rows.Customer::columns)
            .orElse(Map.of());
    Map<String, String> minted = new HashMap<>();
    minted.put("customer_id " + customer.get("id"), "CUSTOMER");
    minted.put("call_id " + call.get("id"), "CALL");
    return new Outcome(
        named(call, names, minted),
        named(appointment, names, minted),
        named(customer, names, minted));
  }

  /** How often an aggregate changed depends on the order; where it ends does not. */
  private static Map<String, Object> named(
      Map<String, Object> columns, Map<String, String> names, Map<String, String> minted) {
    Map<String, Object> named = new TreeMap<>();
    columns.forEach(
        (column, value) -> {
          if (value != null && !Set.of("id", "revision", "booking_id").contains(column)) {
            named.put(
                column, minted.getOrDefault(column + " " + value, named(value.toString(), names)));
          }
        });
    return named;
  }

  private static String named(String value, Map<String, String> names) {
    String text = value;
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return text.replaceAll("(\"request_id\": )\"[0-9a-f-]{36}\"", "$1REQUEST")
        .replaceAll("(\"requested_at\": )\"[^\"]*\"", "$1THEN")
        .replaceAll("(\"appointment_id\": )\\d+", "$1APPOINTMENT");
  }

  private static Map<String, String> names(Caller caller, Reply reply, List<Held> links) {
    Map<String, String> names = new TreeMap<>(names(caller.from(), links));
    names.put(caller.callId(), "RETELL_CALL");
    names.put(reply.bookingId(), "BOOKING");
    putTime(names, caller.startedAt(), "CALL_STARTED");
    putTime(names, caller.endedAt(), "CALL_ENDED");
    return names;
  }

  private static Map<String, String> names(String phone, List<Held> links) {
    Map<String, String> names = new TreeMap<>();
    names.put(phone, "PHONE");
    for (int i = 0; i < links.size(); i++) {
      names.put(links.get(i).uid(), "UID" + i);
      names.put(String.valueOf(links.get(i).id()), "CALCOM_ID" + i);
      putTime(names, links.get(i).start(), "START" + i);
      putTime(names, links.get(i).start().plus(Duration.ofMinutes(55)), "END" + i);
    }
    return names;
  }

  private static void putTime(Map<String, String> names, Instant time, String name) {
    names.put(time.toString(), name);
  }
}
