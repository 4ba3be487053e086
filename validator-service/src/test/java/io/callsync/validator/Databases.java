package io.callsync.validator;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.callsync.schemas.Topic;
import io.callsync.validator.ValidatorProperties.SelfRepair;
import io.callsync.validator.ValidatorProperties.Times;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.expectation.Expectations;
import io.callsync.validator.position.Positions;
import io.callsync.validator.position.Positions.Position;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.rule.Rule;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The validator's database and the read model on a real Postgres, which ends with the JVM, with one
 * whole chain in them: call 559 booked appointment 7.
 */
public final class Databases {

  public static final Instant START = Instant.parse("2025-10-23T10:00:00Z");
  public static final UUID BOOKING = new UUID(0, 7);

  private static final EmbeddedPostgres POSTGRES = start();
  private static final HikariDataSource OWN = own();
  private static final Path READ_MODEL =
      Path.of("../appointment-projector/src/main/resources/db/projector");

  static {
    try (var connection = POSTGRES.getDatabase("postgres", "appointments").getConnection();
        var statement = connection.createStatement()) {
      for (String part :
          List.of(
              "V1__read_model.sql",
              "V2__replay_and_rebuild.sql",
              "V4__claims_and_verification.sql")) {
        statement.execute(Files.readString(READ_MODEL.resolve(part)));
      }
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public final ValidatorProperties properties =
      new ValidatorProperties(
          "127.0.0.1:1",
          URI.create("http://127.0.0.1:1/apis/ccompat/v7"),
          new ValidatorProperties.ReadModelAccess(
              POSTGRES.getJdbcUrl("postgres", "appointments"), "postgres", "postgres"),
          null,
          null,
          ValidatorProperties.Times.defaults());

  public final JdbcClient own = JdbcClient.create(OWN);

  /** As somebody who may write, by hand. */
  public final JdbcClient rows =
      JdbcClient.create(POSTGRES.getDatabase("postgres", "appointments"));

  public final ReadModel readModel = new ReadModel(properties.readmodel());
  public final Expectations expectations = new Expectations(own);
  public final Positions positions = new Positions(own);
  public final TransactionTemplate transaction =
      new TransactionTemplate(new JdbcTransactionManager(OWN));

  public Databases() {
    own.sql(
            """
            delete from expected_booking; delete from expected_call; delete from due; delete from suspicion;
            delete from violation; delete from verdict; delete from consumer_position; delete from schedule;
            delete from outbox;
            delete from repair;
            """)
        .update();
    rows.sql(
            """
            delete from calls; delete from customers; delete from companies; delete from services; delete from appointments;
            delete from appointment_calls; delete from projector_position; delete from job;
            insert into companies values (1, 'A', 'Europe/Berlin', 'de', null, false, 1);
            insert into services values (3, 1, null, 'Beratung', '[]', 30, 1003, 'default', true, 1);
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

  /** The properties with this rule disarmed. */
  public ValidatorProperties disarming(Rule rule) {
    Times times = properties.validator();
    return with(
        new Times(
            times.grace(),
            times.debounce(),
            times.requestLimit(),
            times.stalledAfter(),
            times.sweep(),
            times.recheck(),
            times.tombstoneAfter(),
            Set.of(rule),
            times.selfRepair()));
  }

  /** The properties with chains that mend themselves. */
  public ValidatorProperties healing(SelfRepair selfRepair) {
    Times times = properties.validator();
    return new ValidatorProperties(
        properties.kafkaBootstrap(),
        properties.registryUrl(),
        properties.readmodel(),
        URI.create("http://127.0.0.1:1"),
        URI.create("http://127.0.0.1:1"),
        new Times(
            times.grace(),
            times.debounce(),
            times.requestLimit(),
            times.stalledAfter(),
            times.sweep(),
            times.recheck(),
            times.tombstoneAfter(),
            Set.of(),
            selfRepair));
  }

  private ValidatorProperties with(Times times) {
    return new ValidatorProperties(
        properties.kafkaBootstrap(),
        properties.registryUrl(),
        properties.readmodel(),
        properties.gatewayUrl(),
        properties.projectorUrl(),
        times);
  }

  public static HikariDataSource ownDataSource() {
    return OWN;
  }

  public static ExpectedBooking booking(long revision, String status) {
    return new ExpectedBooking(
        BOOKING,
        revision,
        7,
        559L,
        17L,
        1L,
        status,
        "retell_phone",
        Instant.parse("2025-10-24T12:00:00Z"),
        Instant.parse("2025-10-24T12:55:00Z"),
        START,
        false,
        false,
        1007L,
        "uid-7");
  }

  /** The rows show all events before that offset, of every partition. */
  public void projectorAt(long offset) {
    rows.sql("delete from projector_position").update();
    partitions(Positions.EVENTS)
        .forEach(
            p ->
                rows.sql("insert into projector_position values (?, ?, ?, now())")
                    .params(p.topic(), p.partition(), offset)
                    .update());
  }

  /** Everything before that offset, and of that time, has been read. */
  public void readTo(long offset, Instant upTo) {
    Map<TopicPartition, Position> read = new HashMap<>();
    Stream.concat(partitions(Positions.EVENTS), partitions(Positions.CHANGES))
        .forEach(p -> read.put(p, new Position(offset, upTo, null)));
    positions.keep(read);
  }

  private static Stream<TopicPartition> partitions(List<Topic> topics) {
    return topics.stream()
        .flatMap(
            t ->
                Stream.iterate(0, p -> p < Topic.PARTITIONS, p -> p + 1)
                    .map(p -> new TopicPartition(t.topicName(), p)));
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
      try (var connection = postgres.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create database validator");
        statement.execute("create database appointments");
      }
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Small, so that a connection that is not given back is missed soon. */
  private static HikariDataSource own() {
    var config = new HikariConfig();
    config.setJdbcUrl(POSTGRES.getJdbcUrl("postgres", "validator"));
    config.setUsername("postgres");
    config.setMaximumPoolSize(3);
    config.setConnectionTimeout(5000);
    var dataSource = new HikariDataSource(config);
    Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:db/outbox", "classpath:db/validator")
        .load()
        .migrate();
    return dataSource;
  }
}
