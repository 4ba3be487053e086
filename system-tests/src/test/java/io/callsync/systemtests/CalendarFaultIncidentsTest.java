package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is told of a calendar that is slow, has had enough, or books something else. */
@Execution(ExecutionMode.SAME_THREAD)
class CalendarFaultIncidentsTest extends SystemTest {

  private static final Duration BUDGET = Duration.ofSeconds(8);

  /** The default of callsync.wishes.give-up-after, and a little more. */
  private static final Duration UNTIL_GIVEN_UP = Duration.ofSeconds(80);

  @Test
  void AVL_04_a_wish_in_flight_counts_as_taken() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.fails(Map.of("operation", "create", "times", 1, "delayMs", 4000, "when", "before"));
    Caller first = aCallerOf(company);
    CompletableFuture<Reply> booking =
        CompletableFuture.supplyAsync(() -> first.books(company, start));
    eventually(
        () ->
            assertThat(
                    rows.queryIn(
                        "gateway",
                        "select 1 from wish where retell_call_id = ? and state = 'open'",
                        first.callId()))
                .hasSize(1));
    Caller second = aCallerOf(company);
    Reply meanwhile = second.asks("check_availability", second.when(start.plusMinutes(15)));
    assertThat(booking).isNotDone();
    isTakenAround(meanwhile, start);
    assertThat(booking.join().status()).isEqualTo("booked");
    booked(first, booking.join(), start);
  }

  @Test
  void AVL_04_a_move_in_flight_counts_as_taken() {
    Booked booked = aBookedCall(aCompany());
    Company company = companyOf(booked);
    ZonedDateTime start = booked.start().plusDays(1);
    calcom.fails(Map.of("operation", "reschedule", "times", 1, "delayMs", 4000, "when", "before"));
    Caller first = booked.caller().callingAgain();
    CompletableFuture<Reply> moving =
        CompletableFuture.supplyAsync(
            () -> first.asks("reschedule_appointment", first.whenNew(start)));
    eventually(
        () ->
            assertThat(
                    rows.queryIn(
                        "gateway",
                        "select 1 from change_wish where retell_call_id = ? and state = 'open'",
                        first.callId()))
                .hasSize(1));
    Caller second = aCallerOf(company);
    Reply meanwhile = second.asks("check_availability", second.when(start.plusMinutes(15)));
    assertThat(moving).isNotDone();
    isTakenAround(meanwhile, start);
    assertThat(moving.join().status()).isEqualTo("rescheduled");
  }

  private Company companyOf(Booked booked) {
    return new Company(
        booked.appointment().companyId(),
        booked.caller().to(),
        booked.appointment().serviceId(),
        booked.reply().json().path("service").asString(),
        30,
        calcom.booking(booked.uid()).json().path("eventTypeId").asLong());
  }

  /** Half an hour from then on is nobody's any more. */
  private static void isTakenAround(Reply reply, ZonedDateTime start) {
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("unavailable");
    assertThat(reply.json().path("offers"))
        .isNotEmpty()
        .allSatisfy(
            offer -> {
              Instant other = ZonedDateTime.parse(offer.path("start").asString()).toInstant();
              assertThat(Duration.between(start.toInstant(), other).abs())
                  .isGreaterThanOrEqualTo(Duration.ofMinutes(30));
            });
  }

  @Test
  void CAL_04_when_Calcom_has_had_enough_the_caller_is_told_in_time_and_nothing_is_booked() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.fails(Map.of("operation", "create", "times", 1, "status", 429));
    Caller caller = aCallerOf(company);
    Instant asked = Instant.now();
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("try_later");
    assertThat(Duration.between(asked, Instant.now())).isLessThan(BUDGET);
    assertThat(calcom.requestsAbout(company)).hasSize(1);
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    eventually(
        () -> {
          assertThat(topics.typesOfBooking(reply.bookingId()))
              .containsExactly("BookingRequested", "BookingFailed");
          assertThat(topics.booking(reply.bookingId()).getLast().getBooking().getFailureReason())
              .isEqualTo("rate_limited");
        });
    Reply again = caller.books(company, start);
    assertThat(again.status()).as("a later try is a new one").isEqualTo("booked");
    booked(caller, again, start);
  }

  @Test
  void CAL_04_nobody_asks_before_the_time_that_Calcom_named() {
    Company company = aCompany();
    calcom.fails(Map.of("operation", "slots", "times", 1, "status", 429, "retryAfterSeconds", 2));
    Caller caller = aCallerOf(company);
    Map<String, Object> when = caller.when(aFreeStart());
    assertThat(caller.asks("check_availability", when).status()).isEqualTo("try_later");
    Instant asked = Instant.now();
    assertThat(caller.asks("check_availability", when).status()).isEqualTo("available");
    assertThat(Duration.between(asked, Instant.now())).isLessThan(BUDGET);
    List<JsonNode> requests = calcom.requestsAbout(company);
    assertThat(requests).hasSize(2);
    assertThat(
            requests.getLast().path("receivedMicros").asLong()
                - requests.getFirst().path("receivedMicros").asLong())
        .isGreaterThan(1_900_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"before", "with"})
  void GHOST_05_a_booking_at_another_time_is_not_booked_though_its_webhook_says_so(String when) {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.delivers(when);
    calcom.fails(Map.of("operation", "create", "times", 1, "when", "after", "shiftMinutes", 90));
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).as(reply.answer().text()).isIn("try_later", "in_doubt");
    Calcom.Held elsewhere = calcom.bookingsOf(caller).getFirst();
    eventually(() -> assertThat(calcom.booking(elsewhere.uid()).status()).isEqualTo("cancelled"));
    eventually(
        () ->
            assertThat(rows.appointments(caller))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.status()).isEqualTo("cancelled")));
  }

  @Test
  void GHOST_05_a_booking_at_another_time_than_asked_is_never_told_and_is_taken_back() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.delivers("none");
    calcom.fails(Map.of("operation", "create", "times", 1, "when", "after", "shiftMinutes", 90));
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("in_doubt");
    Calcom.Held elsewhere = calcom.bookingsOf(caller).getFirst();
    assertThat(elsewhere.start()).isEqualTo(start.plusMinutes(90).toInstant());
    eventually(
        UNTIL_GIVEN_UP,
        () ->
            assertThat(topics.typesOfBooking(reply.bookingId()))
                .endsWith("BookingFailed")
                .doesNotContain("BookingConfirmed"));
    calcom.behaves();
    calcom.tells(elsewhere.uid(), "created");
    eventually(() -> assertThat(calcom.booking(elsewhere.uid()).status()).isEqualTo("cancelled"));
    eventually(
        () ->
            assertThat(rows.appointments(caller))
                .allSatisfy(row -> assertThat(row.status()).isEqualTo("cancelled")));
  }
}
