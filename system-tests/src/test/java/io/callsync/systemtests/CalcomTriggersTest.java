package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Cal.com tells of a booking besides that it was made, moved and cancelled. */
@Execution(ExecutionMode.SAME_THREAD)
class CalcomTriggersTest extends SystemTest {

  @Test
  void a_booking_with_a_price_waits_until_it_is_paid() {
    Company company = aCompany();
    calcom.offers(company, Map.of("price", 1500));
    Caller caller = aCallerOf(company);
    caller.starts();
    Reply reply = caller.books(company, aFreeStart());
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(reply.json().path("pending").asBoolean()).isTrue();
    eventually(() -> assertThat(status(reply.appointmentId())).hasValue("pending"));
    eventually(() -> assertThat(rows.outcomes(reply.calcomUid())).hasSize(1));
    assertThat(status(reply.appointmentId())).hasValue("pending");
    calcom.isPaidFor(reply.calcomUid());
    eventually(
        () ->
            assertThat(rows.appointment(reply.appointmentId()))
                .hasValueSatisfying(
                    a -> {
                      assertThat(a.status()).isEqualTo("confirmed");
                      assertThat(a.metadata().path("paid").asString("")).isEqualTo("true");
                    }));
    assertThat(rows.history(UUID.fromString(reply.bookingId())))
        .containsExactly(
            "BookingRequested", "BookingPending", "BookingConfirmed", "BookingCorrected");
  }

  @Test
  void a_priced_booking_of_the_page_waits_although_its_message_says_accepted() {
    Company company = aCompany();
    calcom.offers(company, Map.of("price", 1500));
    Held held = calcom.isBookedOnItsPage(company, aFreeStart(), "Max", Caller.freshNumber());
    eventually(() -> assertThat(statuses(held.uid())).containsExactly("pending"));
    calcom.tells(held.uid(), "payment_initiated");
    assertThat(statuses(held.uid())).containsExactly("pending");
    calcom.isPaidFor(held.uid());
    eventually(() -> assertThat(statuses(held.uid())).containsExactly("confirmed"));
  }

  @Test
  void who_did_not_come_is_seen_until_the_host_takes_it_back() {
    Booked booked = aBookedCall(Company.A);
    calcom.marks(booked.uid(), true);
    eventually(() -> assertThat(status(booked.appointment().id())).hasValue("no_show"));
    Caller again = booked.caller().callingAgain();
    again.starts();
    assertThat(again.asks("find_appointments", Map.of()).json().path("appointments")).isEmpty();
    calcom.marks(booked.uid(), false);
    eventually(() -> assertThat(status(booked.appointment().id())).hasValue("confirmed"));
    assertThat(rows.history(booked.appointment().bookingId()))
        .containsExactly(
            "BookingRequested", "BookingConfirmed", "BookingNoShow", "BookingCorrected");
    assertThat(rows.call(booked.caller()).orElseThrow().bookingConfirmed()).isTrue();
  }

  @Test
  void marks_that_overtake_each_other_end_with_the_one_that_was_sent_last() {
    Booked booked = aBookedCall(Company.A);
    marks(booked.uid(), false, "2026-03-10T10:25:00.000Z");
    marks(booked.uid(), true, "2026-03-10T10:20:00.000Z");
    marks(booked.uid(), true, "2026-03-10T10:20:00.000Z");
    assertThat(rows.outcomes(booked.uid())).endsWith("no_change", "no_change");
    marks(booked.uid(), true, "2026-03-10T10:30:00.000Z");
    eventually(() -> assertThat(status(booked.appointment().id())).hasValue("no_show"));
  }

  private void marks(String uid, boolean absent, String createdAt) {
    gateway.calcom(
        Map.of(
            "triggerEvent",
            "BOOKING_NO_SHOW_UPDATED",
            "createdAt",
            createdAt,
            "payload",
            Map.of(
                "bookingUid",
                uid,
                "attendees",
                List.of(
                    Map.of(
                        "email",
                        calcom.booking(uid).json().at("/attendees/0/email").asString(),
                        "noShow",
                        absent)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"meeting_ended", "meeting_ended_enveloped"})
  void a_meeting_that_is_over_is_completed_and_opens_no_door(String trigger) {
    Booked booked = aBookedCall(Company.A);
    calcom.tells(booked.uid(), trigger);
    eventually(() -> assertThat(status(booked.appointment().id())).hasValue("completed"));
    assertThat(rows.history(booked.appointment().bookingId())).endsWith("BookingCompleted");
    Appointment after = rows.appointment(booked.appointment().id()).orElseThrow();
    assertThat(after.startsAt()).isEqualTo(booked.start().toInstant());
    assertThat(after.callId()).isEqualTo(booked.call().id());
    assertThat(
            rows.call(booked.caller())
                .orElseThrow()
                .bookingDetails()
                .at("/calcom_booking/status")
                .asString(""))
        .isEqualTo("accepted");
    assertThat(
            rows.queryIn(
                "gateway",
                "select convert_from(body, 'UTF8') as body from delivery where subject = ? and kind = 'MEETING_ENDED'",
                booked.uid()))
        .singleElement()
        .satisfies(
            row ->
                assertThat((String) row.get("body"))
                    .contains("MEETING_ENDED")
                    .doesNotContain("oneTimePassword"));
    assertThat(booked.caller().books(Company.A, booked.start()).appointmentId())
        .as("the same wish is granted once")
        .isEqualTo(booked.appointment().id());
  }

  @Test
  void the_end_of_a_time_that_was_moved_away_says_nothing_of_the_new_one() {
    Booked booked = aBookedCall(Company.A);
    Held moved = calcom.reschedules(booked.uid(), aFreeStart());
    eventually(
        () ->
            assertThat(rows.appointment(booked.appointment().id()).map(Appointment::uid))
                .hasValue(moved.uid()));
    calcom.tells(booked.uid(), "meeting_ended");
    assertThat(status(booked.appointment().id())).hasValue("confirmed");
    assertThat(rows.outcomes(booked.uid())).endsWith("no_change");
  }

  @Test
  void the_end_of_what_was_cancelled_or_missed_changes_nothing() {
    Booked cancelled = aBookedCall(Company.A);
    calcom.cancels(cancelled.uid());
    calcom.tells(cancelled.uid(), "meeting_ended");
    eventually(() -> assertThat(status(cancelled.appointment().id())).hasValue("cancelled"));
    Booked missed = aBookedCall(Company.A);
    calcom.marks(missed.uid(), true);
    calcom.tells(missed.uid(), "meeting_ended");
    eventually(() -> assertThat(status(missed.appointment().id())).hasValue("no_show"));
    calcom.marks(missed.uid(), false);
    eventually(() -> assertThat(status(missed.appointment().id())).hasValue("completed"));
    assertThat(status(cancelled.appointment().id())).hasValue("cancelled");
  }

  @Test
  void a_meeting_of_which_nobody_told_us_is_fetched_when_it_starts() {
    calcom.delivers("none");
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    calcom.tells(held.uid(), "meeting_started");
    eventually(() -> assertThat(statuses(held.uid())).containsExactly("confirmed"));
    calcom.tells(held.uid(), "meeting_started_enveloped");
    assertThat(rows.outcomes(held.uid())).endsWith("no_change");
  }

  @ParameterizedTest
  @CsvSource({"documented", "never"})
  void everybody_who_shares_a_time_has_an_appointment_and_leaves_alone(String seatIds) {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    ZonedDateTime start = aFreeStart();
    Held anna = calcom.isBookedOnItsPage(company, start, "Anna", Caller.freshNumber());
    Held ben = calcom.isBookedOnItsPage(company, start, "Ben", Caller.freshNumber());
    assertThat(ben.uid()).isEqualTo(anna.uid());
    Caller clara = aCallerOf(company);
    clara.starts();
    Reply reply = clara.books(clara.wish(company.service(), start, "Clara"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(reply.calcomUid()).isEqualTo(anna.uid());
    eventually(
        () ->
            assertThat(seats(anna.uid()))
                .isEqualTo(Map.of("Anna", "confirmed", "Ben", "confirmed", "Clara", "confirmed")));
    List<Appointment> shared = rows.appointmentsWithUid(anna.uid());
    assertThat(shared).extracting(Appointment::customerId).doesNotHaveDuplicates();
    assertThat(shared).extracting(Appointment::seatUid).doesNotHaveDuplicates();
    Held held = calcom.booking(anna.uid());
    assertThat(rows.appointment(reply.appointmentId()).map(Appointment::seatUid))
        .hasValue(held.seatOf("Clara"));
    assertThat(rows.appointments(clara)).hasSize(1);

    calcom.delivers("with", seatIds, 0);
    calcom.cancelsSeat(anna.uid(), held.seatOf("Ben"));
    eventually(
        () ->
            assertThat(seats(anna.uid()))
                .isEqualTo(Map.of("Anna", "confirmed", "Ben", "cancelled", "Clara", "confirmed")));
    calcom.cancelsSeat(anna.uid(), held.seatOf("Anna"));
    eventually(
        () ->
            assertThat(seats(anna.uid()))
                .isEqualTo(Map.of("Anna", "cancelled", "Ben", "cancelled", "Clara", "confirmed")));
    calcom.cancels(anna.uid());
    eventually(() -> assertThat(status(reply.appointmentId())).hasValue("cancelled"));
    assertThat(rows.appointmentsWithUid(anna.uid())).hasSize(3);
  }

  @Test
  void a_cancellation_of_the_whole_time_cancels_every_seat_also_one_announced_later() {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    ZonedDateTime start = aFreeStart();
    calcom.delivers("none");
    String uid = calcom.isBookedOnItsPage(company, start, "Anna", Caller.freshNumber()).uid();
    Held both = calcom.isBookedOnItsPage(company, start, "Ben", Caller.freshNumber());
    calcom.cancels(uid);
    calcom.tells(uid, "created", both.seatOf("Anna"));
    calcom.tells(uid, "cancelled");
    calcom.tells(uid, "created", both.seatOf("Ben"));
    eventually(
        () -> assertThat(seats(uid)).isEqualTo(Map.of("Anna", "cancelled", "Ben", "cancelled")));
  }

  @Test
  void the_end_that_is_told_while_a_seat_is_taken_is_the_end_of_that_seat_too() {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    calcom.delivers("none");
    List<String> times = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 40; i++) {
        ZonedDateTime start = aFreeStart();
        String uid = calcom.isBookedOnItsPage(company, start, "Anna", Caller.freshNumber()).uid();
        Held both = calcom.isBookedOnItsPage(company, start, "Ben", Caller.freshNumber());
        calcom.tells(uid, "created", both.seatOf("Ben"));
        threads.submit(() -> calcom.tells(uid, "created", both.seatOf("Anna")));
        threads.submit(() -> calcom.tells(uid, "meeting_ended"));
        times.add(uid);
      }
    }
    eventually(
        () ->
            assertThat(times)
                .allSatisfy(
                    uid ->
                        assertThat(seats(uid))
                            .isEqualTo(Map.of("Anna", "completed", "Ben", "completed"))));
  }

  @Test
  void a_message_that_names_people_without_their_seats_merges_nobody() {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    ZonedDateTime start = aFreeStart();
    calcom.delivers("none");
    String uid = calcom.isBookedOnItsPage(company, start, "Anna", Caller.freshNumber()).uid();
    Held both = calcom.isBookedOnItsPage(company, start, "Ben", Caller.freshNumber());
    calcom.tells(uid, "created", both.seatOf("Anna"));
    eventually(
        () -> assertThat(seats(uid)).isEqualTo(Map.of("Anna", "confirmed", "Ben", "confirmed")));
    assertThat(rows.appointmentsWithUid(uid))
        .extracting(Appointment::seatUid)
        .containsExactlyInAnyOrder(both.seatOf("Anna"), both.seatOf("Ben"));
  }

  @Test
  void the_metadata_of_who_came_first_does_not_give_a_call_the_seat_of_another() {
    Company company = aCompany();
    calcom.offers(company, Map.of("seats", 4));
    Caller clara = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    clara.starts();
    Reply reply = clara.books(clara.wish(company.service(), start, "Clara"));
    eventually(() -> assertThat(status(reply.appointmentId())).hasValue("confirmed"));
    calcom.isBookedOnItsPage(company, start, "Dora", Caller.freshNumber());
    eventually(
        () ->
            assertThat(seats(reply.calcomUid()))
                .isEqualTo(Map.of("Clara", "confirmed", "Dora", "confirmed")));
    assertThat(rows.appointments(clara))
        .singleElement()
        .satisfies(a -> assertThat(a.attendeeName()).isEqualTo("Clara"));
  }

  @Test
  void each_week_of_a_series_is_an_appointment_and_the_end_of_a_series_ends_them_all() {
    Booked booked = aBookedCall(Company.A);
    String requestId = booked.appointment().metadata().path("request_id").asString();
    Company company = aCompany();
    List<Held> weeks =
        calcom.isBookedWeekly(
            company,
            aFreeStart(),
            "Max Muster",
            Caller.freshNumber(),
            3,
            Map.of("callsync_request_id", requestId));
    eventually(
        () ->
            assertThat(weeks)
                .allSatisfy(w -> assertThat(statuses(w.uid())).containsExactly("confirmed")));
    assertThat(rows.appointment(booked.appointment().id()).map(Appointment::uid))
        .as("the series carries a copy of our request id")
        .hasValue(booked.uid());
    calcom.cancelsFrom(weeks.getFirst().uid());
    eventually(() -> assertThat(statuses(weeks.getFirst().uid())).containsExactly("cancelled"));
    // Cal.com tells of the first one only: what became of the others is asked.
    eventually(
        Duration.ofSeconds(40),
        () ->
            assertThat(weeks)
                .allSatisfy(w -> assertThat(statuses(w.uid())).containsExactly("cancelled")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_host_who_asks_for_another_time_cancels_with_a_note_for_people(boolean older) {
    Booked booked = aBookedCall(Company.A);
    calcom.asksForAnotherTime(booked.uid(), older);
    eventually(
        () ->
            assertThat(rows.appointment(booked.appointment().id()))
                .hasValueSatisfying(
                    a -> {
                      assertThat(a.status()).isEqualTo("cancelled");
                      assertThat(a.metadata().path("reschedule_requested").asString(""))
                          .isEqualTo("true");
                    }));
    assertThat(rows.history(booked.appointment().bookingId())).endsWith("BookingCancelled");
  }

  @Test
  void our_request_id_in_a_message_of_another_account_touches_nothing() {
    SecondConnection second = RunningSystem.get().second();
    Booked booked = aBookedCall(Company.A);
    String requestId = booked.appointment().metadata().path("request_id").asString();
    eventually(() -> assertThat(rows.outcomes(booked.uid())).hasSize(1));
    Company elsewhere = Company.unknown();
    second
        .calcom()
        .offers(elsewhere.eventTypeId(), elsewhere.service(), elsewhere.minutes(), false);
    gateway.importDirectory(second.yaml(elsewhere));
    Held foreign =
        second.calcom().surfaces(elsewhere, aFreeStart(), "Eve", Caller.freshNumber(), requestId);
    eventually(() -> assertThat(statuses(foreign.uid())).containsExactly("confirmed"));
    Appointment made = rows.appointmentsWithUid(foreign.uid()).getFirst();
    assertThat(made.bookingId()).isNotEqualTo(booked.appointment().bookingId());
    assertThat(made.callId()).isNull();
    assertThat(rows.appointment(booked.appointment().id()).orElseThrow().columns())
        .isEqualTo(booked.appointment().columns());
    second.calcom().cancels(foreign.uid());
    eventually(() -> assertThat(statuses(foreign.uid())).containsExactly("cancelled"));
  }

  private Optional<String> status(long appointmentId) {
    return rows.appointment(appointmentId).map(Appointment::status);
  }

  private List<String> statuses(String uid) {
    return rows.appointmentsWithUid(uid).stream().map(Appointment::status).toList();
  }

  private Map<String, String> seats(String uid) {
    return rows.appointmentsWithUid(uid).stream()
        .collect(
            Collectors.toMap(
                Appointment::attendeeName, Appointment::status, (a, b) -> a + " and " + b));
  }
}
