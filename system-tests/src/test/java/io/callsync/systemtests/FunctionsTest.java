package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an agent can do for a caller besides a plain booking. */
class FunctionsTest extends SystemTest {

  // --- availability

  @Test
  void AVL_02_what_was_offered_is_booked_by_its_id() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime day = aFreeStart();
    Reply free = caller.asks("check_availability", Map.of("date", day.toLocalDate().toString()));
    assertThat(free.status()).as(free.answer().text()).isEqualTo("available");
    JsonNode offer = free.json().path("offers").path(1);
    Reply reply =
        caller.asks(
            "book_appointment",
            Map.of("offer_id", offer.path("offer_id").asString(), "name", "Erika Beispiel"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(reply.json().path("start").asString()).isEqualTo(offer.path("start").asString());
    booked(caller, reply, day);
  }

  @Test
  void AVL_01_only_that_very_time_is_free_or_not() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.isBookedOnItsPage(company, start, "Max Muster", Caller.freshNumber());
    Caller caller = aCallerOf(company);
    Reply reply = caller.asks("check_availability", caller.when(start));
    assertThat(reply.status()).isEqualTo("unavailable");
    assertThat(reply.json().path("offers").isEmpty()).isFalse();
    reply
        .json()
        .path("offers")
        .forEach(
            offer ->
                assertThat(ZonedDateTime.parse(offer.path("start").asString()).toInstant())
                    .isNotEqualTo(start.toInstant()));
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  @Test
  void AVL_02_an_offered_clock_on_another_day_is_asked_back() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Reply offered = caller.asks("check_availability", caller.when(start));
    assertThat(offered.status()).isEqualTo("available");
    Map<String, Object> wrongDay = caller.when(start.plusDays(1));
    wrongDay.put("name", "Erika Beispiel");
    Reply reply = caller.asks("book_appointment", wrongDay);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("date_unclear");
    assertThat(reply.json().path("offer_id").asString())
        .isEqualTo(offered.json().path("offers").path(0).path("offer_id").asString());
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  @Test
  void BOOK_01_who_comes_second_is_offered_other_times() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.isBookedOnItsPage(company, start, "Max Muster", Caller.freshNumber());
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).isEqualTo("slot_taken");
    String offer = reply.json().path("offers").path(0).path("offer_id").asString("");
    assertThat(offer).isNotEmpty();
    Reply second =
        caller.asks("book_appointment", Map.of("offer_id", offer, "name", "Erika Beispiel"));
    assertThat(second.status()).as(second.answer().text()).isEqualTo("booked");
  }

  @Test
  void FN_03_only_the_boolean_true_books() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Map<String, Object> args = caller.wish(company.service(), aFreeStart(), "Erika Beispiel");
    for (Object flag : new Object[] {null, "true", false}) {
      args.put("bestaetigung", flag);
      assertThat(caller.asks("collect_appointment_data", args).status())
          .as("bestaetigung " + flag)
          .isEqualTo("confirmation_required");
    }
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    args.put("bestaetigung", true);
    assertThat(caller.asks("collect_appointment_data", args).status()).isEqualTo("booked");
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
  }

  // --- the caller's own appointments

  @Test
  void RES_01_known_by_his_number_a_caller_needs_no_date() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    Caller later = booked.caller().callingAgain();
    Reply found = later.asks("find_appointments", Map.of("customer_name", "somebody else"));
    assertThat(found.status()).isEqualTo("found");
    assertThat(found.json().path("appointments").path(0).path("appointment_id").asLong())
        .isEqualTo(booked.appointment().id());

    ZonedDateTime moved = booked.start().plusDays(1);
    Reply reply = later.asks("reschedule_appointment", later.whenNew(moved));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("rescheduled");
    assertThat(reply.appointmentId()).isEqualTo(booked.appointment().id());
    eventually(
        () -> {
          var row = rows.appointment(booked.appointment().id()).orElseThrow();
          assertThat(row.startsAt()).isEqualTo(moved.toInstant());
          assertThat(row.bookingId()).isEqualTo(booked.appointment().bookingId());
          assertThat(row.status()).isEqualTo("confirmed");
          assertThat(rows.history(row.bookingId())).contains("BookingRescheduled");
        });
  }

  @Test
  void strangers_see_and_change_nothing() {
    Booked booked = aBookedCall(Company.A);
    Caller stranger = aCallerOf(Company.A);
    Map<String, Object> claimed = new HashMap<>();
    claimed.put("customer_name", "Erika Beispiel");
    claimed.put("appointment_id", String.valueOf(booked.appointment().id()));
    claimed.put("phone", booked.caller().from());
    for (String function :
        new String[] {"find_appointments", "cancel_appointment", "reschedule_appointment"}) {
      assertThat(stranger.asks(function, claimed).status())
          .as(function)
          .isEqualTo("appointment_not_found");
    }
    Caller elsewhere = booked.caller().callingAgain(Company.B);
    assertThat(elsewhere.asks("find_appointments", Map.of()).status())
        .isEqualTo("appointment_not_found");
    assertThat(calcom.booking(booked.uid()).status()).isEqualTo("accepted");
  }

  @Test
  void RES_03_a_move_to_a_taken_time_changes_nothing_and_offers_others() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    ZonedDateTime taken = booked.start().plusDays(1);
    calcom.isBookedOnItsPage(company, taken, "Max Muster", Caller.freshNumber());
    Caller later = booked.caller().callingAgain();
    Reply reply = later.asks("reschedule_appointment", later.whenNew(taken));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("slot_taken");
    assertThat(reply.json().path("offers").isEmpty()).isFalse();
    assertThat(calcom.booking(booked.uid()).status()).isEqualTo("accepted");
    assertThat(rows.appointment(booked.appointment().id()).orElseThrow().startsAt())
        .isEqualTo(booked.start().toInstant());
  }

  @Test
  void RES_03_after_a_move_a_second_appointment_needs_consent() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    Caller later = booked.caller().callingAgain();
    assertThat(
            later
                .asks("reschedule_appointment", later.whenNew(booked.start().plusDays(1)))
                .status())
        .isEqualTo("rescheduled");
    Map<String, Object> another =
        later.wish(company.service(), booked.start().plusDays(2), "Erika Beispiel");
    assertThat(later.books(another).status()).isEqualTo("confirmation_required");
    another.put("confirm", true);
    assertThat(later.books(another).status()).isEqualTo("booked");
  }

  @Test
  void a_cancelled_appointment_is_cancelled_everywhere_and_once() {
    Booked booked = aBookedCall(Company.A);
    Caller later = booked.caller().callingAgain();
    Reply reply = later.asks("cancel_appointment", Map.of());
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("cancelled");
    assertThat(calcom.booking(booked.uid()).status()).isEqualTo("cancelled");
    eventually(
        () ->
            assertThat(rows.appointment(booked.appointment().id()).orElseThrow().status())
                .isEqualTo("cancelled"));
    assertThat(later.asks("cancel_appointment", Map.of()).status())
        .isEqualTo("appointment_not_found");
  }

  @Test
  void which_of_two_is_meant_is_asked() {
    Company company = aCompany();
    Booked first = aBookedCall(company);
    Caller again = first.caller().callingAgain();
    ZonedDateTime other = first.start().plusDays(3);
    assertThat(again.books(company, other).status()).isEqualTo("booked");
    Reply reply = again.asks("cancel_appointment", Map.of());
    assertThat(reply.status()).isEqualTo("appointment_ambiguous");
    assertThat(reply.json().path("appointments").size()).isEqualTo(2);
    assertThat(again.asks("cancel_appointment", again.when(other)).status()).isEqualTo("cancelled");
    assertThat(calcom.booking(first.uid()).status()).isEqualTo("accepted");
  }

  @Test
  void BOOK_04_the_same_appointment_in_another_call_is_linked_not_doubled() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    Caller again = booked.caller().callingAgain();
    Reply reply = again.books(company, booked.start());
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("already_booked");
    assertThat(reply.appointmentId()).isEqualTo(booked.appointment().id());
    assertThat(calcom.bookingsOf(again)).isEmpty();
    Reply child = again.books(again.wish(company.service(), booked.start(), "Emil Beispiel"));
    assertThat(child.status()).as("another person is another wish").isEqualTo("slot_taken");
  }

  @Test
  void ANON_03_a_hidden_number_changes_only_what_this_call_booked() {
    Company company = aCompany();
    Booked other = aBookedCall(company);
    Caller hidden = aCallerOf(company).from("anonymous");
    Reply nothing =
        hidden.asks(
            "cancel_appointment",
            Map.of(
                "customer_name",
                "Erika Beispiel",
                "appointment_id",
                String.valueOf(other.appointment().id())));
    assertThat(nothing.status()).isEqualTo("callback_queued");
    assertThat(nothing.answer().text()).doesNotContain(other.appointment().bookingId().toString());
    Reply own = hidden.books(company, other.start().plusDays(1));
    assertThat(own.status()).isEqualTo("booked");
    assertThat(hidden.asks("cancel_appointment", Map.of()).status()).isEqualTo("cancelled");
    assertThat(calcom.booking(other.uid()).status()).isEqualTo("accepted");
  }

  // --- the rest

  @Test
  void a_callback_is_an_event_of_its_call() {
    Caller caller = aCallerOf(Company.A);
    Reply reply =
        caller.asks("request_callback", Map.of("name", "Erika Beispiel", "reason", "Frage"));
    assertThat(reply.status()).isEqualTo("callback_queued");
    assertThat(
            rows.queryIn(
                "gateway",
                "select 1 from outbox where message_key = ? and headers::text like '%CallbackRequested%'",
                caller.callId()))
        .hasSize(1);
    eventually(() -> assertThat(rows.call(caller).map(Rows.Call::customerId)).isPresent());
  }

  @Test
  void services_and_the_day_are_told() {
    Reply listed = aCallerOf(Company.A).asks("list_services", Map.of());
    assertThat(listed.json().path("services").size()).isEqualTo(3);
    assertThat(listed.json().path("today").asString())
        .isEqualTo(
            ZonedDateTime.now(java.time.ZoneId.of("Europe/Berlin")).toLocalDate().toString());
    assertThat(aCallerOf(Company.A).asks("initialize_call", Map.of()).status()).isEqualTo("ok");
  }

  @Test
  void each_function_has_a_schema_to_paste() {
    JsonNode schemas = gateway.get("/retell/functions/schema");
    List<String> names = new ArrayList<>();
    schemas.forEach(schema -> names.add(schema.path("name").asString()));
    assertThat(names)
        .contains(
            "check_availability",
            "book_appointment",
            "find_appointments",
            "reschedule_appointment",
            "cancel_appointment",
            "list_services",
            "request_callback");
    assertThat(schemas.toString()).doesNotContain("call_id");
  }
}
