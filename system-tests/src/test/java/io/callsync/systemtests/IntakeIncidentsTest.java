package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Http.Answer;
import io.callsync.systemtests.Rows.Call;
import io.callsync.systemtests.Rows.Customer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What arrives: addresses, bodies, names of functions and arguments, and hidden numbers. */
class IntakeIncidentsTest extends SystemTest {

  private void nothingWasDone(Caller caller, Company company) {
    assertThat(calcom.requestsAbout(company)).isEmpty();
    assertThat(
            rows.queryIn("gateway", "select 1 from wish where retell_call_id = ?", caller.callId()))
        .isEmpty();
  }

  // --- addresses and bodies

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/webhooks/retell",
        "/retell/collect-appointment-data",
        "/api/webhooks/retell/datetime",
        "/calcom/hook"
      })
  void WH_01_a_wrong_address_is_told_the_right_ones_and_counted_by_its_path(String path) {
    String counter = "callsync.path.unknown?tag=path:" + path;
    double before = gateway.count(counter);
    Answer answer = gateway.retell(path, Map.of("event", "call_ended"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.text())
        .contains("path_unknown", "/retell/webhook", "/retell/functions", "/calcom/webhook");
    assertThat(gateway.count(counter)).isEqualTo(before + 1);
  }

  @Test
  void WH_06_everything_that_has_a_column_arrives_and_the_delivery_is_kept_as_it_came() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> call = caller.analysed(Map.of("appointment_booked", false));
    call.put("agent_version", 3);
    call.put(
        "call_cost",
        Map.of(
            "product_costs",
            List.of(Map.of("product", "elevenlabs_tts", "unit_price", 0.1166667, "cost", 5.33)),
            "total_duration_seconds",
            32,
            "combined_cost",
            5.33));
    call.put("latency", Map.of("e2e", Map.of("p50", 1021.5, "num", 4)));
    Map<String, Object> event = Map.of("event", "call_analyzed", "call", call);
    byte[] sent = Http.bytes(event);
    assertThat(
            gateway
                .retell(
                    "/retell/webhook",
                    sent,
                    gateway.retellSignature(sent, System.currentTimeMillis()))
                .status())
        .isEqualTo(204);
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(rows.call(caller).orElseThrow().columns())
        .containsEntry("direction", "inbound")
        .containsEntry("from_number", caller.from())
        .containsEntry("to_number", Company.A.number())
        .containsEntry("company_id", 1L)
        .containsEntry("branch_id", "a-mitte")
        .containsEntry("started_at", caller.startedAt())
        .containsEntry("ended_at", caller.endedAt())
        .containsEntry("status", "ended")
        .containsEntry("disconnection_reason", "user_hangup")
        .containsEntry("summary", "The caller booked.")
        .containsEntry("agent_id", "agent_museum")
        .containsEntry("call_successful", true)
        .containsEntry("booking_claimed", false)
        .containsEntry("analyzed", true);
    // The cost has no column: it stays in the delivery, in cents and under Retell's own name.
    assertThat(
            rows
                .queryIn("gateway", "select body from delivery where subject = ?", caller.callId())
                .stream()
                .map(row -> new String((byte[]) row.get("body"), StandardCharsets.UTF_8)))
        .containsExactly(new String(sent, StandardCharsets.UTF_8));
  }

  @Test
  void WH_06_an_empty_list_and_an_empty_object_both_mean_nothing() {
    for (Object nothing : List.of(List.of(), Map.of())) {
      Caller caller = aCallerOf(Company.A);
      Map<String, Object> call = caller.over();
      call.put(
          "call_analysis",
          Map.of("call_summary", "Nothing was booked.", "custom_analysis_data", nothing));
      assertThat(caller.retell("call_analyzed", call).status()).isEqualTo(204);
      eventually(
          () ->
              assertThat(rows.call(caller).map(Call::columns))
                  .hasValueSatisfying(
                      row ->
                          assertThat(row)
                              .containsEntry("analyzed", true)
                              .containsEntry("summary", "Nothing was booked.")
                              .containsEntry("booking_claimed", null)));
    }
  }

  // --- names of functions

  @Test
  void FN_02_an_unknown_function_is_counted_by_its_name_and_offers_a_callback() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    for (String name : List.of("finalize_ticket_museum", "reserve_slot_museum_v17")) {
      String counter = "callsync.function.unknown?tag=name:" + name.replace("_v17", "");
      double before = gateway.count(counter);
      Reply reply =
          caller.asks(name, caller.wish(company.service(), aFreeStart(), "Erika Beispiel"));
      assertThat(reply.status()).isEqualTo("unknown_function");
      assertThat(reply.say()).contains("zurückrufen");
      assertThat(gateway.count(counter)).isEqualTo(before + 1);
    }
    nothingWasDone(caller, company);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "book_appointment",
        "book_appointment_v17",
        "book-appointment-v4",
        "start_booking",
        "start_booking_v2"
      })
  void FN_02_versions_and_old_names_book(String name) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Reply reply = caller.asks(name, caller.wish(company.service(), start, "Erika Beispiel"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check_availability_v17",
        "get_alternatives",
        "find_next_available",
        "check-availability-v4"
      })
  void FN_02_versions_and_old_names_look_and_book_nothing(String name) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    assertThat(caller.asks(name, caller.when(aFreeStart())).status()).isEqualTo("available");
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  @Test
  void FN_02_confirming_what_was_booked_tells_how_it_stands() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    assertThat(caller.asks("confirm_booking", Map.of()).status()).isEqualTo("date_required");
    ZonedDateTime start = aFreeStart();
    Reply booked =
        caller.asks("start_booking", caller.wish(company.service(), start, "Erika Beispiel"));
    Reply confirmed = caller.asks("confirm_booking", Map.of());
    assertThat(confirmed.status()).as(confirmed.answer().text()).isEqualTo("booked");
    assertThat(confirmed.appointmentId()).isEqualTo(booked.appointmentId());
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
    booked(caller, booked, start);
  }

  @Test
  void FN_02_both_forms_of_the_address_answer_byte_for_byte_the_same() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Map<String, Map<String, Object>> asked =
        Map.of(
            "check_availability", caller.when(aFreeStart()),
            "find_appointments", Map.of(),
            "list_services", Map.of(),
            "finalize_ticket", Map.of());
    asked.forEach(
        (name, args) -> {
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("name", name);
          body.put("call", caller.ongoing());
          body.put("args", args);
          assertThat(gateway.retell("/retell/functions/" + name, body).text())
              .isEqualTo(gateway.retell("/retell/functions", body).text());
        });
  }

  // --- names of arguments

  @ParameterizedTest
  @CsvSource({
    "date,time",
    "datum,uhrzeit",
    "preferred_date,preferred_time",
    "appointment_date,appointment_time",
    "day,time",
    "relative_day,time",
    "date_string,time"
  })
  void FN_04_each_alias_of_date_and_time_says_when(String date, String time) {
    ZonedDateTime start = aFreeStart();
    isAvailable(
        Map.of(date, start.toLocalDate().toString(), time, start.toLocalTime().toString()), start);
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "datetime"})
  void FN_04_date_and_time_in_one_say_when(String alias) {
    ZonedDateTime start = aFreeStart();
    isAvailable(Map.of(alias, start.toLocalDateTime().toString()), start);
    isAvailable(
        Map.of(alias, DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm").format(start)), start);
    isAvailable(Map.of(alias, start.toOffsetDateTime().toString()), start);
  }

  @Test
  void FN_04_a_long_spoken_date_is_understood() {
    ZonedDateTime start = aFreeStart();
    String spoken =
        DateTimeFormatter.ofPattern("EEEE, 'den' d. MMMM yyyy", Locale.GERMAN).format(start);
    isAvailable(Map.of("datum", spoken, "uhrzeit", start.getHour() + " Uhr"), start);
  }

  private void isAvailable(Map<String, Object> args, ZonedDateTime start) {
    Caller caller = aCallerOf(aCompany());
    Reply reply = caller.asks("check_availability", args);
    assertThat(reply.status()).as(args + ": " + reply.answer().text()).isEqualTo("available");
    assertThat(instant(reply.json().at("/offers/0/start"))).isEqualTo(start.toInstant());
  }

  private static Instant instant(JsonNode time) {
    return ZonedDateTime.parse(time.asString()).toInstant();
  }

  @Test
  void FN_04_a_range_only_narrows_what_is_offered() {
    Caller caller = aCallerOf(aCompany());
    String date = aFreeStart().toLocalDate().toString();
    Reply morning =
        caller.asks("check_availability", Map.of("date", date, "zeitraum", "vormittags"));
    assertThat(morning.status()).as(morning.answer().text()).isEqualTo("available");
    assertThat(morning.json().path("offers"))
        .isNotEmpty()
        .allSatisfy(
            offer ->
                assertThat(ZonedDateTime.parse(offer.path("start").asString()).getHour())
                    .isLessThan(12));
    assertThat(
            caller
                .asks(
                    "book_appointment",
                    Map.of("date", date, "zeitraum", "vormittags", "name", "Erika Beispiel"))
                .status())
        .isEqualTo("time_required");
  }

  @ParameterizedTest
  @ValueSource(strings = {"service", "dienstleistung", "service_name", "service_type"})
  void FN_04_each_alias_of_service_names_it(String alias) {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> args = caller.when(aFreeStart());
    for (String meant : List.of("Beratung", "beratung", "13")) {
      args.put(alias, meant);
      Reply reply = caller.asks("check_availability", args);
      assertThat(reply.json().path("service").asString("")).as(meant).isEqualTo("Beratung");
    }
    args.put(alias, "21");
    Reply foreign = caller.asks("check_availability", args);
    assertThat(foreign.status()).as("a service of another company").isEqualTo("service_unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "name,email,notes",
    "customer_name,customer_email,kundenpraeferenzen",
    "kundenname,email,reason",
    "kundename,customer_email,notes"
  })
  void FN_04_each_alias_of_the_attendee_arrives_at_Calcom(String name, String email, String notes) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.when(start);
    args.put(name, "Erika Beispiel");
    args.put(email, "erika@example.com");
    args.put(notes, "bitte leise");
    Booked booked = booked(caller, caller.books(args), start);
    JsonNode held = calcom.booking(booked.uid()).json();
    assertThat(held.at("/attendees/0/name").asString()).isEqualTo("Erika Beispiel");
    assertThat(held.at("/attendees/0/email").asString()).isEqualTo("erika@example.com");
    assertThat(held.at("/bookingFieldsResponses/notes").asString()).isEqualTo("bitte leise");
  }

  @ParameterizedTest
  @ValueSource(strings = {"phone", "customer_phone", "telefonnummer", "phone_number"})
  void FN_04_each_alias_of_phone_counts_only_where_the_call_has_none(String alias) {
    Company company = aCompany();
    String spoken = Caller.freshNumber();
    Caller hidden = aCallerOf(company).from("anonymous");
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = hidden.wish(company.service(), start, "Erika Beispiel");
    args.put(alias, spoken);
    Booked anonymous = booked(hidden, hidden.books(args), start);
    assertThat(calcom.booking(anonymous.uid()).json().at("/attendees/0/phoneNumber").asString(""))
        .isEqualTo(spoken);

    Caller shown = aCallerOf(company);
    ZonedDateTime next = aFreeStart();
    Map<String, Object> others = shown.wish(company.service(), next, "Erika Beispiel");
    others.put(alias, spoken);
    Booked known = booked(shown, shown.books(others), next);
    assertThat(calcom.booking(known.uid()).json().at("/attendees/0/phoneNumber").asString(""))
        .isEqualTo(shown.from());
    assertThat(shown.asks("find_appointments", Map.of(alias, spoken)).json().path("appointments"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"staff", "mitarbeiter", "mitarbeiter_wunsch", "preferred_staff_id"})
  void FN_04_each_alias_of_staff_is_looked_up(String alias) {
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", start, "Erika Beispiel");
    args.put(alias, "Niemand");
    assertThat(caller.books(args).status()).isEqualTo("staff_unknown");
    args.put(alias, alias.endsWith("_id") ? "a-mara" : "mara lind");
    Reply reply = caller.books(args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm", "bestaetigung", "confirm_booking", "confirm_reschedule"})
  void FN_04_each_alias_of_consent_is_consent_as_a_boolean_only(String alias) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish(company.service(), start, "Erika Beispiel");
    args.put(alias, "true");
    assertThat(caller.asks("collect_appointment_data", args).status())
        .isEqualTo("confirmation_required");
    args.put(alias, true);
    Reply reply = caller.asks("collect_appointment_data", args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
  }

  @ParameterizedTest
  @ValueSource(strings = {"appointment_id", "termin_id"})
  void FN_04_each_alias_of_the_appointment_picks_it(String alias) {
    Company company = aCompany();
    Booked first = aBookedCall(company);
    Caller again = first.caller().callingAgain();
    Reply second = again.books(company, first.start().plusDays(1));
    assertThat(second.status()).isEqualTo("booked");
    Reply reply =
        again.asks("cancel_appointment", Map.of(alias, String.valueOf(second.appointmentId())));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("cancelled");
    assertThat(calcom.booking(first.uid()).status()).isEqualTo("accepted");
    assertThat(calcom.booking(second.calcomUid()).status()).isEqualTo("cancelled");
  }

  @ParameterizedTest
  @CsvSource({"new_date,new_time,old_date,old_time", "new_datum,new_uhrzeit,old_datum,old_uhrzeit"})
  void FN_04_each_alias_of_a_move_says_from_when_to_when(
      String newDate, String newTime, String oldDate, String oldTime) {
    Company company = aCompany();
    Booked first = aBookedCall(company);
    Caller again = first.caller().callingAgain();
    assertThat(again.books(company, first.start().plusDays(1)).status()).isEqualTo("booked");
    ZonedDateTime moved = first.start().plusDays(2);
    Reply reply =
        again.asks(
            "reschedule_appointment",
            Map.of(
                oldDate, first.start().toLocalDate().toString(),
                oldTime, first.start().toLocalTime().toString(),
                newDate, moved.toLocalDate().toString(),
                newTime, moved.toLocalTime().toString()));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("rescheduled");
    assertThat(reply.appointmentId()).isEqualTo(first.appointment().id());
  }

  @Test
  void FN_04_what_the_model_adds_and_what_it_left_unreplaced_is_passed_over() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish(company.service(), start, "Erika Beispiel");
    args.put("execution_message", "I am booking that");
    args.put("function_name", "something_else");
    args.put("duration", "90");
    args.put("status", "cancelled");
    args.put("customer_name", "{{customer_name}}");
    args.put("uhrzeit", "{{user_time}}");
    Reply reply = caller.books(args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
  }

  @Test
  void FN_04_an_unreadable_email_is_told_and_stops_nothing() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish(company.service(), start, "Erika Beispiel");
    args.put("email", "erika beispiel at Gmail");
    Reply reply = caller.books(args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(reply.json().path("ignored"))
        .extracting(JsonNode::asString)
        .containsExactly("email");
    booked(caller, reply, start);
  }

  @ParameterizedTest
  @CsvSource({
    "book_appointment,date,2027-01-11,datum,2027-01-12",
    "book_appointment,time,14:00,uhrzeit,15:00",
    "book_appointment,start,2027-01-11T14:00,datetime,2027-01-11T15:00",
    "book_appointment,name,Erika Beispiel,customer_name,Max Muster",
    "book_appointment,phone,+491713920001,telefonnummer,+491713920002",
    "book_appointment,email,a@example.com,customer_email,b@example.com",
    "book_appointment,staff,Mara Lind,mitarbeiter,Tom Keller",
    "book_appointment,service,Beratung,dienstleistung,Schnitt",
    "check_availability,date,2027-01-11,preferred_date,2027-01-12",
    "cancel_appointment,appointment_id,1,termin_id,2",
    "reschedule_appointment,new_date,2027-01-11,new_datum,2027-01-12",
    "reschedule_appointment,old_time,14:00,old_uhrzeit,15:00"
  })
  void FN_04_names_that_contradict_each_other_are_both_named_and_nothing_is_done(
      String function, String one, String said, String other, String saidToo) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Map<String, Object> args = caller.wish(company.service(), aFreeStart(), "Erika Beispiel");
    args.put(one, said);
    args.put(other, saidToo);
    Reply reply = caller.asks(function, args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("invalid_arguments");
    assertThat(reply.json().path("contradicting"))
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrder(one, other);
    nothingWasDone(caller, company);
  }

  @Test
  void FN_04_yes_and_no_at_once_is_no_consent() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Map<String, Object> args = caller.wish(company.service(), aFreeStart(), "Erika Beispiel");
    args.put("bestaetigung", true);
    args.put("confirm_booking", false);
    assertThat(caller.asks("collect_appointment_data", args).status())
        .isEqualTo("invalid_arguments");
    nothingWasDone(caller, company);
  }

  @ParameterizedTest
  @CsvSource({
    "date,date_required",
    "time,time_required",
    "name,name_required",
    "service,service_required"
  })
  void FN_04_what_is_missing_is_asked_by_one_status(String missing, String status) {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> args = caller.wish("Beratung", aFreeStart(), "Erika Beispiel");
    args.remove(missing);
    assertThat(caller.books(args).status()).isEqualTo(status);
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  // --- whose call it is

  @Test
  void ID_02_without_a_usable_call_nothing_is_done_and_nobodys_data_is_told() {
    Company company = aCompany();
    Company otherCompany = aCompany();
    Booked one = aBookedCall(company);
    Booked other = aBookedCall(otherCompany);
    double counted = gateway.count("callsync.call.missing");
    int asked = calcom.requestsAbout(company).size();
    List<Map<String, Object>> unusable = new ArrayList<>();
    for (Object call : new Object[] {"absent", null, Map.of(), Map.of("call_id", "")}) {
      Map<String, Object> body = new HashMap<>();
      if (!"absent".equals(call)) {
        body.put("call", call);
      }
      unusable.add(body);
    }
    for (Map<String, Object> body : unusable) {
      for (String function :
          List.of(
              "book_appointment",
              "cancel_appointment",
              "find_appointments",
              "check_availability")) {
        body.put("name", function);
        Map<String, Object> args =
            one.caller().wish(company.service(), one.start().plusDays(1), "Erika Beispiel");
        args.put("call_id", one.caller().callId());
        body.put("args", args);
        Reply reply = new Reply(gateway.retell("/retell/functions", body));
        assertThat(reply.status()).as(reply.answer().text()).isEqualTo("call_missing");
        for (Booked running : List.of(one, other)) {
          assertThat(reply.answer().text())
              .doesNotContain(
                  running.caller().callId(),
                  running.caller().from(),
                  running.uid(),
                  running.appointment().bookingId().toString());
        }
      }
    }
    assertThat(gateway.count("callsync.call.missing")).isGreaterThanOrEqualTo(counted + 16);
    assertThat(calcom.requestsAbout(company)).hasSize(asked);
    assertThat(calcom.booking(one.uid()).status()).isEqualTo("accepted");
  }

  @Test
  void ID_02_a_shortened_id_is_another_call() {
    Booked booked = aBookedCall(aCompany());
    Map<String, Object> call = booked.caller().ongoing();
    call.put("call_id", booked.caller().callId().substring(0, 27));
    call.put("from_number", "anonymous");
    Reply reply = booked.caller().function("find_appointments", call, Map.of());
    assertThat(reply.status()).isEqualTo("appointment_not_found");
    assertThat(reply.answer().text()).doesNotContain(booked.uid());
  }

  // --- hidden numbers

  @Test
  void ANON_02_nobody_gets_invented_contact_data() {
    Caller one = aCallerOf(Company.A).from("anonymous");
    Caller other = aCallerOf(Company.A).from("unknown");
    ZonedDateTime first = aFreeStart();
    ZonedDateTime second = aFreeStart();
    Booked here = booked(one, one.books(Company.A, first), first);
    Booked there = booked(other, other.books(Company.A, second), second);
    List<Customer> customers = new ArrayList<>();
    for (Booked booked : List.of(here, there)) {
      Customer customer = rows.customer(booked.appointment().customerId()).orElseThrow();
      customers.add(customer);
      assertThat(customer.phone()).isNull();
      assertThat(customer.email()).isNull();
      assertThat(booked.appointment().columns())
          .containsEntry("attendee_phone", null)
          .containsEntry("attendee_email", null);
    }
    assertThat(customers).extracting(Customer::id).doesNotHaveDuplicates();
    assertThat(
            List.of(
                calcom.booking(here.uid()).json().at("/attendees/0/email").asString(),
                calcom.booking(there.uid()).json().at("/attendees/0/email").asString()))
        .as("Cal.com wants an address: the company's, which is nobody's")
        .containsOnly("termin@salon-a.example");
  }

  @Test
  void ANON_02_the_companys_fallback_address_matches_nobody() {
    List<Customer> customers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Caller hidden = aCallerOf(Company.A).from("anonymous");
      ZonedDateTime start = aFreeStart();
      Map<String, Object> args = hidden.wish("Herrenhaarschnitt", start, "Erika Beispiel");
      args.put("email", "termin@salon-a.example");
      Booked booked = booked(hidden, hidden.books(args), start);
      customers.add(rows.customer(booked.appointment().customerId()).orElseThrow());
    }
    assertThat(customers).extracting(Customer::id).doesNotHaveDuplicates();
    assertThat(customers).extracting(Customer::email).containsOnlyNulls();
  }
}
