package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Rows.Appointment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Rows are damaged by hand; the log puts them right, also when the projector is killed over it. */
@Execution(ExecutionMode.SAME_THREAD)
class RebuildTest extends SystemTest {

  private static final Duration UNTIL_DONE = Duration.ofSeconds(60);

  private final Projector projector = new Projector(stack);

  @AfterEach
  void everything_runs_again() {
    stack.start(EnumSet.of(Part.PROJECTOR));
  }

  @Test
  void DATA_03_a_replay_brings_a_damaged_booking_back_with_its_ids_and_its_history() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    Map<String, Object> before = row(id);
    rows.update("delete from appointments where id = ?", id);
    rows.update("delete from appointment_history where appointment_id = ?", id);
    JsonNode plan =
        ended(
            projector.orders(
                Map.of("kind", "replay", "booking", booked.reply().bookingId(), "dryRun", true)));
    assertThat(plan.path("differences").asInt()).isEqualTo(3);
    assertThat(rows.appointment(id)).isEmpty();
    JsonNode done =
        ended(projector.orders(Map.of("kind", "replay", "booking", booked.reply().bookingId())));
    assertThat(done.path("differences").asInt()).isEqualTo(3);
    assertThat(row(id)).isEqualTo(before);
    assertThat(rows.history(booked.appointment().bookingId())).hasSize(2);
  }

  @Test
  void a_verification_finds_one_changed_row_and_a_rebuild_puts_it_right() {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    Map<String, Object> before = row(id);
    rows.update("update appointments set attendee_name = 'Somebody' where id = ?", id);
    JsonNode verified = ended(projector.orders(Map.of("kind", "rebuild", "dryRun", true)));
    assertThat(found(verified)).containsExactly("appointments " + id + " changed attendee_name");
    assertThat(row(id)).isNotEqualTo(before);
    JsonNode rebuilt = ended(projector.orders(Map.of("kind", "rebuild")));
    assertThat(found(rebuilt)).isEqualTo(found(verified));
    assertThat(row(id)).isEqualTo(before);
    JsonNode again = ended(projector.orders(Map.of("kind", "rebuild", "dryRun", true)));
    assertThat(found(again)).isEmpty();
    assertThat(again.path("missingRevisions").asInt()).isZero();
  }

  @Test
  void a_rebuild_and_a_replay_go_on_after_the_projector_was_killed() throws SQLException {
    for (Map<String, Object> order :
        List.<Map<String, Object>>of(
            Map.of("kind", "rebuild"), Map.of("kind", "replay", "from", "2020-01-01T00:00:00Z"))) {
      Booked booked = aBookedCall(Company.A);
      long id = booked.appointment().id();
      Map<String, Object> before = row(id);
      rows.update("update appointments set status = 'declined' where id = ?", id);
      long job;
      try (Connection hold = rows.connect("appointments");
          Statement statement = hold.createStatement()) {
        hold.setAutoCommit(false);
        statement.execute("select from appointments where id = " + id + " for update");
        job = projector.orders(order);
        // In the middle of putting the row right: everything is folded, nothing is committed.
        eventually(
            UNTIL_DONE,
            () ->
                assertThat(
                        rows.query(
                            "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'with should%'"))
                    .isNotEmpty());
        assertThat(projector.job(job).path("state").asString()).isEqualTo("running");
        stack.kill(Part.PROJECTOR);
        hold.rollback();
      }
      stack.start(EnumSet.of(Part.PROJECTOR));
      JsonNode done = ended(job);
      assertThat(done.path("differences").asInt()).isPositive();
      assertThat(row(id)).isEqualTo(before);
      assertThat(rows.appointment(id).map(Appointment::status)).hasValue("confirmed");
    }
    assertThat(rows.query("select from pg_namespace where nspname like 'shadow%'")).isEmpty();
  }

  /** Waits for the end of a job, which must be a good one. */
  private JsonNode ended(long job) {
    eventually(
        UNTIL_DONE,
        () -> assertThat(projector.job(job).path("state").asString()).isEqualTo("done"));
    return projector.job(job);
  }

  /** Table, row, what is wrong with it, and the columns. */
  private static List<String> found(JsonNode job) {
    return job.path("found")
        .valueStream()
        .map(
            d ->
                "%s %s %s %s"
                    .formatted(
                        d.path("table").asString(),
                        d.path("row").asString().replaceAll(":.*", ""),
                        d.path("kind").asString(),
                        String.join(",", d.path("columns").propertyNames())))
        .toList();
  }

  private Map<String, Object> row(long appointmentId) {
    return rows.query("select * from appointments where id = ?", appointmentId).getFirst();
  }
}
