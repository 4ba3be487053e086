package io.callsync.outbox;

import static io.callsync.outbox.Received.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.callsync.events.CustomerEvent;
import io.callsync.schemas.Topic;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {

  private TestDatabase db;
  private Received received;

  @BeforeEach
  void open() throws Exception {
    db = new TestDatabase().withOutbox();
    received = db.received();
  }

  @AfterEach
  void close() throws Exception {
    received.close();
    db.close();
  }

  @Test
  void a_committed_row_arrives_framed_with_its_key_and_headers() {
    db.outboxRelay().start();
    OutboxMessage message = Events.customer(db.name + "-1", 3);
    db.append(
        new OutboxMessage(
            message.topic(),
            message.key(),
            message.event(),
            Map.of(
                Headers.TRACEPARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));

    await().untilAsserted(() -> assertThat(received.of(db.name + "-1")).hasSize(1));

    ConsumerRecord<String, byte[]> record = received.of(db.name + "-1").findFirst().orElseThrow();
    assertThat(record.topic()).isEqualTo("customer-events");
    assertThat(received.event(record)).isEqualTo(message.event());
    assertThat(header(record, Headers.EVENT_TYPE)).isEqualTo("CustomerChanged");
    assertThat(header(record, Headers.EVENT_ID))
        .isEqualTo(((CustomerEvent) message.event()).getMeta().getEventId());
    assertThat(header(record, Headers.TRACEPARENT)).startsWith("00-0af7651916cd43dd");
  }

  @Test
  void a_tombstone_arrives_without_a_value() {
    db.outboxRelay().start();
    db.append(OutboxMessage.tombstone(Topic.CHAIN_VIOLATIONS, db.name + "-gone"));

    await().untilAsserted(() -> assertThat(received.of(db.name + "-gone")).hasSize(1));
    assertThat(received.of(db.name + "-gone").findFirst().orElseThrow().value()).isNull();
  }

  @Test
  void what_was_rolled_back_is_never_relayed() {
    db.outboxRelay().start();
    db.transaction.executeWithoutResult(
        status -> {
          db.outbox.append(List.of(Events.customer(db.name + "-undone", 1)));
          status.setRollbackOnly();
        });
    db.append(Events.customer(db.name + "-done", 1));

    await().untilAsserted(() -> assertThat(received.of(db.name + "-done")).hasSize(1));
    assertThat(received.of(db.name + "-undone")).isEmpty();
  }

  @Test
  void what_was_written_before_the_first_start_is_relayed_in_order() {
    for (int revision = 1; revision <= 50; revision++) {
      db.append(Events.customer(db.name + "-early", revision));
    }
    db.outboxRelay().start();

    await().untilAsserted(() -> assertThat(revisions("-early")).hasSize(50));
    assertThat(revisions("-early")).isSorted();
  }

  @Test
  void appending_outside_a_transaction_is_refused() {
    assertThatThrownBy(() -> db.outbox.append(List.of(Events.customer("x", 1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transaction");
  }

  @Test
  void what_kafka_would_refuse_is_refused_before_it_is_committed() {
    OutboxMessage big = Events.customerWithNote(db.name, "x".repeat(1_000_000));
    assertThatThrownBy(() -> db.append(big)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_row_written_with_a_schema_of_another_version_goes_out_with_the_id_of_that_schema()
      throws Exception {
    Relay relay = db.outboxRelay();
    db.append(Events.customer(db.name + "-now", 1));
    // As an older version would have left it: its fingerprint is not among the compiled ones.
    db.jdbc
        .sql(
            """
            insert into outbox_schema (fingerprint, schema)
            select 4711, schema from outbox_schema s join outbox o using (fingerprint) limit 1""")
        .update();
    db.jdbc
        .sql(
            """
            insert into outbox (event_id, topic, message_key, fingerprint, body, headers)
            select gen_random_uuid(), topic, message_key || '-older', 4711, body, headers from outbox""")
        .update();
    relay.start();

    await().untilAsserted(() -> assertThat(received.of(db.name + "-now-older")).hasSize(1));
    assertThat(received.event(received.of(db.name + "-now-older").findFirst().orElseThrow()))
        .isInstanceOf(CustomerEvent.class);
  }

  @Test
  void the_slot_moves_on_where_only_another_database_writes() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    String before;
    try (Connection other = db.admin()) {
      before = db.value("select pg_current_wal_insert_lsn()::text", String.class);
      other.createStatement().execute("create table if not exists elsewhere (text text)");
      other
          .createStatement()
          .execute("insert into elsewhere select repeat('x', 100) from generate_series(1, 10000)");
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(
                        db.value(
                            "select confirmed_flush_lsn > '%s'::pg_lsn + 1000000 from pg_replication_slots where slot_name = '%s'"
                                .formatted(before, db.name),
                            Boolean.class))
                    .isTrue());
  }

  @Test
  void it_stops_within_five_seconds_and_hands_over_at_once() throws Exception {
    Relay first = db.outboxRelay();
    Relay second = db.outboxRelay();
    first.start();
    awaitLeading(first);
    second.start();
    await().until(() -> second.status().state() == RelayStatus.State.STANDBY);

    long begun = System.nanoTime();
    first.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));

    await()
        .atMost(TestDatabase.LEASE.minusSeconds(1))
        .until(() -> second.status().state() != RelayStatus.State.STANDBY);
    awaitLeading(second);
  }

  @Test
  void a_stop_and_a_start_send_nothing_twice_but_the_last_transaction() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    for (int revision = 1; revision <= 100; revision++) {
      db.append(Events.customer(db.name + "-once", revision));
    }
    await().untilAsserted(() -> assertThat(revisions("-once")).hasSize(100));
    relay.stop();
    relay.start();
    db.append(Events.customer(db.name + "-once", 101));

    await().untilAsserted(() -> assertThat(revisions("-once")).contains(101L));
    assertThat(revisions("-once")).hasSizeLessThanOrEqualTo(102);
  }

  private List<Long> revisions(String key) {
    return received
        .of(db.name + key)
        .map(r -> ((CustomerEvent) received.event(r)).getMeta().getRevision())
        .toList();
  }

  /** Waits until it streams, and does not only send again what is kept. */
  static void awaitLeading(Relay relay) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                relay.status().state() == RelayStatus.State.LEADING
                    && relay.status().cause() == null);
  }
}
