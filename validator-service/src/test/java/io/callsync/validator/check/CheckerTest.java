package io.callsync.validator.check;

import static io.callsync.validator.Databases.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.callsync.events.ChainViolation;
import io.callsync.outbox.Outbox;
import io.callsync.schemas.AvroBody;
import io.callsync.validator.Databases;
import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.company.CompanyWatch;
import io.callsync.validator.violation.Violations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The way from a marked chain to the outbox, on a real Postgres; time is told, not waited for. */
class CheckerTest {

  private static final ChainKey CALL = new ChainKey.OfCall(559);

  private final Databases databases = new Databases();
  private final JdbcClient rows = databases.rows;
  private final Due due = new Due(databases.own);
  private final Verdicts verdicts = new Verdicts(databases.own);
  private final Violations violations =
      new Violations(databases.own, new Outbox(Databases.ownDataSource()), databases.properties);
  private final Checker checker =
      new Checker(
          new ChainLoader(databases.expectations, databases.readModel, databases.properties),
          due,
          violations,
          verdicts,
          new Sweep(
              due,
              new Schedule(databases.own),
              violations,
              databases.readModel,
              databases.expectations,
              databases.properties),
          new CompanyWatch(databases.own, violations),
          new Schedule(databases.own),
          databases.positions,
          databases.readModel,
          databases.properties,
          databases.transaction,
          Clock.systemUTC());

  @AfterEach
  void close() {
    databases.readModel.close();
  }

  @Test
  void a_whole_chain_is_linked_and_silent() {
    change(START);
    checker.round(START.plusSeconds(1));
    assertThat(said()).isEmpty();
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.LINKED, 1L));
  }

  @Test
  void a_company_whose_bookings_lose_their_links_is_reported_until_they_are_linked_again() {
    List<ExpectedBooking> lost = new ArrayList<>();
    for (long n = 100; n < 120; n++) {
      lost.add(
          new ExpectedBooking(
              new UUID(1, n),
              1,
              n,
              n,
              null,
              1L,
              "confirmed",
              "retell_phone",
              null,
              null,
              START,
              false,
              false,
              null,
              null));
    }
    databases.expectations.keepBookings(lost);
    due.mark(
        lost.stream().<ChainKey>map(b -> new ChainKey.OfCall(b.callId())).toList(), START, START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(7));
    checker.round(START.plusSeconds(70));
    assertThat(said()).noneMatch(said -> said.startsWith("LINK_RATE_LOW"));
    checker.round(START.plusSeconds(380));
    assertThat(said()).anyMatch(said -> said.startsWith("LINK_RATE_LOW:company:1 OPEN"));
    databases.own.sql("delete from expected_booking where call_id between 100 and 119").update();
    checker.round(START.plusSeconds(450));
    assertThat(said()).anyMatch(said -> said.startsWith("LINK_RATE_LOW:company:1 RESOLVED"));
  }

  @Test
  void a_break_opens_after_its_grace_and_resolves_when_mended() {
    rows.sql("update calls set customer_id = null").update();
    change(START);
    checker.round(START.plusSeconds(1));
    assertThat(said()).isEmpty();
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.CHECKING, 1L));

    checker.round(START.plusSeconds(5));
    assertThat(said()).isEmpty();
    // The grace ends by itself: nothing changes any more.
    checker.round(START.plusSeconds(6));
    assertThat(said()).containsExactly("CALL_WITHOUT_CUSTOMER:call:559 OPEN 1/1");
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.BROKEN, 1L));

    change(START.plusSeconds(7));
    checker.round(START.plusSeconds(8));
    assertThat(said()).hasSize(1);

    rows.sql("update calls set customer_id = 17").update();
    change(START.plusSeconds(9));
    checker.round(START.plusSeconds(10));
    assertThat(said()).last().isEqualTo("CALL_WITHOUT_CUSTOMER:call:559 RESOLVED 1/2");
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.LINKED, 1L));
  }

  @Test
  void what_mends_itself_within_the_grace_is_never_said() {
    rows.sql("update calls set customer_id = null").update();
    change(START);
    checker.round(START.plusSeconds(1));
    rows.sql("update calls set customer_id = 17").update();
    change(START.plusSeconds(2));
    checker.round(START.plusSeconds(3));
    checker.round(START.plusSeconds(30));
    assertThat(said()).isEmpty();
  }

  @Test
  void a_second_break_is_a_second_episode_of_the_same_violation() {
    for (int episode = 0; episode < 2; episode++) {
      Instant at = START.plusSeconds(60 * episode);
      rows.sql("update calls set customer_id = null").update();
      change(at);
      checker.round(at.plusSeconds(1));
      checker.round(at.plusSeconds(7));
      rows.sql("update calls set customer_id = 17").update();
      change(at.plusSeconds(8));
      checker.round(at.plusSeconds(9));
    }
    assertThat(said())
        .containsExactly(
            "CALL_WITHOUT_CUSTOMER:call:559 OPEN 1/1",
            "CALL_WITHOUT_CUSTOMER:call:559 RESOLVED 1/2",
            "CALL_WITHOUT_CUSTOMER:call:559 OPEN 2/3",
            "CALL_WITHOUT_CUSTOMER:call:559 RESOLVED 2/4");
  }

  @Test
  void other_evidence_is_told_without_a_new_episode() {
    rows.sql("update calls set company_id = null").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(7));
    rows.sql("update calls set company_id = 4711").update();
    change(START.plusSeconds(8));
    checker.round(START.plusSeconds(9));
    assertThat(said())
        .contains(
            "CALL_WITHOUT_COMPANY:call:559 OPEN 1/1", "CALL_WITHOUT_COMPANY:call:559 OPEN 1/2");
  }

  @Test
  void a_resolved_violation_is_forgotten_by_the_topic_after_its_time() {
    a_break_opens_after_its_grace_and_resolves_when_mended();
    checker.round(START.plusSeconds(60));
    assertThat(said()).hasSize(2);
    checker.round(START.plus(Duration.ofHours(25)));
    checker.round(START.plus(Duration.ofHours(26)));
    assertThat(said()).hasSize(3).last().isEqualTo("CALL_WITHOUT_CUSTOMER:call:559 tombstone");
  }

  @Test
  void a_row_that_was_deleted_is_missed() {
    rows.sql("delete from appointments").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(7));
    assertThat(said()).containsExactly("CONFIRMED_WITHOUT_APPOINTMENT:call:559 OPEN 1/1");
  }

  @Test
  void a_wish_is_stuck_when_its_time_is_over_though_nothing_happens() {
    rows.sql("delete from appointments").update();
    rows.sql("update calls set booking_confirmed = false, booking_details = null").update();
    databases.expectations.keepBookings(List.of(Databases.booking(3, "requested")));
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(59));
    assertThat(said()).isEmpty();
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.PENDING, 1L));
    checker.round(START.plusSeconds(60));
    checker.round(START.plusSeconds(66));
    assertThat(said()).containsExactly("REQUEST_STUCK:booking:" + Databases.BOOKING + " OPEN 1/1");
  }

  @Test
  void nothing_opens_until_the_events_are_read_up_to_its_first_sight() {
    databases.own.sql("delete from consumer_position").update();
    databases.readTo(10, START.minusSeconds(60));
    rows.sql("update calls set customer_id = null").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(30));
    assertThat(said()).isEmpty();
    databases.readTo(10, START.plusSeconds(31));
    checker.round(START.plusSeconds(32));
    assertThat(said()).containsExactly("CALL_WITHOUT_CUSTOMER:call:559 OPEN 1/1");
  }

  @Test
  void rows_that_fall_behind_are_one_warning_and_no_chain_is_looked_at() {
    databases.projectorAt(3);
    rows.sql("delete from appointments").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(17));
    checker.round(START.plusSeconds(40));
    assertThat(said()).containsExactly("PROJECTION_STALLED:service:appointment-projector OPEN 1/1");
    databases.projectorAt(10);
    checker.round(START.plusSeconds(50));
    assertThat(said())
        .last()
        .isEqualTo("PROJECTION_STALLED:service:appointment-projector RESOLVED 1/2");
    checker.round(START.plusSeconds(60));
    assertThat(said()).last().isEqualTo("CONFIRMED_WITHOUT_APPOINTMENT:call:559 OPEN 1/1");
  }

  @Test
  void the_sweep_finds_what_no_change_told() {
    rows.sql("update appointments set call_id = null").update();
    for (int second = 0; second < 20; second++) {
      checker.round(START.plusSeconds(second));
    }
    assertThat(said()).containsExactly("APPOINTMENT_WITHOUT_CALL:appointment:7 OPEN 1/1");
  }

  @Test
  void a_failed_round_leaves_its_chains_due() {
    rows.sql("update calls set customer_id = null").update();
    change(START);
    rows.sql("alter table customers rename to elsewhere").update();
    try {
      assertThat(catchThrowable(() -> checker.round(START.plusSeconds(1))))
          .isInstanceOf(DataAccessException.class);
    } finally {
      rows.sql("alter table elsewhere rename to customers").update();
    }
    assertThat(due.any(START.plusSeconds(1))).isTrue();
  }

  @Test
  void what_a_verification_found_is_open_until_it_is_mended() {
    long verified = job("true", "done");
    difference(verified, "appointments", "7", "changed");
    difference(verified, "appointments", "8", "missing");
    difference(verified, "booking-events", "7", "revision_missing");
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(12));
    assertThat(said())
        .containsExactlyInAnyOrder(
            "PROJECTION_DRIFT:table:appointments OPEN 1/1",
            "PROJECTION_DRIFT:topic:booking-events OPEN 1/1");
    difference(job("false", "done", "replay"), "appointments", "7", "changed");
    checker.round(START.plusSeconds(24));
    assertThat(said()).last().isEqualTo("PROJECTION_DRIFT:table:appointments OPEN 1/2");
    long rebuilt = job("false", "done");
    difference(rebuilt, "appointments", "8", "missing");
    job("true", "failed");
    checker.round(START.plusSeconds(36));
    assertThat(said())
        .contains(
            "PROJECTION_DRIFT:table:appointments RESOLVED 1/3",
            "PROJECTION_DRIFT:topic:booking-events RESOLVED 1/2");
  }

  private long job(String dryRun, String state) {
    return job(dryRun, state, "rebuild");
  }

  private long job(String dryRun, String state, String kind) {
    return rows.sql(
            "insert into job (kind, wanted, author, reason, state, ended_at) values (?, ?::jsonb, 'a', 'b', ?, now()) returning id")
        .params(kind, "{\"dryRun\": " + dryRun + "}", state)
        .query(Long.class)
        .single();
  }

  @Test
  void what_was_cancelled_at_the_same_hour_is_not_compared_with_and_what_stands_is() {
    sameHour("2 + n", "cancelled", 700);
    assertThat(loaded()).hasSize(1);
    sameHour("1000 + n", "confirmed", 2);
    assertThat(loaded()).hasSize(3);
    rows.sql("update appointments set external_id = 'uid-7' where id = 702").update();
    assertThat(loaded()).as("also one that claims the same booking at Cal.com").hasSize(4);
  }

  private List<AppointmentRow> loaded() {
    return new ChainLoader(databases.expectations, databases.readModel, databases.properties)
        .load(List.of(new ChainKey.OfCall(559)), START)
        .getFirst()
        .appointments();
  }

  /** Of the customer of the whole chain, at the start of its appointment. */
  private void sameHour(String id, String status, int many) {
    rows.sql(
            """
            insert into appointments (id, booking_id, calcom_account, calcom_v2_booking_id, external_id, customer_id,
              company_id, service_id, starts_at, ends_at, booking_timezone, status, source, metadata, revision)
            select %1$s, gen_random_uuid(), 'default', 9000 + %1$s, 'other-' || %1$s, 17, 1, 3,
              '2025-10-24T12:00:00Z', '2025-10-24T12:55:00Z', 'Europe/Berlin', ?, 'calcom', '{}', 1
            from generate_series(1, ?) n where %1$s <> 7
            """
                .formatted(id))
        .params(status, many)
        .update();
  }

  private void difference(long job, String table, String row, String kind) {
    rows.sql(
            "insert into job_difference (job_id, table_name, row_key, kind, columns) values (?, ?, ?, ?, '{}')")
        .params(job, table, row, kind)
        .update();
  }

  private void change(Instant at) {
    due.mark(List.of(CALL), at, at);
  }

  /** What the topic would hold: id, state, episode and revision. */
  private List<String> said() {
    return databases
        .own
        .sql("select message_key, body from outbox where topic = 'chain-violations' order by id")
        .query(
            (row, n) -> {
              byte[] body = row.getBytes("body");
              if (body == null) {
                return row.getString("message_key") + " tombstone";
              }
              var violation =
                  (ChainViolation)
                      AvroBody.decode(
                          body, 0, body.length, ChainViolation.SCHEMA$, ChainViolation.SCHEMA$);
              return "%s %s %d/%d"
                  .formatted(
                      violation.getViolationId(),
                      violation.getState(),
                      violation.getEpisode(),
                      violation.getRevision());
            })
        .list();
  }
}
