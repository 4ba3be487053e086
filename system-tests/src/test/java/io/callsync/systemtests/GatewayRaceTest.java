package io.callsync.systemtests;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.CompletableFuture.runAsync;
import static java.util.concurrent.CompletableFuture.supplyAsync;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Calcom.Asked;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The same function calls at two gateways at once, while Cal.com is slow, fails and cuts its
 * answers off, and one of the gateways is killed: the callers go to the other one, as Retell would.
 */
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayRaceTest extends SystemTest {

  private static final int WISHES = 20;
  private static final int CALLS_EACH = 10;

  /** Wishes come one after the other, their identical calls in pairs, one at each gateway. */
  private static final long BETWEEN_WISHES_MS = 250;

  private static final long BETWEEN_PAIRS_MS = 200;

  /** How long a gateway waits for Cal.com while somebody is on the phone. */
  private static final Duration BUDGET = Duration.ofSeconds(8);

  /**
   * A wish has an outcome so long after it came in: looked up from the budget and two seconds on,
   * every three seconds, and given up at a look after the 15 s of these tests.
   */
  private static final Duration SETTLED = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What one call was told in the end.
   *
   * @param broken how many connections broke before
   */
  private record Said(Reply reply, int broken) {
    String status() {
      return reply.status();
    }
  }

  /**
   * Somebody's wish, however often it is said.
   *
   * @param toolCallId null where Retell sends none
   */
  private record Wish(Caller caller, String toolCallId, String function, Map<String, Object> args) {
    Reply saidTo(Gateway gateway) {
      return toolCallId == null
          ? caller.at(gateway).asks(function, args)
          : caller.at(gateway).asksAs(toolCallId, function, args);
    }
  }

  /** Every other one carries the id of its invocation. */
  private static Wish wish(int n, Caller caller, String function, Map<String, Object> args) {
    return new Wish(caller, n % 2 == 0 ? "tool_call_" + function : null, function, args);
  }

  @BeforeAll
  void a_second_gateway_runs() {
    stack.start(EnumSet.of(Part.GATEWAY2));
  }

  @AfterAll
  void one_gateway_is_enough_again() {
    threads.close();
    stack.stop(Part.GATEWAY2);
    stack.start(EnumSet.of(Part.GATEWAY));
  }

  @Test
  void two_hundred_calls_for_twenty_wishes_make_twenty_bookings() {
    Company company = aCompanyOfBoth();
    calcom.deliversInTurn(List.of("with", "none", "before"));
    suffers("create", Map.of("delayMs", 800));
    suffers("create", Map.of("cut", true, "when", "after"));
    suffers("create", Map.of("delayMs", 1500, "when", "after"));
    suffers("create", Map.of("status", 500, "when", "after"));
    suffers("create", Map.of("cut", true));
    suffers("create", Map.of("delayMs", 4000, "when", "after", "times", 6));
    suffers("create", Map.of("cut", true, "when", "after"));
    suffers("create", Map.of("delayMs", 9000, "when", "after"));
    suffers("create", Map.of("delayMs", 9000));
    suffers("create", Map.of("delayMs", 300, "times", -1));
    Instant began = Instant.now();

    List<Wish> wishes =
        IntStream.range(0, WISHES)
            .mapToObj(
                n -> {
                  Caller caller = aCallerOf(company);
                  caller.starts();
                  return wish(
                      n,
                      caller,
                      "book_appointment",
                      caller.wish(company.service(), aFreeStart(), "Erika Beispiel"));
                })
            .toList();
    CompletableFuture<Void> kill =
        killedOnce(Part.GATEWAY, () -> assertThat(standing(company)).hasSizeGreaterThan(6));
    List<List<Said>> said = race(wishes);
    kill.join();
    assertThat(said).as("the kill was felt").anyMatch(GatewayRaceTest::feltTheKill);

    wishesSettle(company);
    List<Asked> asked = calcom.asked("create", began);
    for (int n = 0; n < WISHES; n++) {
      Caller caller = wishes.get(n).caller();
      List<Asked> own = asked.stream().filter(a -> a.callId().equals(caller.callId())).toList();
      toldTheTruth(caller, said.get(n), own);
      if (wishes.get(n).toolCallId() != null) {
        assertThat(said.get(n))
            .extracting(s -> s.reply().answer().text())
            .containsOnly(wishes.get(n).saidTo(gateway).answer().text());
      }
    }
    calcom.faultsEnd();
    for (Wish wish : wishes) {
      isOneAppointment(company, wish);
      wish.caller().ends();
    }
    assertThat(standing(company)).hasSize(WISHES);
  }

  /** What was said is checked against Cal.com's own book. */
  private void toldTheTruth(Caller caller, List<Said> said, List<Asked> asked) {
    boolean fault =
        feltTheKill(said)
            || asked.stream().anyMatch(a -> a.status() != 201 || a.held().compareTo(BUDGET) > 0);
    List<Held> standing = standing(caller);
    assertThat(said).as("at " + asked).extracting(Said::status).isSubsetOf("booked", "in_doubt");
    if (!fault) {
      assertThat(said).extracting(Said::status).containsOnly("booked");
    }
    for (Said one : said) {
      if (one.status().equals("booked")) {
        assertThat(standing)
            .singleElement()
            .satisfies(
                held -> {
                  assertThat(held.uid()).isEqualTo(one.reply().calcomUid());
                  assertThat(held.metadata("callsync_request_id"))
                      .isEqualTo(requestOf(one.reply().bookingId()));
                });
      }
    }
  }

  /** Said once more it is booked, and was before unless Cal.com had lost it. */
  private void isOneAppointment(Company company, Wish wish) {
    Caller caller = wish.caller();
    List<Held> before = standing(caller);
    Reply reply = caller.books(wish.args());
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(standing(caller)).singleElement().extracting(Held::uid).isEqualTo(reply.calcomUid());
    if (!before.isEmpty()) {
      assertThat(before).singleElement().extracting(Held::uid).isEqualTo(reply.calcomUid());
    }
    eventually(
        () ->
            assertThat(
                    rows.query(
                        "select * from appointments where company_id = ? and starts_at = ?::timestamptz",
                        company.id(),
                        standing(caller).getFirst().start().toString()))
                .singleElement()
                .satisfies(
                    row -> {
                      Appointment appointment = new Appointment(row);
                      assertThat(appointment.id()).isEqualTo(reply.appointmentId());
                      assertThat(appointment.status()).isEqualTo("confirmed");
                    }));
  }

  @Test
  void identical_moves_and_cancellations_change_each_appointment_once() {
    Company company = aCompanyOfBoth();
    List<Booked> booked = IntStream.range(0, 8).mapToObj(n -> aBookedCall(company)).toList();
    Instant began = Instant.now();
    calcom.deliversInTurn(List.of("with", "none"));
    suffers("reschedule", Map.of("delayMs", 800));
    suffers("reschedule", Map.of("cut", true, "when", "after"));
    suffers("reschedule", Map.of("delayMs", 4000, "when", "after", "times", 2));
    suffers("cancel", Map.of("delayMs", 800));
    suffers("cancel", Map.of("cut", true));
    suffers("cancel", Map.of("status", 500, "when", "after"));
    suffers("cancel", Map.of("delayMs", 4000, "when", "after"));
    List<Wish> wishes =
        IntStream.range(0, booked.size())
            .mapToObj(
                n -> {
                  Caller later = booked.get(n).caller().callingAgain();
                  return isMoved(n)
                      ? wish(
                          n, later, "reschedule_appointment", later.whenNew(moved(booked.get(n))))
                      : wish(n, later, "cancel_appointment", Map.of());
                })
            .toList();
    CompletableFuture<Void> kill =
        killedOnce(
            Part.GATEWAY2,
            () -> assertThat(calcom.asked("reschedule", began)).hasSizeGreaterThan(1));
    List<List<Said>> said = race(wishes);
    kill.join();
    assertThat(said).as("the kill was felt").anyMatch(GatewayRaceTest::feltTheKill);
    changesSettle(booked);

    for (int n = 0; n < booked.size(); n++) {
      Booked one = booked.get(n);
      if (isMoved(n)) {
        toldTheTruth(one, "reschedule", 201, began, said.get(n), Set.of("rescheduled"));
        assertThat(calcom.bookingsOf(one.caller())).as("the links of the chain").hasSize(2);
        assertThat(standing(one.caller()))
            .singleElement()
            .extracting(Held::start)
            .isEqualTo(moved(one).toInstant());
      } else {
        // Whoever asks when it is done, and is not known to repeat himself, has nothing to cancel.
        toldTheTruth(
            one, "cancel", 200, began, said.get(n), Set.of("cancelled", "appointment_not_found"));
        assertThat(calcom.bookingsOf(one.caller())).hasSize(1);
        assertThat(standing(one.caller())).isEmpty();
      }
      String event = isMoved(n) ? "BookingRescheduled" : "BookingCancelled";
      eventually(
          () -> assertThat(rows.history(one.appointment().bookingId())).containsOnlyOnce(event));
    }
  }

  /** The second gateway learns within a second what the first one imported. */
  private Company aCompanyOfBoth() {
    Company company = aCompany();
    Map<String, Object> inbound =
        Map.of("event", "call_inbound", "call_inbound", Map.of("to_number", company.number()));
    eventually(
        () ->
            assertThat(
                    secondGateway
                        .retell("/retell/inbound", inbound)
                        .json()
                        .at("/call_inbound/dynamic_variables/company_name")
                        .asString(""))
                .isNotEmpty());
    return company;
  }

  /** Two of four, so that both kinds come with and without the id of the invocation. */
  private static boolean isMoved(int n) {
    return n % 4 < 2;
  }

  private static ZonedDateTime moved(Booked booked) {
    return booked.start().plusDays(100);
  }

  /** In doubt only where something went wrong with a request about this booking. */
  private void toldTheTruth(
      Booked booked, String operation, int good, Instant began, List<Said> said, Set<String> done) {
    Set<String> uids =
        calcom.bookingsOf(booked.caller()).stream().map(Held::uid).collect(Collectors.toSet());
    List<Asked> asked =
        calcom.asked(operation, began).stream()
            .filter(a -> uids.stream().anyMatch(a.uri()::contains))
            .toList();
    boolean fault = feltTheKill(said) || asked.stream().anyMatch(a -> a.status() != good);
    List<String> allowed = new ArrayList<>(done);
    if (fault) {
      allowed.add("in_doubt");
    }
    assertThat(said).as("at " + asked).extracting(Said::status).isSubsetOf(allowed);
  }

  /** Whatever is still open is young enough, until nothing is open. */
  private void wishesSettle(Company company) {
    eventually(SETTLED, () -> assertThat(open(company, SETTLED)).isEmpty());
    assertThat(open(company, Duration.ofDays(1))).as("settled within %s", SETTLED).isEmpty();
  }

  private List<Map<String, Object>> open(Company company, Duration younger) {
    return rows.queryIn(
        "gateway",
        """
        select request_id from wish
        where event_type_id = ? and state = 'open' and created_at > clock_timestamp() - make_interval(secs => ?)
        """,
        company.eventTypeId(),
        younger.toSeconds());
  }

  private void changesSettle(List<Booked> booked) {
    eventually(
        SETTLED,
        () ->
            assertThat(booked)
                .allSatisfy(
                    one ->
                        assertThat(
                                rows.queryIn(
                                    "gateway",
                                    "select 1 as one from change_wish where booking_id = ? and state = 'open'",
                                    one.appointment().bookingId()))
                            .isEmpty()));
  }

  /** Says each wish ten times; the answers, wish by wish. */
  private List<List<Said>> race(List<Wish> wishes) {
    List<List<CompletableFuture<Said>>> calls = new ArrayList<>();
    for (int w = 0; w < wishes.size(); w++) {
      Wish wish = wishes.get(w);
      List<CompletableFuture<Said>> own = new ArrayList<>();
      for (int n = 0; n < CALLS_EACH; n++) {
        int first = n % 2;
        long after = w * BETWEEN_WISHES_MS + n / 2 * BETWEEN_PAIRS_MS;
        own.add(supplyAsync(() -> ask(wish, first), delayedExecutor(after, MILLISECONDS, threads)));
      }
      calls.add(own);
    }
    return calls.stream().map(own -> own.stream().map(CompletableFuture::join).toList()).toList();
  }

  /** Where the connection breaks it is asked again, at the other gateway. */
  private Said ask(Wish wish, int first) {
    for (int broken = 0; broken < CALLS_EACH; broken++) {
      Reply reply = wish.saidTo((first + broken) % 2 == 0 ? gateway : secondGateway);
      if (reply.answer().status() != 0) {
        assertThat(reply.answer().status()).as(reply.answer().text()).isEqualTo(200);
        return new Said(reply, broken);
      }
    }
    throw new AssertionError("no gateway answers");
  }

  private static boolean feltTheKill(List<Said> said) {
    return said.stream().anyMatch(s -> s.broken() > 0);
  }

  /** Killed when the moment has come, and started again. */
  private CompletableFuture<Void> killedOnce(Part part, ThrowingRunnable moment) {
    return runAsync(
        () -> {
          eventually(moment);
          stack.kill(part);
          stack.start(EnumSet.of(part));
        },
        threads);
  }

  private void suffers(String operation, Map<String, Object> fault) {
    Map<String, Object> all = new HashMap<>(fault);
    all.put("operation", operation);
    calcom.fails(all);
  }

  private List<Held> standing(Caller caller) {
    return calcom.bookingsOf(caller).stream().filter(Held::stands).toList();
  }

  private List<Held> standing(Company company) {
    return calcom.all().stream()
        .filter(Held::stands)
        .filter(held -> held.json().path("eventTypeId").asLong() == company.eventTypeId())
        .toList();
  }

  private String requestOf(String bookingId) {
    return rows.queryIn(
            "gateway",
            "select request_id::text as id from wish where booking_id = ?::uuid",
            bookingId)
        .getFirst()
        .get("id")
        .toString();
  }
}
