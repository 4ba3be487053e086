package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Functions while Cal.com fails, and what must leave no trace: one after the other. */
@Execution(ExecutionMode.SAME_THREAD)
class FunctionFaultsTest extends SystemTest {

  @ParameterizedTest
  @ValueSource(ints = {404, 429, 500, 503})
  void AVL_08_our_trouble_is_never_told_as_taken(int status) {
    Company company = aCompany();
    calcom.fails(Map.of("operation", "slots", "times", 1, "status", status));
    Caller caller = aCallerOf(company);
    Reply reply = caller.asks("check_availability", caller.when(aFreeStart()));
    assertThat(reply.status()).isEqualTo("try_later");
  }

  @Test
  void CAL_03_a_lost_answer_to_a_change_is_in_doubt_and_settles_itself() {
    Booked booked = aBookedCall(aCompany());
    calcom.delivers("none");
    calcom.fails(Map.of("operation", "reschedule", "times", 1, "when", "after", "cut", true));
    Caller later = booked.caller().callingAgain();
    ZonedDateTime moved = booked.start().plusDays(1);
    Reply reply = later.asks("reschedule_appointment", later.whenNew(moved));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("in_doubt");
    eventually(
        Duration.ofSeconds(25),
        () ->
            assertThat(rows.appointment(booked.appointment().id()).orElseThrow().startsAt())
                .isEqualTo(moved.toInstant()));
  }

  @Test
  void before_it_picks_up_an_agent_knows_the_day_and_the_caller_and_nothing_is_written() {
    Company company = aCompany();
    Booked booked = aBookedCall(company);
    Map<String, Object> inbound =
        Map.of("from_number", booked.caller().from(), "to_number", company.number());
    int before = rows.queryIn("gateway", "select 1 from delivery").size();
    JsonNode variables =
        gateway
            .retell("/retell/inbound", Map.of("event", "call_inbound", "call_inbound", inbound))
            .json()
            .path("call_inbound")
            .path("dynamic_variables");
    assertThat(variables.path("customer_name").asString()).isEqualTo("Erika Beispiel");
    assertThat(variables.path("next_appointment").asString()).contains(company.service());
    assertThat(variables.path("today").asString()).isNotEmpty();
    variables.forEach(value -> assertThat(value.isString()).isTrue());
    assertThat(rows.queryIn("gateway", "select 1 from delivery")).hasSize(before);
  }

  @Test
  void CAL_03_a_booking_that_surfaces_after_the_caller_was_told_no_is_cancelled() {
    Company company = aCompany();
    ZonedDateTime start = aFreeStart();
    calcom.fails(
        Map.of(
            "operation",
            "create",
            "times",
            1,
            "status",
            400,
            "message",
            "User either already has booking at this time or is not available"));
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, start);
    assertThat(reply.status()).isEqualTo("slot_taken");
    String requestId =
        rows.queryIn(
                "gateway",
                "select request_id::text as id from wish where retell_call_id = ?",
                caller.callId())
            .getFirst()
            .get("id")
            .toString();
    Calcom.Held late = calcom.surfaces(company, start, "Erika Beispiel", caller.from(), requestId);
    eventually(
        Duration.ofSeconds(20),
        () -> assertThat(calcom.booking(late.uid()).status()).isEqualTo("cancelled"));
    eventually(
        () ->
            assertThat(rows.appointments(caller))
                .allSatisfy(row -> assertThat(row.status()).isEqualTo("cancelled")));
    assertThat(caller.books(company, start).status()).isEqualTo("booked");
  }
}
