package io.callsync.validator.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.callsync.events.ChainViolation;
import io.callsync.outbox.Outbox;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.Topic;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.expectation.Expectations;
import io.callsync.validator.position.Positions;
import io.callsync.validator.position.Positions.Position;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.violation.Violations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The way from a marked chain to the outbox, on a real Postgres; time is told, not waited for. */
class CheckerTest {

  private static final Instant START = Instant.parse("2025-10-23T10:00:00Z");
  private static final UUID BOOKING = new UUID(0, 7);
  private static final ChainKey CALL = new ChainKey.OfCall(559);

  private static EmbeddedPostgres postgres;
  private static DataSource own;
  private static ValidatorProperties properties;

  private final JdbcClient jdbc = JdbcClient.create(own);
  private JdbcClient rows;
  private ReadModel readModel;
  private Expectations expectations;
  private Positions positions;
  private Due due;
  private Verdicts verdicts;
  private Checker checker;

  @BeforeAll
  static void startPostgres() throws Exception {
    postgres = EmbeddedPostgres.builder().start();
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database validator");
      statement.execute("create database appointments");
    }
    own = postgres.getDatabase("postgres", "validator");
    Flyway.configure()
        .dataSource(own)
        .locations("classpath:db/outbox", "classpath:db/validator")
        .load()
        .migrate();
    try (var connection = postgres.getDatabase("postgres", "appointments").getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          Files.readString(
              Path.of(
                  "../appointment-projector/src/main/resources/db/projector/V1__read_model.sql")));
    }
    properties =
        new ValidatorProperties(
            "127.0.0.1:1",
            URI.create("http://127.0.0.1:1/apis/ccompat/v7"),
            new ValidatorProperties.ReadModelAccess(
                postgres.getJdbcUrl("postgres", "appointments"), "postgres", "postgres"),
            ValidatorProperties.Times.defaults());
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    postgres.close();
  }

  @BeforeEach
  void wholeChain() {
    rows = JdbcClient.create(postgres.getDatabase("postgres", "appointments"));
    readModel = new ReadModel(properties.readmodel());
    expectations = new Expectations(jdbc);
    positions = new Positions(jdbc);
    due = new Due(jdbc);
    verdicts = new Verdicts(jdbc);
    var violations = new Violations(jdbc, new Outbox(own), properties);
    checker =
        new Checker(
            new ChainLoader(expectations, readModel, properties),
            due,
            violations,
            verdicts,
            new Sweep(due, new Schedule(jdbc), violations, readModel, expectations, properties),
            positions,
            readModel,
            properties,
            new TransactionTemplate(new JdbcTransactionManager(own)),
            Clock.systemUTC());
    jdbc.sql(
            """
            truncate expected_booking, expected_call, due, suspicion, violation, verdict, consumer_position, schedule;
            delete from outbox
            """)
        .update();
    rows.sql(
            "truncate calls, customers, companies, appointments, appointment_calls, projector_position")
        .update();
    rows.sql(
            """
            insert into companies values (1, 'A', 'Europe/Berlin', 'de', null, false, 1);
            insert into customers values (17, 1, 'Erika Beispiel', null, '+491713920001', 'phone', false, 1);
            insert into calls (id, retell_call_id, company_id, company_defaulted, customer_id, started_at, status, analyzed,
              booking_confirmed, booking_details, booking_ids, callback_requested, metadata, revision)
            values (559, 'call_a', 1, false, 17, '2025-10-23T09:58:00Z', 'ended', true, true,
              '{"calcom_booking": {"id": 1007, "uid": "uid-7"}}', array['00000000-0000-0000-0000-000000000007'], false, '{}', 4);
            insert into appointments (id, booking_id, calcom_account, calcom_v2_booking_id, external_id, call_id, customer_id,
              company_id, service_id, starts_at, ends_at, booking_timezone, status, source, attendee_name, metadata, revision)
            values (7, '00000000-0000-0000-0000-000000000007', 'default', 1007, 'uid-7', 559, 17, 1, 3,
              '2025-10-24T12:00:00Z', '2025-10-24T12:55:00Z', 'Europe/Berlin', 'confirmed', 'retell_phone', 'Erika Beispiel',
              '{}', 2);
            """)
        .update();
    expectations.keepCalls(List.of(new ExpectedCall(559, "call_a", 4, 1L, 17L)));
    expectations.keepBookings(List.of(booking(2, "confirmed")));
    projectorAt(10);
    readTo(10, START.plusSeconds(3600));
  }

  @AfterEach
  void close() {
    readModel.close();
  }

  @Test
  void a_whole_chain_is_linked_and_silent() {
    change(START);
    checker.round(START.plusSeconds(1));
    assertThat(said()).isEmpty();
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.LINKED, 1L));
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
    expectations.keepBookings(List.of(booking(3, "requested")));
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(59));
    assertThat(said()).isEmpty();
    assertThat(verdicts.bookingCalls()).isEqualTo(Map.of(Verdict.PENDING, 1L));
    checker.round(START.plusSeconds(60));
    checker.round(START.plusSeconds(66));
    assertThat(said()).containsExactly("REQUEST_STUCK:booking:" + BOOKING + " OPEN 1/1");
  }

  @Test
  void nothing_opens_until_the_events_are_read_up_to_its_first_sight() {
    jdbc.sql("delete from consumer_position").update();
    readTo(10, START.minusSeconds(60));
    rows.sql("update calls set customer_id = null").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(30));
    assertThat(said()).isEmpty();
    readTo(10, START.plusSeconds(31));
    checker.round(START.plusSeconds(32));
    assertThat(said()).containsExactly("CALL_WITHOUT_CUSTOMER:call:559 OPEN 1/1");
  }

  @Test
  void rows_that_fall_behind_are_one_warning_and_no_chain_is_looked_at() {
    projectorAt(3);
    rows.sql("delete from appointments").update();
    change(START);
    checker.round(START.plusSeconds(1));
    checker.round(START.plusSeconds(17));
    checker.round(START.plusSeconds(40));
    assertThat(said()).containsExactly("PROJECTION_STALLED:service:appointment-projector OPEN 1/1");
    projectorAt(10);
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

  private void change(Instant at) {
    due.mark(List.of(CALL), at, at);
  }

  private void projectorAt(long offset) {
    rows.sql("delete from projector_position").update();
    for (Topic topic : Positions.EVENTS) {
      for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
        rows.sql("insert into projector_position values (?, ?, ?, now())")
            .params(topic.topicName(), partition, offset)
            .update();
      }
    }
  }

  private void readTo(long offset, Instant upTo) {
    Map<TopicPartition, Position> read = new HashMap<>();
    for (Topic topic :
        List.of(
            Topic.BOOKING_EVENTS, Topic.CALL_EVENTS, Topic.CUSTOMER_EVENTS, Topic.CHAIN_CHANGES)) {
      for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
        read.put(
            new TopicPartition(topic.topicName(), partition), new Position(offset, upTo, null));
      }
    }
    positions.keep(read);
  }

  private static ExpectedBooking booking(long revision, String status) {
    return new ExpectedBooking(
        BOOKING, revision, 7, 559L, 17L, 1L, status, "retell_phone", START, false);
  }

  /** What the topic would hold: id, state, episode and revision. */
  private List<String> said() {
    return jdbc.sql(
            "select message_key, body from outbox where topic = 'chain-violations' order by id")
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
