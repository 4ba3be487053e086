package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.BookingEvent;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is asked of Cal.com, and what is told of its calendar. */
class CalendarIncidentsTest extends SystemTest {

  private static final int EIGHT_HOURS = 480;

  private static LocalDate inDays(int days) {
    return LocalDate.now(Slots.BERLIN).plusDays(days);
  }

  private static Instant start(JsonNode offer) {
    return ZonedDateTime.parse(offer.path("start").asString()).toInstant();
  }

  private Reply checks(Caller caller, ZonedDateTime start) {
    return caller.asks("check_availability", caller.when(start));
  }

  // --- availability

  /** An appointment stands from 11:15 to 13:30; the wish takes as long. */
  @ParameterizedTest
  @CsvSource({
    "09:00,available",
    "09:15,unavailable",
    "10:00,unavailable",
    "11:15,unavailable",
    "12:00,unavailable",
    "13:15,unavailable",
    "13:30,available",
    "14:00,available"
  })
  void AVL_04_what_overlaps_is_taken_and_what_touches_is_free(LocalTime time, String status) {
    Company company = aCompany(135);
    LocalDate day = inDays(5);
    calcom.isBookedOnItsPage(
        company, day.atTime(11, 15).atZone(Slots.BERLIN), "Max Muster", Caller.freshNumber());
    Reply reply = checks(aCallerOf(company), day.atTime(time).atZone(Slots.BERLIN));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo(status);
  }

  @Test
  void AVL_05_an_empty_day_offers_the_next_free_one_and_names_it() {
    Company company = aCompany(EIGHT_HOURS);
    ZonedDateTime nine = inDays(6).atTime(9, 0).atZone(Slots.BERLIN);
    calcom.isBookedOnItsPage(company, nine, "Max Muster", Caller.freshNumber());
    Reply reply = checks(aCallerOf(company), nine.plusHours(1));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("unavailable");
    List<Instant> offered = offered(reply);
    assertThat(offered)
        .isNotEmpty()
        .allSatisfy(
            start -> {
              ZonedDateTime local = start.atZone(Slots.BERLIN);
              assertThat(local.getHour()).as("a slot of Cal.com's").isEqualTo(9);
              assertThat(local.toLocalDate()).isNotEqualTo(nine.toLocalDate());
              assertThat(reply.say()).contains(String.valueOf(local.getDayOfMonth()));
            });
    assertThat(ZonedDateTime.parse(reply.json().path("next_free").asString()).toInstant())
        .isEqualTo(offered.getFirst());
  }

  @Test
  void AVL_05_where_nothing_is_free_nothing_is_offered() {
    Company company = aCompany(EIGHT_HOURS);
    for (int day = 0; day <= 15; day++) {
      ZonedDateTime nine = inDays(day).atTime(9, 0).atZone(Slots.BERLIN);
      if (nine.toInstant().isAfter(Instant.now())) {
        calcom.isBookedOnItsPage(company, nine, "Max Muster", Caller.freshNumber());
      }
    }
    Reply reply = checks(aCallerOf(company), inDays(3).atTime(9, 0).atZone(Slots.BERLIN));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("unavailable");
    assertThat(offered(reply)).isEmpty();
    assertThat(reply.json().has("next_free")).isFalse();
    assertThat(reply.say()).contains("nichts frei");
  }

  private static List<Instant> offered(Reply reply) {
    List<Instant> offered = new ArrayList<>();
    reply.json().path("offers").forEach(offer -> offered.add(start(offer)));
    return offered;
  }

  // --- ghosts

  @Test
  void GHOST_04_what_was_said_in_a_call_books_nothing_after_it() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Map<String, Object> call =
        caller.analysed(
            Map.of(
                "appointment_date",
                inDays(3).toString(),
                "appointment_time",
                "10:00",
                "service",
                company.service(),
                "patient_full_name",
                "Erika Beispiel",
                "appointment_booked",
                false));
    call.put("transcript", "User: Ich möchte einen Termin am Montag um 10 Uhr.\n");
    caller.starts();
    caller.ends();
    assertThat(caller.retell("call_analyzed", call).status()).isEqualTo(204);
    eventually(
        () ->
            assertThat(rows.call(caller).map(Call::columns))
                .hasValueSatisfying(row -> assertThat(row).containsEntry("analyzed", true)));
    assertThat(calcom.requestsAbout(company)).isEmpty();
    assertThat(rows.queryIn("gateway", "select 1 from booking where company_id = ?", company.id()))
        .isEmpty();
    assertThat(rows.call(caller).map(Call::bookingConfirmed)).hasValue(false);
    assertThat(topics.typesOfCall(caller))
        .containsExactlyInAnyOrder("CallStarted", "CallEnded", "CallAnalyzed");
  }

  @Test
  void GHOST_05_a_taken_wish_is_refused_and_never_becomes_another_time() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.isBookedOnItsPage(company, start, "Max Muster", Caller.freshNumber());
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).isEqualTo("slot_taken");
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    eventually(
        () ->
            assertThat(topics.typesOfBooking(reply.bookingId()))
                .containsExactly("BookingRequested", "BookingFailed"));
    for (BookingEvent event : topics.booking(reply.bookingId())) {
      assertThat(event.getBooking().getWishedStart()).isEqualTo(start.toInstant());
    }
  }

  @Test
  void GHOST_05_a_booked_wish_is_booked_at_the_time_that_was_asked() {
    Booked booked = aBookedCall(aCompany());
    eventually(
        () ->
            assertThat(topics.typesOfBooking(booked.reply().bookingId()))
                .containsExactly("BookingRequested", "BookingConfirmed"));
    assertThat(topics.booking(booked.reply().bookingId()))
        .allSatisfy(
            event ->
                assertThat(event.getBooking().getStartsAt()).isEqualTo(booked.start().toInstant()));
    assertThat(calcom.booking(booked.uid()).start()).isEqualTo(booked.start().toInstant());
  }

  // --- requests

  @Test
  void CAL_01_a_booking_is_asked_for_as_Calcom_wants_it() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish(company.service(), start, "Erika Beispiel");
    args.put("notes", "bitte leise");
    Booked booked = booked(caller, caller.books(args), start);
    JsonNode request = theCreateOf(company);
    assertThat(request.path("uri").asString()).isEqualTo("/v2/bookings");
    assertThat(request.path("version").asString()).isEqualTo("2024-08-13");
    JsonNode body = request.path("body");
    String requestId = booked.reply().json().path("booking_id").asString();
    assertThat(body.propertyNames())
        .containsExactlyInAnyOrder(
            "start", "eventTypeId", "attendee", "bookingFieldsResponses", "metadata");
    assertThat(body.path("start").asString()).isEqualTo(start.toInstant().toString());
    assertThat(body.path("eventTypeId").isInt()).isTrue();
    assertThat(body.path("bookingFieldsResponses"))
        .isEqualTo(Http.JSON.valueToTree(Map.of("notes", "bitte leise")));
    assertThat(body.path("attendee"))
        .isEqualTo(
            Http.JSON.valueToTree(
                Map.of(
                    "name",
                    "Erika Beispiel",
                    "phoneNumber",
                    caller.from(),
                    "timeZone",
                    "Europe/Berlin",
                    "language",
                    "de")));
    assertThat(body.path("metadata").propertyNames())
        .containsExactlyInAnyOrder("callsync_request_id", "callsync_booking_id", "call_id");
    assertThat(body.path("metadata")).allSatisfy(value -> assertThat(value.isString()).isTrue());
    assertThat(body.at("/metadata/callsync_booking_id").asString()).isEqualTo(requestId);
    assertThat(body.at("/metadata/call_id").asString()).isEqualTo(caller.callId());
  }

  @Test
  void CAL_01_who_has_neither_number_nor_address_gets_one_for_Calcom_alone() {
    Company company = aCompany();
    Caller caller = aCallerOf(company).from("anonymous");
    ZonedDateTime start = aFreeStart();
    booked(caller, caller.books(company, start), start);
    JsonNode attendee = theCreateOf(company).at("/body/attendee");
    assertThat(attendee.has("phoneNumber")).isFalse();
    assertThat(attendee.path("email").asString("")).matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
  }

  private JsonNode theCreateOf(Company company) {
    List<JsonNode> creates =
        calcom.requestsAbout(company).stream()
            .filter(request -> request.path("operation").asString().equals("create"))
            .toList();
    assertThat(creates).hasSize(1);
    return creates.getFirst();
  }

  @Test
  void CAL_01_each_endpoint_is_asked_in_its_own_version() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    Caller later = booked.caller().callingAgain();
    checks(later, booked.start().plusDays(1));
    Reply moved = later.asks("reschedule_appointment", later.whenNew(booked.start().plusDays(1)));
    assertThat(moved.status()).isEqualTo("rescheduled");
    assertThat(later.asks("cancel_appointment", Map.of()).status()).isEqualTo("cancelled");
    assertThat(calcom.requestsAbout(company))
        .filteredOn(request -> request.path("operation").asString().equals("slots"))
        .isNotEmpty()
        .allSatisfy(
            request -> {
              assertThat(request.path("version").asString()).isEqualTo("2024-09-04");
              assertThat(request.path("uri").asString()).contains("start=", "end=");
            });
    List<JsonNode> changes = new ArrayList<>(calcom.requestsAbout(booked.uid()));
    changes.addAll(calcom.requestsAbout(moved.calcomUid()));
    assertThat(changes)
        .extracting(request -> request.path("operation").asString())
        .contains("reschedule", "cancel");
    assertThat(changes)
        .allSatisfy(
            request -> assertThat(request.path("version").asString()).isEqualTo("2024-08-13"));
    assertThat(changes)
        .filteredOn(request -> request.path("operation").asString().equals("cancel"))
        .allSatisfy(
            request ->
                assertThat(request.path("body").propertyNames())
                    .containsExactly("cancellationReason"));
  }

  @Test
  void CAL_04_no_function_asks_Calcom_more_than_twice() {
    Company company = aCompany(EIGHT_HOURS);
    ZonedDateTime nine = inDays(6).atTime(9, 0).atZone(Slots.BERLIN);
    calcom.isBookedOnItsPage(company, nine, "Max Muster", Caller.freshNumber());
    Caller caller = aCallerOf(company);
    asksAtMostTwice(company, () -> checks(caller, nine));
    asksAtMostTwice(company, () -> checks(caller, nine.plusHours(2)));
    asksAtMostTwice(company, () -> caller.asks("check_availability", Map.of()));
    asksAtMostTwice(
        company,
        () -> caller.asks("check_availability", Map.of("date", nine.toLocalDate().toString())));
    asksAtMostTwice(company, () -> caller.books(company, nine));
    asksAtMostTwice(company, () -> caller.books(company, nine.minusYears(1).plusMonths(11)));
    asksAtMostTwice(company, () -> caller.books(company, nine.plusDays(1)));
    asksAtMostTwice(company, () -> caller.asks("reschedule_appointment", caller.whenNew(nine)));
    asksAtMostTwice(
        company, () -> caller.asks("reschedule_appointment", caller.whenNew(nine.plusDays(2))));
    asksAtMostTwice(company, () -> caller.asks("find_appointments", Map.of()));
    asksAtMostTwice(company, () -> caller.asks("cancel_appointment", Map.of()));
  }

  private void asksAtMostTwice(Company company, Supplier<Reply> function) {
    Instant began = Instant.now();
    Reply reply = function.get();
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(8));
    Set<String> uids =
        calcom.all().stream()
            .filter(held -> held.json().path("eventTypeId").asLong() == company.eventTypeId())
            .map(Held::uid)
            .collect(Collectors.toSet());
    assertThat(calcom.requestsSince(began))
        .filteredOn(
            request ->
                Calcom.isAbout(company, request)
                    || uids.stream().anyMatch(request.path("uri").asString()::contains))
        .as(reply.answer().text())
        .hasSizeLessThanOrEqualTo(2);
  }
}
