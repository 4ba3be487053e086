package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.localstack.LocalStack.ProcessStatus;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackException;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services that are down, rows that are refused, and databases of another version. */
@Execution(ExecutionMode.SAME_THREAD)
class ServiceIncidentsTest extends SystemTest {

  private static final Duration UNTIL_WELL_AGAIN = Duration.ofSeconds(60);

  @AfterEach
  void everything_runs_again() {
    Set<Part> parts = stack.parts();
    parts.remove(Part.RETELL);
    stack.start(parts);
  }

  @Test
  void SYNC_03_a_cancellation_is_told_as_such_whoever_else_is_down() {
    Booked booked = aBookedCall(aCompany());
    stack.kill(Part.PROJECTOR);
    stack.kill(Part.VALIDATOR);
    Caller later = booked.caller().callingAgain();
    Reply reply = later.asks("cancel_appointment", Map.of());
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("cancelled");
    assertThat(calcom.booking(booked.uid()).status()).isEqualTo("cancelled");
    stack.start(EnumSet.of(Part.PROJECTOR, Part.VALIDATOR));
    eventually(
        UNTIL_WELL_AGAIN,
        () ->
            assertThat(rows.appointment(booked.appointment().id()).map(Appointment::status))
                .hasValue("cancelled"));
  }

  /** As a trigger of the predecessor did, which nobody remembered. */
  @Test
  void TEN_04_a_row_that_is_refused_harms_neither_the_answer_nor_Calcom_and_comes_later() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    rows.update(
        """
        create function museum() returns trigger language plpgsql as $$
        begin
          if new.attendee_name = 'Erika Unannehmbar' then raise exception 'no'; end if;
          return new;
        end $$;
        create trigger museum before insert on appointments for each row execute function museum()
        """);
    try {
      Reply reply = caller.books(caller.wish(company.service(), start, "Erika Unannehmbar"));
      assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
      assertThat(calcom.bookingsOf(caller)).hasSize(1);
      assertThat(calcom.booking(reply.calcomUid()).status()).isEqualTo("accepted");
      eventually(
          () ->
              assertThat(topics.typesOfBooking(reply.bookingId()))
                  .containsExactly("BookingRequested", "BookingConfirmed"));
      eventually(() -> assertThat(projectorHealth()).contains("Postgres does not take the rows"));
      assertThat(rows.appointment(reply.appointmentId())).isEmpty();
      refuseNothing();
      eventually(
          UNTIL_WELL_AGAIN,
          () ->
              assertThat(rows.appointment(reply.appointmentId()).map(Appointment::status))
                  .hasValue("confirmed"));
      booked(caller, reply, start);
    } finally {
      refuseNothing();
    }
  }

  private void refuseNothing() {
    rows.update("drop function if exists museum() cascade");
  }

  private String projectorHealth() {
    return Http.send(
            "GET", stack.addresses().projector().resolve("/actuator/health"), Map.of(), new byte[0])
        .text();
  }

  @Test
  void DATA_01_details_count_only_where_they_hold_a_booking_however_they_are_encoded() {
    List<Caller> harmless = new ArrayList<>();
    Map<String, Object> check =
        Map.of(
            "date", "2025-10-24",
            "time", "14:00",
            "customer_name", "Erika Beispiel",
            "service", "Beratung",
            "exact_time_available", true,
            "alternatives_found", 0,
            "checked_at", "2025-10-23 12:00:00");
    Map<String, Object> guess =
        Map.of(
            "starts_at", "2025-10-24 10:00:00",
            "patient_name", "mir nicht",
            "confidence", 40,
            "booking_failed", 1,
            "booking_failure_reason", "service_not_found");
    for (Map<String, Object> details : List.of(check, guess)) {
      for (int encodings = 0; encodings < 3; encodings++) {
        harmless.add(aCallWith(details, encodings));
      }
    }
    Caller holds = aCallerOf(Company.A);
    startedCall(holds);
    details(
        holds,
        Map.of(
            "confirmed_at",
            "2025-10-23 12:00:00",
            "calcom_booking",
            Map.of(
                "id",
                990_000_001,
                "uid",
                "museumUidOfNobody",
                "status",
                "accepted",
                "metadata",
                Map.of("call_id", holds.callId()))),
        2);
    long held = rows.call(holds).orElseThrow().id();
    eventually(
        () ->
            assertThat(topics.violation("DETAILS_WITHOUT_CONFIRMATION", "call", held))
                .isEqualTo("OPEN"));
    for (Caller caller : harmless) {
      assertThat(
              topics.violation(
                  "DETAILS_WITHOUT_CONFIRMATION", "call", rows.call(caller).orElseThrow().id()))
          .isEqualTo("none");
    }
    harmless.forEach(caller -> details(caller, null, 0));
    details(holds, null, 0);
    eventually(
        () ->
            assertThat(topics.violation("DETAILS_WITHOUT_CONFIRMATION", "call", held))
                .isEqualTo("RESOLVED"));
  }

  private Caller aCallWith(Map<String, Object> details, int encodings) {
    Caller caller = aCallerOf(Company.A);
    startedCall(caller);
    details(caller, details, encodings);
    return caller;
  }

  private void startedCall(Caller caller) {
    caller.starts();
    eventually(() -> assertThat(rows.call(caller)).isPresent());
  }

  private void details(Caller caller, Map<String, Object> details, int encodings) {
    String json = details == null ? null : Http.JSON.writeValueAsString(details);
    for (int i = 0; i < encodings; i++) {
      json = Http.JSON.writeValueAsString(json);
    }
    assertThat(
            rows.update(
                "update calls set booking_details = ?::jsonb where retell_call_id = ?",
                json,
                caller.callId()))
        .isOne();
  }

  @ParameterizedTest
  @CsvSource({"GATEWAY,gateway", "PROJECTOR,appointments", "VALIDATOR,validator"})
  void DATA_03_a_service_refuses_a_database_of_a_newer_version_in_one_sentence(
      Part part, String database) throws IOException {
    stack.stop(part);
    rows.updateIn(
        database,
        "insert into flyway_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success) values (9999, '99', 'newer', 'SQL',"
            + " 'V99__newer.sql', 'museum', 0, true)");
    try {
      assertThatThrownBy(() -> stack.start(EnumSet.of(part)))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("died");
      assertThat(Files.readString(log(part)))
          .contains("The database's schema was made by another version of this service");
    } finally {
      rows.updateIn(database, "delete from flyway_schema_history where installed_rank = 9999");
    }
    stack.start(EnumSet.of(part));
    Booked booked = aBookedCall(Company.A);
    assertThat(booked.appointment().status()).isEqualTo("confirmed");
  }

  private Path log(Part part) {
    return stack.status().stream()
        .filter(process -> process.part() == part)
        .map(ProcessStatus::log)
        .findFirst()
        .orElseThrow();
  }
}
