package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.callsync.systemtests.Http.Answer;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each connection has its own keys, its own Cal.com account and its own companies. */
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionsTest extends SystemTest {

  /** Its event type has the number of one of company A's, in another Cal.com account. */
  private static final Company NORD =
      new Company(3, "+493023125003", 31, "Herrenhaarschnitt", 55, Company.A.eventTypeId());

  private final SecondConnection second = RunningSystem.get().second();

  @BeforeAll
  void the_second_connection_has_a_company() {
    assumeThat(second).isNotNull();
    second.calcom().offers(NORD.eventTypeId(), NORD.service(), NORD.minutes(), false);
    gateway.importDirectory(second.yaml(NORD));
  }

  @Test
  void AVL_07_what_a_connection_books_is_in_its_own_calendar_only() {
    ZonedDateTime start = aFreeStart();
    Caller atNord = Caller.of(second.gateway(), NORD);
    Caller atA = aCallerOf(Company.A);
    Caller.Reply nord = atNord.books(NORD, start);
    Caller.Reply a = atA.books(Company.A, start);
    assertThat(List.of(nord.status(), a.status())).containsOnly("booked");
    assertThat(second.calcom().bookingsOf(atNord)).hasSize(1);
    assertThat(calcom.bookingsOf(atNord)).isEmpty();
    assertThat(second.calcom().bookingsOf(atA)).isEmpty();
    Booked seen = booked(atNord, nord, start);
    assertThat(seen.appointment().companyId()).isEqualTo(NORD.id());
    assertThat(booked(atA, a, start).appointment().companyId()).isEqualTo(Company.A.id());
    second.calcom().cancels(seen.uid());
    eventually(
        () -> assertThat(rows.appointments(atNord).getFirst().status()).isEqualTo("cancelled"));
    assertThat(rows.appointments(atA).getFirst().status()).isEqualTo("confirmed");
  }

  @Test
  void both_keys_of_a_rotation_open_the_door() {
    for (Gateway door : List.of(second.gateway(), second.rotated())) {
      assertThat(Caller.of(door, NORD).starts().status()).isEqualTo(204);
      assertThat(door.calcom(Map.of("triggerEvent", "PING", "payload", Map.of())).status())
          .isEqualTo(204);
    }
  }

  @Test
  void SIG_01_a_key_opens_no_other_connections_door() {
    Caller atNord = Caller.of(second.gateway(), NORD);
    byte[] body = Http.bytes(Map.of("event", "call_started", "call", atNord.ongoing()));
    long now = System.currentTimeMillis();
    String ours = gateway.retellSignature(body, now);
    String theirs = second.gateway().retellSignature(body, now);
    assertThat(second.gateway().retell("/retell/webhook", body, ours).status()).isEqualTo(401);
    assertThat(gateway.retell("/retell/webhook", body, theirs).status()).isEqualTo(401);
    Answer unknown = gateway.retell("/retell/sued/webhook", body, ours);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().path("code").asString()).isEqualTo("connection_unknown");
    assertThat(rows.deliveries(atNord.callId())).isZero();
  }

  @Test
  void TEN_01_a_number_of_another_connections_company_is_an_unknown_one() {
    Caller stranger = Caller.of(second.gateway(), Company.A);
    Caller.Reply reply = stranger.books(Company.A, aFreeStart());
    assertThat(reply.status()).isEqualTo("company_unknown");
    assertThat(calcom.bookingsOf(stranger)).isEmpty();
    assertThat(second.calcom().bookingsOf(stranger)).isEmpty();
    eventually(() -> assertThat(rows.call(stranger)).isPresent());
    staysBroken("CALL_WITHOUT_COMPANY", "call", rows.call(stranger).orElseThrow().id());
  }

  @Test
  void ID_02_a_call_of_another_connection_is_neither_read_nor_changed() {
    Booked own = aBookedCall(Company.A);
    Caller forged =
        new Caller(
            second.gateway(),
            own.caller().callId(),
            own.caller().from(),
            NORD.number(),
            own.caller().startedAt());
    long before = rows.deliveries(own.caller().callId());
    for (Answer answer :
        List.of(
            forged.asks("find_appointments", Map.of()).answer(),
            forged.asks("cancel_appointment", Map.of()).answer(),
            forged.ends())) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.json().path("code").asString()).isEqualTo("call_of_another_connection");
    }
    assertThat(rows.deliveries(own.caller().callId())).isEqualTo(before);
    assertThat(calcom.booking(own.uid()).status()).isEqualToIgnoringCase("accepted");
  }

  @Test
  void CAL_06_a_cancellation_signed_by_another_account_cancels_nothing() {
    Booked own = aBookedCall(Company.A);
    Map<String, Object> cancelled =
        Map.of(
            "triggerEvent", "BOOKING_CANCELLED",
            "createdAt", "2026-03-05T17:44:02.903Z",
            "payload",
                Map.of(
                    "uid", own.uid(),
                    "bookingId", own.reply().calcomId(),
                    "eventTypeId", Company.A.eventTypeId(),
                    "startTime", own.start().toInstant().toString(),
                    "status", "CANCELLED"));
    assertThat(gateway.withKeys("-", "whsec_nord_going").calcom(cancelled).status()).isEqualTo(401);
    assertThat(second.gateway().calcom(cancelled).status()).isEqualTo(204);
    staysUnresolved(own.uid());
    Booked later = aBookedCall(Company.A);
    assertThat(rows.appointments(own.caller()).getFirst().status()).isEqualTo("confirmed");
    assertThat(rows.appointments(later.caller()).getFirst().status()).isEqualTo("confirmed");
  }

  @Test
  void a_connection_that_sends_too_much_is_slowed_and_the_others_are_not() {
    Caller loud = Caller.of(second.gateway(), NORD);
    loud.starts();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<CompletableFuture<Answer>> answers =
          IntStream.range(0, 6 * SecondConnection.REQUESTS_PER_SECOND)
              .mapToObj(
                  n ->
                      CompletableFuture.supplyAsync(
                          () -> loud.asks("current_context", Map.of()).answer(), threads))
              .toList();
      assertThat(aCallerOf(Company.A).asks("current_context", Map.of()).status()).isEqualTo("ok");
      List<Integer> statuses = answers.stream().map(a -> a.join().status()).toList();
      assertThat(statuses).contains(200).contains(429).containsOnly(200, 429);
    }
  }

  @Test
  void each_connection_has_its_own_size_limit() {
    Map<String, Object> large = Caller.of(gateway, Company.A).over();
    large.put("transcript", "x".repeat(SecondConnection.BODY_KILOBYTES * 1024));
    assertThat(second.gateway().retell("/retell/webhook", Map.of("call", large)).status())
        .isEqualTo(413);
    assertThat(gateway.retell("/retell/webhook", Map.of("call", large)).status()).isEqualTo(204);
  }

  @Test
  void SIG_02_two_hundred_function_calls_from_one_address_all_pass() {
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    assertThat(IntStream.range(0, 200))
        .allSatisfy(
            n -> assertThat(caller.asks("current_context", Map.of()).status()).isEqualTo("ok"));
  }

  @Test
  void SIG_01_what_is_not_signed_costs_no_database_work() {
    byte[] body =
        Http.bytes(Map.of("event", "call_started", "call", aCallerOf(Company.A).ongoing()));
    double before = gateway.count("hikaricp.connections.acquire");
    for (int n = 0; n < 400; n++) {
      assertThat(gateway.retell("/retell/webhook", body, "v=1,d=" + "0".repeat(64)).status())
          .isEqualTo(401);
    }
    // What the gateway does by itself meanwhile is far less than one connection a request.
    assertThat(gateway.count("hikaricp.connections.acquire") - before).isLessThan(200);
  }
}
