package io.callsync.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

class PartitionUpkeepTest {

  private static final Lsn EVERYTHING = new Lsn(Long.MAX_VALUE);
  private static final Duration WINDOW = Duration.ofHours(24);

  private final Instant now = Instant.now();

  private TestDatabase db;
  private PartitionUpkeep upkeep;

  @BeforeEach
  void open() throws Exception {
    db = new TestDatabase().withOutbox();
    upkeep = new PartitionUpkeep(db.pool, WINDOW);
    db.append(Events.customer(db.name + "-1", 1));
  }

  @AfterEach
  void close() throws Exception {
    db.close();
  }

  @Test
  void partitions_are_made_for_the_hours_ahead() {
    upkeep.run(now.plus(Duration.ofHours(10)), Lsn.START);
    assertThat(partitions()).hasSize(3 + 3);
    assertThat(count("outbox_default")).isZero();
  }

  @Test
  void a_partition_is_dropped_only_when_relayed_and_older_than_the_window() {
    Instant young = now.plus(WINDOW).minusSeconds(60);
    Instant old = now.plus(WINDOW).plus(Duration.ofHours(2));
    Lsn behind = new Lsn(lsn().value() - 1000);

    upkeep.run(young, EVERYTHING);
    upkeep.run(young, EVERYTHING);
    assertThat(count("outbox")).isEqualTo(1);

    upkeep.run(old, behind);
    upkeep.run(old, behind);
    upkeep.run(old, behind);
    assertThat(count("outbox")).as("old, and not relayed").isEqualTo(1);

    upkeep.run(old, EVERYTHING);
    assertThat(count("outbox")).isZero();
  }

  @Test
  void a_partition_into_which_a_transaction_still_writes_stays() {
    Instant old = now.plus(WINDOW).plus(Duration.ofHours(2));
    TransactionStatus open =
        db.transaction
            .getTransactionManager()
            .getTransaction(
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
    db.outbox.append(List.of(Events.customer(db.name + "-1", 2)));
    var elsewhere = new PartitionUpkeep(db.database.pool(Duration.ofSeconds(5)), WINDOW);
    elsewhere.run(old, EVERYTHING);
    elsewhere.run(old, EVERYTHING);
    db.transaction.getTransactionManager().commit(open);

    assertThat(count("outbox")).isEqualTo(2);
  }

  @Test
  void rows_without_a_partition_are_accepted_and_go_when_relayed_and_old() {
    for (String partition : partitions()) {
      db.jdbc.sql("drop table " + partition).update();
    }
    db.append(Events.customer(db.name + "-1", 3));
    assertThat(count("outbox_default")).isEqualTo(1);

    Instant old = now.plus(WINDOW).plus(Duration.ofHours(2));
    upkeep.run(old, Lsn.START);
    upkeep.run(old, Lsn.START);
    assertThat(count("outbox_default")).isEqualTo(1);
    upkeep.run(old, EVERYTHING);
    assertThat(count("outbox_default")).isZero();
  }

  private Lsn lsn() {
    return Lsn.parse(db.value("select pg_current_wal_lsn()::text", String.class));
  }

  private long count(String table) {
    return db.value("select count(*) from " + table, Long.class);
  }

  private List<String> partitions() {
    return db.jdbc
        .sql("select relname from pg_class where relname ~ '^outbox_[0-9]{10}$' and relkind = 'r'")
        .query((row, n) -> row.getString(1))
        .list();
  }
}
