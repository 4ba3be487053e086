package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway dies at the worst moment. */
@Execution(ExecutionMode.SAME_THREAD)
class CrashTest extends SystemTest {

  /** A wish without outcome is looked up after ten seconds. */
  private static final Duration UNTIL_LOOKED_UP = Duration.ofSeconds(30);

  @AfterEach
  void everything_runs_again() {
    stack.start(EnumSet.of(Part.GATEWAY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "before"})
  void GHOST_02_killed_between_Calcoms_booking_and_its_record_is_one_appointment(String webhook) {
    calcom.delivers(webhook);
    calcom.fails(Map.of("operation", "create", "times", 1, "delayMs", 4000, "when", "after"));
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    ZonedDateTime start = aFreeStart();
    Map<String, Object> wish = caller.wish(Company.A.service(), start, "Erika Beispiel");
    CompletableFuture<Reply> lost =
        CompletableFuture.supplyAsync(() -> caller.booksAs("tool_call_1", wish));
    eventually(() -> assertThat(calcom.bookingsOf(caller)).hasSize(1));
    stack.kill(Part.GATEWAY);
    assertThat(lost.join().answer().status()).isZero();
    stack.start(EnumSet.of(Part.GATEWAY));

    Reply repeated = caller.booksAs("tool_call_1", wish);
    assertThat(repeated.status()).isIn("booked", "in_doubt");
    eventually(
        UNTIL_LOOKED_UP,
        () ->
            assertThat(rows.appointments(caller))
                .singleElement()
                .satisfies(
                    a -> {
                      assertThat(a.status()).isEqualTo("confirmed");
                      assertThat(a.id()).isEqualTo(repeated.appointmentId());
                      assertThat(a.uid()).isEqualTo(calcom.bookingsOf(caller).getFirst().uid());
                    }));
    eventually(() -> assertThat(rows.call(caller).map(Call::bookingConfirmed)).hasValue(true));
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
    assertThat(topics.booking(repeated.bookingId()).stream().map(e -> e.getMeta().getType()))
        .startsWith("BookingRequested")
        .endsWith("BookingConfirmed");
  }

  @Test
  void what_was_acknowledged_before_a_kill_is_seen_after_it() {
    Caller caller = aCallerOf(Company.A);
    assertThat(caller.starts().status()).isEqualTo(204);
    Reply reply = caller.books(Company.A, aFreeStart());
    assertThat(caller.ends().status()).isEqualTo(204);
    stack.kill(Part.GATEWAY);
    assertThat(reply.status()).isEqualTo("booked");
    stack.start(EnumSet.of(Part.GATEWAY));
    eventually(
        () -> {
          assertThat(rows.call(caller).map(Call::status)).hasValue("ended");
          assertThat(rows.appointment(reply.appointmentId()).map(Appointment::status))
              .hasValue("confirmed");
        });
  }

  @Test
  void an_answer_that_is_cut_off_is_in_doubt_and_then_found() {
    calcom.delivers("none");
    calcom.fails(Map.of("operation", "create", "times", 1, "when", "after", "cut", true));
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    Reply reply = caller.books(Company.A, aFreeStart());
    assertThat(reply.status()).isEqualTo("in_doubt");
    assertThat(reply.say()).doesNotContain("gebucht");
    eventually(
        UNTIL_LOOKED_UP,
        () ->
            assertThat(rows.appointments(caller))
                .singleElement()
                .extracting(Appointment::status)
                .isEqualTo("confirmed"));
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
    assertThat(topics.booking(reply.bookingId()).getLast().getMeta().getSource())
        .isEqualTo("calcom_reconciliation");
  }

  @Test
  void a_gateway_that_was_stopped_in_its_tracks_doubles_and_loses_nothing() {
    Booked before = aBookedCall(Company.A);
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    ZonedDateTime start = aFreeStart();
    Reply reply = caller.books(Company.A, start);
    stack.suspend(Part.GATEWAY);
    CompletableFuture<Http.Answer> waiting = CompletableFuture.supplyAsync(caller::ends);
    // Long enough that its right to relay has run out.
    eventually(
        () ->
            assertThat(
                    rows.queryIn(
                        "gateway", "select slot from relay where lease_until < clock_timestamp()"))
                .isNotEmpty());
    stack.resume(Part.GATEWAY);
    assertThat(waiting.join().status()).isEqualTo(204);
    Booked booked = booked(caller, reply, start);
    eventually(() -> assertThat(rows.call(caller).map(Call::status)).hasValue("ended"));
    assertThat(
            topics.booking(reply.bookingId()).stream()
                .map(e -> e.getMeta().getRevision())
                .distinct())
        .containsExactly(1L, 2L);
    assertThat(rows.appointment(before.appointment().id())).isPresent();
    assertThat(rows.history(booked.appointment().bookingId())).hasSize(2);
  }
}
