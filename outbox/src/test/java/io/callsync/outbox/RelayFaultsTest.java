package io.callsync.outbox;

import static io.callsync.outbox.RelayTest.awaitLeading;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callsync.events.CustomerEvent;
import io.callsync.localstack.Part;
import io.callsync.outbox.RelayStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What must hold while parts are away, killed, stopped or tampered with. */
class RelayFaultsTest {

  private static final int KEYS = 20;

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
  void while_kafka_is_away_nothing_is_lost_and_order_is_kept() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    try (var writer = new Writer()) {
      await().until(() -> writer.committed() > 100);
      db.stack.kill(Part.KAFKA);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                assertThat(relay.status().state()).isEqualTo(State.RETRYING);
                assertThat(relay.status().cause()).isNotBlank();
                assertThat(relay.status().oldestUnsentMillis()).isGreaterThan(1_000);
              });
      int accepted = writer.committed();
      await().until(() -> writer.committed() > accepted + 100);
      db.stack.start(TestStack.PARTS);
      awaitLeading(relay);
    }
    assertEverythingArrives();
    await().untilAsserted(() -> assertThat(relay.status().oldestUnsentMillis()).isZero());
  }

  @Test
  void while_the_registry_is_away_nothing_is_lost() throws Exception {
    db.stack.stop(Part.REGISTRY);
    Relay relay = db.outboxRelay();
    relay.start();
    db.append(Events.customer(db.name + "-1", 1));
    await().atMost(Duration.ofSeconds(20)).until(() -> relay.status().state() == State.RETRYING);
    db.append(Events.customer(db.name + "-1", 2));
    db.stack.start(TestStack.PARTS);
    awaitLeading(relay);
    assertEverythingArrives();
  }

  @Test
  void postgres_killed_and_started_again_loses_nothing() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    try (var writer = new Writer()) {
      await().until(() -> writer.committed() > 100);
      db.stack.kill(Part.POSTGRES);
      db.stack.start(TestStack.PARTS);
      int accepted = writer.committed();
      await().atMost(Duration.ofSeconds(60)).until(() -> writer.committed() > accepted + 50);
    }
    awaitLeading(relay);
    assertEverythingArrives();
  }

  @Test
  void a_slot_that_was_dropped_by_hand_makes_all_kept_rows_go_out_again_and_streaming_goes_on()
      throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    for (int revision = 1; revision <= 30; revision++) {
      db.append(Events.customer(db.name + "-kept", revision));
    }
    await().untilAsserted(() -> assertThat(revisions(db.name + "-kept")).hasSize(30));

    dropSlot();
    db.append(Events.customer(db.name + "-kept", 31));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(revisions(db.name + "-kept").lastIndexOf(1L)).isGreaterThan(0));
    db.append(Events.customer(db.name + "-kept", 32));
    assertEverythingArrives();
    List<Long> again = revisions(db.name + "-kept");
    assertThat(again.subList(again.lastIndexOf(1L), again.size())).hasSizeGreaterThanOrEqualTo(32);
  }

  @RepeatedTest(3)
  void a_slot_that_is_dropped_while_the_stream_starts_loses_nothing(RepetitionInfo repetition)
      throws Exception {
    db.append(Events.customer(db.name + "-1", 1));
    Relay relay = db.outboxRelay();
    relay.start();
    await().until(() -> relay.status().state() == State.LEADING);
    LockSupport.parkNanos(repetition.getCurrentRepetition() * 100_000_000L);
    db.append(Events.customer(db.name + "-1", 2));
    dropSlot();
    db.append(Events.customer(db.name + "-1", 3));
    assertEverythingArrives();
  }

  private void dropSlot() throws Exception {
    try (var connection = db.admin();
        var statement = connection.createStatement()) {
      await()
          .ignoreExceptions()
          .until(
              () ->
                  statement.execute(
                      """
                      select pg_terminate_backend(active_pid, 1000) from pg_replication_slots where slot_name = '%1$s';
                      select pg_drop_replication_slot('%1$s')"""
                          .formatted(db.name)));
    }
  }

  @Test
  void a_slot_that_was_moved_on_by_hand_loses_nothing() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    db.append(Events.customer(db.name + "-1", 1));
    await().untilAsserted(() -> assertThat(revisions(db.name + "-1")).contains(1L));
    relay.stop();
    db.append(Events.customer(db.name + "-1", 2));
    db.value(
        "select pg_replication_slot_advance('%s', pg_current_wal_lsn())::text".formatted(db.name),
        String.class);
    db.append(Events.customer(db.name + "-1", 3));
    relay.start();
    assertEverythingArrives();
  }

  @Test
  void a_slot_whose_log_the_server_dropped_is_made_anew_and_loses_nothing() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    db.append(Events.customer(db.name + "-1", 1));
    await().untilAsserted(() -> assertThat(revisions(db.name + "-1")).contains(1L));
    relay.stop();
    db.append(Events.customer(db.name + "-1", 2));
    try (var connection = db.admin();
        var statement = connection.createStatement()) {
      statement.execute("alter system set max_slot_wal_keep_size = '16MB'");
      statement.execute("select pg_reload_conf()");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                statement.execute(
                    "select pg_logical_emit_message(false, 'x', repeat('x', 1000000))");
                statement.execute("select pg_switch_wal()");
                statement.execute("checkpoint");
                return "lost".equals(db.slot().get("wal_status"));
              });
      statement.execute("alter system reset max_slot_wal_keep_size");
      statement.execute("select pg_reload_conf()");
    }
    relay.start();
    assertEverythingArrives();
    assertThat(db.slot().get("wal_status")).isEqualTo("reserved");
  }

  @Test
  void what_a_leader_may_have_sent_late_is_followed_by_the_newest() throws Exception {
    Relay relay = db.outboxRelay();
    relay.start();
    awaitLeading(relay);
    for (int revision = 1; revision <= 10; revision++) {
      db.append(Events.customer(db.name + "-1", revision));
    }
    await().untilAsserted(() -> assertThat(revisions(db.name + "-1")).hasSize(10));

    new RelayTable(db.jdbc, db.name, "a leader of before").confess(8);

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(revisions(db.name + "-1").stream().skip(10).toList())
                    .startsWith(8L, 9L, 10L));
    db.append(Events.customer(db.name + "-1", 11));
    assertEverythingArrives();
    assertThat(revisions(db.name + "-1")).filteredOn(r -> r == 1).hasSize(1);
  }

  @Test
  void a_leader_stopped_in_its_tracks_is_replaced_and_its_return_harms_nothing() throws Exception {
    List<Process> processes = new ArrayList<>(List.of(RelayProcess.start(db)));
    try (var writer = new Writer()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> leads(processes.getFirst()));
      processes.add(RelayProcess.start(db));
      await().until(() -> writer.committed() > 100);
      for (int round = 0; round < 3; round++) {
        Process leader = processes.stream().filter(this::leads).findFirst().orElseThrow();
        Process standby = processes.stream().filter(p -> p != leader).findFirst().orElseThrow();
        RelayProcess.signal(leader, "STOP");
        await().atMost(Duration.ofSeconds(30)).until(() -> leads(standby));
        int accepted = writer.committed();
        await().atMost(Duration.ofSeconds(20)).until(() -> arrived() > accepted);
        RelayProcess.signal(leader, "CONT");
        await().atMost(Duration.ofSeconds(20)).until(() -> writer.committed() > accepted + 200);
      }
    } finally {
      // Also a stopped one.
      processes.forEach(Process::destroyForcibly);
    }
    db.outboxRelay().start();
    assertEverythingArrives();
  }

  private boolean leads(Process process) {
    return db.jdbc
        .sql("select holder from relay where slot = ? and lease_until > clock_timestamp()")
        .param(db.name)
        .query(String.class)
        .optional()
        .filter(holder -> holder.startsWith(process.pid() + "-"))
        .isPresent();
  }

  private int arrived() {
    return ids().size();
  }

  private Set<String> ids() {
    Set<String> ids = new HashSet<>();
    received.all().stream()
        .filter(r -> r.key().startsWith(db.name + "-"))
        .forEach(r -> ids.add(Received.header(r, Headers.EVENT_ID)));
    return ids;
  }

  /** Each row at least once, and of each key the newest last. */
  private void assertEverythingArrives() {
    Set<String> expected =
        Set.copyOf(
            db.jdbc
                .sql("select event_id::text from outbox")
                .query((row, n) -> row.getString(1))
                .list());
    Map<String, Long> newest = new HashMap<>();
    db.jdbc
        .sql("select message_key, max(id) from outbox group by message_key")
        .query(
            row -> {
              newest.put(row.getString(1), row.getLong(2));
            });
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(ids()).containsAll(expected));
    Map<String, String> newestIds = new HashMap<>();
    newest.forEach(
        (key, id) ->
            newestIds.put(
                key,
                db.jdbc
                    .sql("select event_id::text from outbox where id = ?")
                    .param(id)
                    .query(String.class)
                    .single()));
    await()
        .untilAsserted(
            () ->
                newestIds.forEach(
                    (key, id) ->
                        assertThat(
                                received
                                    .of(key)
                                    .map(r -> Received.header(r, Headers.EVENT_ID))
                                    .reduce((older, newer) -> newer))
                            .as("last record of " + key)
                            .hasValue(id)));
  }

  private List<Long> revisions(String key) {
    return received
        .of(key)
        .map(r -> ((CustomerEvent) received.event(r)).getMeta().getRevision())
        .toList();
  }

  /** Appends rows of rising revision under a few keys, whatever happens to the database. */
  private final class Writer implements AutoCloseable {

    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread = Thread.ofPlatform().start(this::write);
    private volatile int committed;

    private void write() {
      for (int n = 0; !closed.get(); n++) {
        try {
          db.append(Events.customer(db.name + "-" + n % KEYS, n / KEYS + 1));
          committed++;
        } catch (DataAccessException | TransactionException away) {
          LockSupport.parkNanos(50_000_000);
        }
        LockSupport.parkNanos(3_000_000);
      }
    }

    int committed() {
      return committed;
    }

    @Override
    public void close() throws InterruptedException {
      closed.set(true);
      thread.join();
    }
  }
}
