package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Http.Answer;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Parts go away and come back: accepted is never lost and never doubled. */
@Execution(ExecutionMode.SAME_THREAD)
class FaultsTest extends SystemTest {

  private static final Duration UNTIL_WELL_AGAIN = Duration.ofSeconds(60);

  @AfterEach
  void everything_runs_again() {
    Set<Part> parts = stack.parts();
    parts.remove(Part.RETELL);
    stack.start(parts);
  }

  @Test
  void Kafka_away_is_no_reason_to_refuse_and_nothing_is_lost() {
    stack.kill(Part.KAFKA);
    List<Reply> replies = new ArrayList<>();
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Caller caller = aCallerOf(Company.A);
      callers.add(caller);
      assertThat(caller.starts().status()).isEqualTo(204);
      Instant asked = Instant.now();
      replies.add(caller.books(Company.A, aFreeStart()));
      assertThat(replies.getLast().status()).isEqualTo("booked");
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(3));
      assertThat(caller.ends().status()).isEqualTo(204);
    }
    stack.start(EnumSet.of(Part.KAFKA));
    allAreSeen(callers, replies);
  }

  @Test
  void a_gateway_that_starts_without_Kafka_and_registry_accepts_and_loses_nothing() {
    stack.kill(Part.KAFKA);
    stack.kill(Part.REGISTRY);
    stack.kill(Part.GATEWAY);
    stack.start(EnumSet.of(Part.GATEWAY));
    Caller caller = aCallerOf(Company.A);
    assertThat(caller.starts().status()).isEqualTo(204);
    Reply reply = caller.books(Company.A, aFreeStart());
    assertThat(reply.status()).isEqualTo("booked");
    assertThat(caller.ends().status()).isEqualTo(204);
    stack.start(EnumSet.of(Part.KAFKA, Part.REGISTRY));
    allAreSeen(List.of(caller), List.of(reply));
  }

  @Test
  void Postgres_away_is_said_at_once_and_over_when_it_is_back() {
    Booked before = aBookedCall(Company.A);
    Caller caller = aCallerOf(Company.A);
    stack.stop(Part.POSTGRES);
    Instant asked = Instant.now();
    Answer refused = caller.starts();
    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    assertThat(refused.contentType()).startsWith("application/problem+json");
    assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(5));
    assertThat(caller.books(Company.A, aFreeStart()).answer().status()).isEqualTo(503);
    assertThat(calcom.bookingsOf(caller)).isEmpty();

    stack.start(EnumSet.of(Part.POSTGRES));
    eventually(() -> assertThat(caller.starts().status()).isEqualTo(204));
    ZonedDateTime start = aFreeStart();
    Reply reply = caller.books(Company.A, start);
    assertThat(caller.ends().status()).isEqualTo(204);
    allAreSeen(List.of(caller), List.of(reply));
    calcom.cancels(before.uid());
    eventually(
        UNTIL_WELL_AGAIN,
        () ->
            assertThat(rows.appointment(before.appointment().id()).map(Appointment::status))
                .hasValue("cancelled"));
  }

  @Test
  void SYNC_01_a_dropped_slot_of_the_relay_is_made_anew_and_nothing_is_lost() {
    aBookedCall(Company.A);
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    List<Caller> callers = new ArrayList<>(List.of(caller));
    List<Reply> replies = new ArrayList<>(List.of(caller.books(Company.A, aFreeStart())));
    String before = relay().toString();
    dropSlot("gateway_outbox");
    Caller meanwhile = aCallerOf(Company.A);
    meanwhile.starts();
    callers.add(meanwhile);
    replies.add(meanwhile.books(Company.A, aFreeStart()));
    eventually(
        UNTIL_WELL_AGAIN,
        () ->
            assertThat(
                    rows.queryIn(
                        "gateway",
                        "select 1 as one from pg_replication_slots where slot_name = 'gateway_outbox' and active"))
                .hasSize(1));
    Caller after = aCallerOf(Company.A);
    after.starts();
    callers.add(after);
    replies.add(after.books(Company.A, aFreeStart()));
    callers.forEach(c -> assertThat(c.ends().status()).isEqualTo(204));
    allAreSeen(callers, replies);
    assertThat(relay().toString()).as("the relay's health tells of it").isNotEqualTo(before);
  }

  @Test
  void SYNC_01_a_wish_without_outcome_is_reported_and_resolves_itself() {
    calcom.delivers("none");
    calcom.fails(Map.of("operation", "create", "times", 1, "when", "after", "cut", true));
    calcom.fails(Map.of("operation", "list", "times", -1, "status", 503));
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    Reply reply = caller.books(Company.A, aFreeStart());
    assertThat(reply.status()).isEqualTo("in_doubt");
    // Other tests' restarts make every chain due again: this one may have to wait its turn.
    eventually(
        Duration.ofSeconds(40),
        () ->
            assertThat(topics.violation("REQUEST_STUCK", "booking", reply.bookingId()))
                .as(() -> validator.summary().toString())
                .isEqualTo("OPEN"));
    calcom.faultsEnd();
    eventually(
        () ->
            assertThat(topics.violation("REQUEST_STUCK", "booking", reply.bookingId()))
                .isEqualTo("RESOLVED"));
    assertThat(rows.appointments(caller))
        .singleElement()
        .extracting(Appointment::status)
        .isEqualTo("confirmed");
  }

  @Test
  void a_projector_that_is_killed_under_load_shows_everything_when_it_is_back() {
    Company own = aCompany();
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      callers.add(aCallerOf(own));
    }
    List<CompletableFuture<Reply>> booking =
        callers.stream()
            .map(
                caller ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          caller.starts();
                          Reply reply = caller.books(own, aFreeStart());
                          caller.ends();
                          return reply;
                        }))
            .toList();
    booking.getFirst().join();
    stack.kill(Part.PROJECTOR);
    List<Reply> replies = booking.stream().map(CompletableFuture::join).toList();
    stack.start(EnumSet.of(Part.PROJECTOR));
    allAreSeen(callers, replies);
    assertThat(rows.query("select id from appointments where company_id = ?", own.id()))
        .hasSize(30);
  }

  @Test
  void damage_that_is_done_while_the_validator_is_down_is_found_when_it_is_back() {
    Booked booked = aBookedCall(Company.A);
    stack.kill(Part.VALIDATOR);
    rows.update("update calls set customer_id = null where id = ?", booked.call().id());
    stack.start(EnumSet.of(Part.VALIDATOR));
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_CUSTOMER", "call", booked.call().id()))
                .isEqualTo("OPEN"));
    rows.update(
        "update calls set customer_id = ? where id = ?",
        booked.appointment().customerId(),
        booked.call().id());
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_CUSTOMER", "call", booked.call().id()))
                .isEqualTo("RESOLVED"));
  }

  private tools.jackson.databind.JsonNode relay() {
    return gateway.health().at("/components/relay/details");
  }

  private void dropSlot(String slot) {
    eventually(
        () -> {
          rows.queryIn(
              "gateway",
              "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ? and active_pid is not null",
              slot);
          assertThat(
                  rows.queryIn(
                      "gateway",
                      "select slot_name, pg_drop_replication_slot(slot_name)::text from pg_replication_slots where slot_name = ? and active_pid is null",
                      slot))
              .hasSize(1);
        });
  }

  private void allAreSeen(List<Caller> callers, List<Reply> replies) {
    eventually(
        UNTIL_WELL_AGAIN,
        () -> {
          for (int i = 0; i < callers.size(); i++) {
            Caller caller = callers.get(i);
            assertThat(rows.call(caller).map(Call::status)).hasValue("ended");
            assertThat(rows.call(caller).map(Call::bookingConfirmed)).hasValue(true);
            assertThat(rows.appointments(caller))
                .singleElement()
                .extracting(Appointment::id)
                .isEqualTo(replies.get(i).appointmentId());
            assertThat(calcom.bookingsOf(caller)).hasSize(1);
          }
        });
  }
}
