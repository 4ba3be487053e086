package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.BookingEvent;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import io.callsync.systemtests.Rows.Customer;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the predecessor failed, and does not happen here. */
@Execution(ExecutionMode.SAME_THREAD)
class IncidentsTest extends SystemTest {

  /** What hidden numbers were called. */
  static final List<String> ANONYMOUS =
      List.of(
          "anonymous",
          "unknown",
          "private",
          "withheld",
          "restricted",
          "blocked",
          "",
          "Anonymous",
          "UNKNOWN",
          "Private",
          "WITHHELD",
          "Restricted",
          "BLOCKED",
          "anonymous_1760000000_ab12cd34");

  // --- signature and intake

  @Test
  void WH_02_three_events_of_a_call_are_three_also_when_each_comes_twice() {
    Caller caller = aCallerOf(Company.A);
    for (int i = 0; i < 2; i++) {
      assertThat(caller.starts().status()).isEqualTo(204);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(caller.ends().status()).isEqualTo(204);
    }
    for (int i = 0; i < 2; i++) {
      assertThat(caller.retell("call_analyzed", caller.analysed(Map.of())).status()).isEqualTo(204);
    }
    eventually(
        () ->
            assertThat(topics.typesOfCall(caller))
                .containsExactly("CallStarted", "CallEnded", "CallAnalyzed"));
    assertThat(rows.outcomes(caller.callId()))
        .containsExactly("applied", "no_change", "applied", "no_change", "applied", "no_change");
    eventually(() -> assertThat(rows.call(caller).map(Call::revision)).hasValue(3L));
  }

  @Test
  void WH_02_two_triggers_about_one_booking_are_two_events() {
    Booked booked = aBookedCall(Company.A);
    Held moved = calcom.reschedules(booked.uid(), aFreeStart());
    calcom.tells(moved.uid(), "rescheduled_on_page");
    calcom.tells(moved.uid(), "created");
    eventually(
        () ->
            assertThat(topics.typesOfBooking(booked.reply().bookingId()))
                .containsExactly("BookingRequested", "BookingConfirmed", "BookingRescheduled"));
  }

  @Test
  void WH_03_all_orders_of_a_calls_events_give_the_same_row() {
    List<List<String>> orders =
        List.of(
            List.of("call_started", "call_ended", "call_analyzed"),
            List.of("call_started", "call_analyzed", "call_ended"),
            List.of("call_ended", "call_started", "call_analyzed"),
            List.of("call_ended", "call_analyzed", "call_started"),
            List.of("call_analyzed", "call_started", "call_ended"),
            List.of("call_analyzed", "call_ended", "call_started"));
    Caller model = aCallerOf(Company.A);
    List<Caller> callers = new ArrayList<>();
    for (List<String> order : orders) {
      Caller caller =
          new Caller(
              gateway, aCallerOf(Company.A).callId(), model.from(), model.to(), model.startedAt());
      callers.add(caller);
      for (String event : order) {
        caller.retell(
            event,
            switch (event) {
              case "call_started" -> caller.ongoing();
              case "call_ended" -> caller.over();
              default -> caller.analysed(Map.of());
            });
      }
    }
    eventually(
        () ->
            assertThat(
                    callers.stream()
                        .map(c -> rows.call(c).map(IncidentsTest::comparable).orElse(Map.of()))
                        .distinct())
                .singleElement()
                .satisfies(
                    row ->
                        assertThat(row)
                            .containsEntry("status", "ended")
                            .containsEntry("analyzed", true)
                            .containsEntry("company_id", 1L)
                            .containsEntry("from_number", model.from())
                            .containsEntry("started_at", model.startedAt())
                            .containsEntry("ended_at", model.endedAt())));
  }

  /** Without what is minted per call, and without how often it was told. */
  private static Map<String, Object> comparable(Call call) {
    Map<String, Object> columns = new TreeMap<>();
    call.columns()
        .forEach(
            (name, value) -> {
              if (!Set.of("id", "retell_call_id", "revision").contains(name)) {
                columns.put(name, String.valueOf(value));
                if (value != null) {
                  columns.put(name, value);
                }
              }
            });
    return columns;
  }

  @Test
  void WH_03_an_end_alone_makes_a_complete_row() {
    Caller caller = aCallerOf(Company.A);
    caller.ends();
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    Call call = rows.call(caller).orElseThrow();
    assertThat(call.status()).isEqualTo("ended");
    assertThat(call.companyId()).isEqualTo(1L);
    assertThat(call.fromNumber()).isEqualTo(caller.from());
    assertThat(call.startedAt()).isEqualTo(caller.startedAt());
    assertThat(call.endedAt()).isEqualTo(caller.endedAt());
  }

  @Test
  void WH_03_an_end_that_nobody_saw_is_not_invented() {
    Caller caller = aCallerOf(Company.A);
    Caller longAgo =
        new Caller(
            gateway,
            caller.callId(),
            caller.from(),
            caller.to(),
            caller.startedAt().minusSeconds(77 * 3600));
    longAgo.starts();
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    Call call = rows.call(caller).orElseThrow();
    assertThat(call.status()).isEqualTo("ongoing");
    assertThat(call.endedAt()).isNull();
  }

  @Test
  void WH_05_a_later_poorer_event_takes_nothing_away() {
    Booked booked = aBookedCall(Company.A);
    Caller caller = booked.caller();
    Map<String, Object> poor = Map.of("call_id", caller.callId(), "call_status", "ended");
    caller.retell("call_ended", poor);
    Map<String, Object> opinion = new TreeMap<>(poor);
    opinion.put("agent_id", "agent_told_late");
    opinion.put(
        "call_analysis",
        Map.of(
            "call_successful",
            false,
            "custom_analysis_data",
            Map.of("patient_full_name", "mir nicht")));
    caller.retell("call_analyzed", opinion);
    eventually(
        () ->
            assertThat(rows.call(caller).orElseThrow().columns()).containsEntry("analyzed", true));
    Call call = rows.call(caller).orElseThrow();
    assertThat(call.companyId()).isEqualTo(1L);
    assertThat(call.customerId()).isEqualTo(booked.appointment().customerId());
    assertThat(call.fromNumber()).isEqualTo(caller.from());
    assertThat(call.startedAt()).isEqualTo(caller.startedAt());
    assertThat(call.bookingConfirmed()).isTrue();
    assertThat(call.successful()).isFalse();
    assertThat(call.columns()).containsEntry("agent_id", "agent_told_late");
    assertThat(rows.appointments(caller).getFirst().attendeeName()).isEqualTo("Erika Beispiel");
    assertThat(rows.customer(call.customerId()).orElseThrow().name()).isEqualTo("Erika Beispiel");
  }

  // --- function protocol

  @Test
  void FN_01_arguments_without_their_call_book_nothing() {
    Map<String, Object> args =
        aCallerOf(Company.A).wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    Reply reply = new Reply(gateway.retell("/retell/functions/book_appointment", args));
    assertThat(reply.status()).isEqualTo("call_missing");
    assertThat(reply.answer().text()).contains("args only");
    assertThat(reply.appointmentId()).isZero();
  }

  @Test
  void FN_01_a_function_that_nobody_knows_is_never_a_success() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    for (String name : List.of("", "finalize_ticket", "book")) {
      Reply reply = caller.function(name, caller.ongoing(), args);
      assertThat(reply.status()).as(name).isEqualTo("unknown_function");
      assertThat(reply.say()).isNotBlank();
    }
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  // --- call identity and context

  @Test
  void CTX_01_a_function_before_its_call_is_known_books_and_the_call_is_completed_later() {
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Reply reply = caller.books(Company.A, start);
    assertThat(reply.status()).isEqualTo("booked");
    Booked booked = booked(caller, reply, start);
    BookingEvent requested = topics.booking(reply.bookingId()).getFirst();
    assertThat(requested.getMeta().getType()).isEqualTo("BookingRequested");
    assertThat(requested.getBooking().getCompanyId()).isEqualTo(1L);
    assertThat(requested.getBooking().getRetellCallId()).isEqualTo(caller.callId());

    Map<String, Object> late = caller.ongoing();
    late.put("agent_id", "agent_of_the_late_start");
    caller.retell("call_started", late);
    eventually(
        () ->
            assertThat(rows.call(caller).orElseThrow().columns())
                .containsEntry("agent_id", "agent_of_the_late_start")
                .containsEntry("id", booked.call().id()));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "1",
        "123",
        "12345",
        "call_1",
        "call_001",
        "None",
        "current",
        "current_call",
        "dummy_call_id",
        "undefined",
        "{{call_id}}",
        ""
      })
  void ID_01_a_call_id_that_the_model_made_up_is_never_used(String madeUp) {
    double counted = gateway.count("callsync.call.id.mismatch");
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", start, "Erika Beispiel");
    if (madeUp != null) {
      args.put("call_id", madeUp);
    }
    Reply reply = caller.books(args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    booked(caller, reply, start);
    assertThat(calcom.booking(reply.calcomUid()).metadata("call_id")).isEqualTo(caller.callId());
    boolean differs = madeUp != null && !madeUp.isEmpty();
    assertThat(gateway.count("callsync.call.id.mismatch")).isEqualTo(counted + (differs ? 1 : 0));
    if (differs) {
      assertThat(rows.query("select id from calls where retell_call_id = ?", madeUp)).isEmpty();
    }
  }

  @Test
  void ID_01_not_even_where_it_is_another_real_calls_id() {
    Caller other = aCallerOf(Company.B);
    other.starts();
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", start, "Erika Beispiel");
    args.put("call_id", other.callId());
    Booked booked = booked(caller, caller.books(args), start);
    assertThat(booked.appointment().companyId()).isEqualTo(1L);
    eventually(() -> assertThat(rows.call(other)).isPresent());
    assertThat(rows.call(other).orElseThrow().bookingConfirmed()).isFalse();
    assertThat(rows.appointments(other)).isEmpty();
  }

  // --- tenant and phone number

  @ParameterizedTest
  @FieldSource("ANONYMOUS")
  void TEN_01_the_called_number_decides_whose_call_it_is(String hidden) {
    Caller caller = aCallerOf(Company.A).from(hidden);
    caller.starts();
    eventually(() -> assertThat(rows.call(caller).map(Call::companyId)).hasValue(1L));
    Caller ofB = aCallerOf(Company.B).from(Company.A.number());
    ofB.starts();
    eventually(() -> assertThat(rows.call(ofB).map(Call::companyId)).hasValue(2L));
  }

  @Test
  void TEN_03_a_customer_of_another_company_is_a_stranger_here() {
    Caller caller = aCallerOf(Company.B);
    ZonedDateTime start = aFreeStart();
    Map<String, Object> atB = caller.wish("Herrenhaarschnitt", start, "Erika Geheim");
    Booked there = booked(caller, caller.books(atB), start);

    Caller again = caller.callingAgain(Company.A);
    ZonedDateTime next = aFreeStart();
    Reply nameless = again.books(without(again.wish("Herrenhaarschnitt", next, ""), "name"));
    assertThat(nameless.status()).isEqualTo("name_required");
    assertThat(nameless.answer().text()).doesNotContain("Geheim").doesNotContain("Salon B");
    Reply reply = again.books(Company.A, next);
    Booked here = booked(again, reply, next);
    assertThat(reply.answer().text()).doesNotContain("Geheim");
    assertThat(here.appointment().customerId()).isNotEqualTo(there.appointment().customerId());
    assertThat(rows.customersWithPhone(caller.from()))
        .extracting(Customer::companyId, Customer::name)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(2L, "Erika Geheim"),
            org.assertj.core.groups.Tuple.tuple(1L, "Erika Beispiel"));
  }

  private static Map<String, Object> without(Map<String, Object> args, String name) {
    args.remove(name);
    return args;
  }

  // --- anonymous callers

  @ParameterizedTest
  @FieldSource("ANONYMOUS")
  void ANON_01_a_hidden_number_books_like_any_other(String hidden) {
    Caller caller = aCallerOf(Company.A).from(hidden);
    bookedAnonymously(caller, caller.ongoing());
  }

  @Test
  void ANON_01_also_where_there_is_no_number_or_a_null() {
    Caller absent = aCallerOf(Company.A).from(null);
    bookedAnonymously(absent, absent.ongoing());
    Caller isNull = aCallerOf(Company.A).from(null);
    Map<String, Object> call = isNull.ongoing();
    call.put("from_number", null);
    bookedAnonymously(isNull, call);
  }

  private void bookedAnonymously(Caller caller, Map<String, Object> call) {
    ZonedDateTime start = aFreeStart();
    Reply reply =
        caller.function(
            "book_appointment", call, caller.wish("Herrenhaarschnitt", start, "Erika Beispiel"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    Booked booked = booked(caller, reply, start);
    assertThat(booked.call().fromNumber()).isNull();
    Customer customer = rows.customer(booked.appointment().customerId()).orElseThrow();
    assertThat(customer.phone()).isNull();
    assertThat(customer.identifiedBy()).isEqualTo("call");
    assertThat(customer.name()).isEqualTo("Erika Beispiel");
    assertThat(customer.companyId()).isEqualTo(1L);
    assertThat(rows.query("select id from appointments where customer_id = ?", customer.id()))
        .hasSize(1);
  }

  // --- booking and double booking

  @Test
  void BOOK_01_of_two_calls_for_one_time_one_is_booked_and_one_is_told() throws Exception {
    ZonedDateTime start = aFreeStart();
    List<Callable<Reply>> both =
        Stream.of(aCallerOf(Company.A), aCallerOf(Company.A))
            .<Callable<Reply>>map(caller -> () -> caller.books(Company.A, start))
            .toList();
    List<String> told = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> one : threads.invokeAll(both)) {
        told.add(one.get().status());
      }
    }
    assertThat(told).containsExactlyInAnyOrder("booked", "slot_taken");
  }

  @Test
  void BOOK_02_a_repetition_waits_for_the_answer_of_the_first() throws Exception {
    calcom.fails(Map.of("operation", "create", "times", 1, "delayMs", 1500, "when", "after"));
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> wish = caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    List<Callable<Reply>> attempts =
        List.of(
            () -> caller.booksAs("tool_call_1", wish),
            () -> caller.booksAs("tool_call_1", wish),
            () -> caller.booksAs("tool_call_2", wish),
            () -> caller.books(wish));
    Set<String> told = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> one : threads.invokeAll(attempts)) {
        assertThat(one.get().status()).as(one.get().answer().text()).isEqualTo("booked");
        told.add(one.get().answer().text());
      }
    }
    assertThat(told).hasSize(1);
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
  }

  @Test
  void BOOK_04_somebody_elses_booking_is_never_taken_for_a_new_one() {
    Company company = Company.unknown();
    calcom.offersRoundRobin(company.eventTypeId(), company.service(), company.minutes());
    gateway.importDirectory(company.yaml());
    Caller first = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    Booked booked = booked(first, first.books(company, start), start);

    Caller again = first.callingAgain();
    again.starts();
    // Another person on the same telephone: Cal.com takes him for the first one.
    Reply reply = again.books(again.wish(company.service(), start, "Max Muster"));
    assertThat(reply.status()).isEqualTo("in_doubt");
    assertThat(reply.calcomUid()).isEmpty();
    staysBroken("REQUEST_STUCK", "booking", reply.bookingId());
    eventually(() -> assertThat(rows.call(again)).isPresent());
    assertThat(rows.call(again).orElseThrow().bookingConfirmed()).isFalse();
    assertThat(rows.appointmentsWithUid(booked.uid())).hasSize(1);
    assertThat(rows.appointments(again)).isEmpty();
  }

  // --- ghost bookings

  @Test
  void GHOST_01_a_claim_without_a_booking_is_reported_and_books_nothing() {
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    caller.ends();
    caller.isAnalysed();
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    long id = rows.call(caller).orElseThrow().id();
    staysBroken("CLAIM_WITHOUT_BOOKING", "call", id);
    eventually(
        () -> assertThat(topics.violation("CLAIM_WITHOUT_BOOKING", "call", id)).isEqualTo("OPEN"));
    assertThat(rows.appointments(caller)).isEmpty();
    assertThat(calcom.bookingsOf(caller)).isEmpty();
  }

  @Test
  void GHOST_03_nothing_is_confirmed_before_Calcom_says_so() {
    calcom.fails(Map.of("operation", "create", "times", 1, "status", 500));
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    Reply reply = caller.books(Company.A, aFreeStart());
    assertThat(reply.status()).isEqualTo("in_doubt");
    assertThat(reply.say()).doesNotContain("gebucht");
    eventually(
        () -> assertThat(topics.typesOfBooking(reply.bookingId())).startsWith("BookingRequested"));
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(topics.typesOfBooking(reply.bookingId())).doesNotContain("BookingConfirmed");
    assertThat(rows.appointment(reply.appointmentId())).isEmpty();
    assertThat(rows.call(caller).orElseThrow().bookingConfirmed()).isFalse();
    // Never booked: it stays a wish until the gateway gives it up.
    staysBroken("REQUEST_STUCK", "booking", reply.bookingId());
  }

  // --- Cal.com

  @Test
  void CAL_02_twice_moved_and_cancelled_is_one_appointment_under_one_id() {
    Booked booked = aBookedCall(Company.A);
    Held first = calcom.reschedules(booked.uid(), aFreeStart());
    Held second = calcom.reschedules(first.uid(), aFreeStart());
    calcom.cancels(second.uid());
    eventually(
        () ->
            assertThat(rows.appointment(booked.reply().appointmentId()).map(Appointment::status))
                .hasValue("cancelled"));
    Appointment after = rows.appointment(booked.reply().appointmentId()).orElseThrow();
    assertThat(after.bookingId()).isEqualTo(booked.appointment().bookingId());
    assertThat(after.uid()).isEqualTo(second.uid());
    assertThat(after.calcomId()).isEqualTo(second.id());
    assertThat(rows.appointments(booked.caller())).hasSize(1);
    assertThat(rows.history(after.bookingId()))
        .containsExactly(
            "BookingRequested",
            "BookingConfirmed",
            "BookingRescheduled",
            "BookingRescheduled",
            "BookingCancelled");

    calcom.tells(booked.uid(), "created");
    calcom.tells(first.uid(), "rescheduled_on_page");
    calcom.tells(second.uid(), "rescheduled_on_page");
    for (String uid : List.of(booked.uid(), first.uid(), second.uid())) {
      assertThat(rows.outcomes(uid)).doesNotContain("unresolved").endsWith("no_change");
    }
    assertThat(rows.appointment(after.id()).orElseThrow()).isEqualTo(after);
  }

  @Test
  void CAL_06_created_after_our_own_answer_makes_no_second_row() {
    calcom.delivers("none");
    Booked booked = aBookedCall(Company.A);
    calcom.tells(booked.uid(), "created");
    assertThat(rows.outcomes(booked.uid())).hasSize(1).doesNotContain("unresolved");
    assertThat(rows.appointmentsWithUid(booked.uid())).hasSize(1);
    assertThat(rows.appointments(booked.caller())).hasSize(1);
  }

  @Test
  void CAL_06_a_moved_appointment_stays_confirmed_and_remembers_where_it_was() {
    Booked booked = aBookedCall(Company.A);
    ZonedDateTime later = aFreeStart();
    calcom.reschedules(booked.uid(), later);
    eventually(
        () ->
            assertThat(rows.appointment(booked.reply().appointmentId()).map(Appointment::startsAt))
                .hasValue(later.toInstant()));
    Appointment after = rows.appointment(booked.reply().appointmentId()).orElseThrow();
    assertThat(after.status()).isEqualTo("confirmed");
    assertThat(Instant.parse(after.metadata().path("previous_starts_at").asString()))
        .isEqualTo(booked.start().toInstant());
    assertThat(
            rows.query(
                "select starts_at, calcom_uid from appointment_history where booking_id = ? and event_type = 'BookingRescheduled'",
                after.bookingId()))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("starts_at", later.toInstant())
                    .containsEntry("calcom_uid", after.uid()));
  }

  // --- customers

  @Test
  void CUST_01_who_books_for_somebody_else_keeps_his_own_name() {
    Booked first = aBookedCall(Company.A);
    Caller again = first.caller().callingAgain();
    ZonedDateTime start = aFreeStart();
    Reply reply = again.books(again.wish("Herrenhaarschnitt", start, "Kind Beispiel"));
    Booked forTheChild = booked(again, reply, start);
    again.retell(
        "call_analyzed", again.analysed(Map.of("patient_full_name", "guten Tag", "name", "Agent")));
    assertThat(forTheChild.appointment().attendeeName()).isEqualTo("Kind Beispiel");
    assertThat(forTheChild.appointment().customerId()).isEqualTo(first.appointment().customerId());
    eventually(
        () -> assertThat(rows.call(again).orElseThrow().columns()).containsEntry("analyzed", true));
    assertThat(rows.customer(first.appointment().customerId()).orElseThrow().name())
        .isEqualTo("Erika Beispiel");
    assertThat(calcom.booking(reply.calcomUid()).json().at("/attendees/0/name").asString())
        .isEqualTo("Kind Beispiel");
  }

  @Test
  void CUST_03_fifty_bookings_at_once_of_one_new_number_are_one_customer() throws Exception {
    Company own = aCompany();
    Caller first = aCallerOf(own);
    List<Callable<Reply>> bookings =
        Stream.generate(first::callingAgain)
            .limit(50)
            .<Callable<Reply>>map(caller -> () -> booksAsOftenAsAsked(caller, own))
            .toList();
    Set<Long> appointments = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Reply> booking : threads.invokeAll(bookings)) {
        assertThat(booking.get().status()).as(booking.get().answer().text()).isEqualTo("booked");
        appointments.add(booking.get().appointmentId());
      }
    }
    assertThat(appointments).hasSize(50);
    eventually(
        () ->
            assertThat(
                    rows.query(
                        "select customer_id from appointments where company_id = ?", own.id()))
                .hasSize(50));
    assertThat(rows.customersWithPhone(first.from())).hasSize(1);
    assertThat(
            rows.query(
                "select distinct customer_id from appointments where company_id = ?", own.id()))
        .hasSize(1);
    assertThat(
            rows.query(
                "select id from calls where company_id = ? and customer_id is null", own.id()))
        .isEmpty();
  }

  /** As Retell does: a 503 says that nothing was stored, and to come again. */
  private static Reply booksAsOftenAsAsked(Caller caller, Company company) {
    ZonedDateTime start = aFreeStart();
    Reply reply = caller.books(company, start);
    for (int retry = 0; retry < 5 && reply.answer().status() == 503; retry++) {
      reply = caller.books(company, start);
    }
    return reply;
  }

  @Test
  void CUST_03_without_a_name_it_is_asked_for_and_nothing_is_booked() {
    Caller caller = aCallerOf(Company.A);
    for (String placeholder : List.of("", "Unbekannt", "Anonym", "{{name}}")) {
      Reply reply = caller.books(caller.wish("Herrenhaarschnitt", aFreeStart(), placeholder));
      assertThat(reply.status()).as(placeholder).isEqualTo("name_required");
      assertThat(reply.say()).isNotBlank();
    }
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(rows.call(caller).orElseThrow().customerId()).isNull();
    assertThat(rows.customersWithPhone(caller.from())).isEmpty();
  }

  @Test
  void CUST_03_one_address_for_everybody_makes_nobody_the_same_person() {
    String everybodys = "alle" + System.nanoTime() + "@salon-a.example";
    Booked one = bookedWith(aCallerOf(Company.A), everybodys);
    Booked two = bookedWith(aCallerOf(Company.A), everybodys);
    assertThat(one.appointment().customerId()).isNotEqualTo(two.appointment().customerId());
    Booked hidden = bookedWith(aCallerOf(Company.A).from("anonymous"), everybodys);
    Booked fallback = bookedWith(aCallerOf(Company.A).from("anonymous"), "termin@salon-a.example");
    Booked fallbackAgain =
        bookedWith(aCallerOf(Company.A).from("anonymous"), "termin@salon-a.example");
    assertThat(
            Set.of(
                one.appointment().customerId(),
                two.appointment().customerId(),
                hidden.appointment().customerId(),
                fallback.appointment().customerId(),
                fallbackAgain.appointment().customerId()))
        .hasSize(5);
    assertThat(rows.customer(fallback.appointment().customerId()).orElseThrow().email()).isNull();
  }

  @Test
  void CUST_03_one_number_with_another_address_is_still_one_customer() {
    Caller caller = aCallerOf(Company.A);
    Booked one = bookedWith(caller, "erika" + System.nanoTime() + "@example.org");
    Booked two = bookedWith(caller.callingAgain(), "beispiel" + System.nanoTime() + "@example.org");
    assertThat(one.appointment().customerId()).isEqualTo(two.appointment().customerId());
  }

  private Booked bookedWith(Caller caller, String email) {
    ZonedDateTime start = aFreeStart();
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", start, "Erika Beispiel");
    args.put("email", email);
    Reply reply = caller.books(args);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    return booked(caller, reply, start);
  }
}
