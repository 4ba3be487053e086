package io.callsync.projector;

import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.projector.EventLog.Place;
import io.callsync.projector.Incoming.Unreadable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Takes one batch of records to the rows. */
final class Projection {

  private final Reader reader;
  private final Rows rows;
  private final Refusals refusals;
  private final Duration budget;

  /** Since when a record is refused that may be refused for another reason than its own. */
  private final Map<Place, Long> doubted = new HashMap<>();

  /** Tells what a record means. */
  interface Reader {
    Incoming read(ConsumerRecord<byte[], byte[]> source);
  }

  /** Where rows and positions are committed. */
  interface Rows {
    void commit(Batch batch) throws SQLException;
  }

  /** Who is told of the records that cannot be shown, before any position passes them. */
  interface Refusals {
    void send(List<DeadLetter> letters) throws InterruptedException;
  }

  /**
   * @param budget how long a record is tried again where it is in doubt whose fault it is, before
   *     it is put aside so that the others go on
   */
  Projection(Reader reader, Rows rows, Refusals refusals, Duration budget) {
    this.reader = reader;
    this.rows = rows;
    this.refusals = refusals;
    this.budget = budget;
  }

  /**
   * Folds the records and commits rows and positions. What is unreadable, or holds a value that
   * Postgres refuses, becomes a dead letter; the rest of the batch goes on.
   *
   * @param records in the order of each partition
   * @return how many became dead letters
   * @throws SQLException where Postgres is away; nothing is lost, the positions stand where they
   *     stood
   */
  int project(Iterable<ConsumerRecord<byte[], byte[]>> records)
      throws SQLException, InterruptedException {
    List<Incoming> batch = new ArrayList<>();
    List<DeadLetter> dead = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> source : records) {
      Incoming incoming = reader.read(source);
      batch.add(incoming);
      if (incoming instanceof Unreadable unreadable) {
        dead.add(new DeadLetter(source, unreadable.reason()));
      }
    }
    if (!dead.isEmpty()) {
      refusals.send(dead);
    }
    int refused = commit(batch);
    doubted.clear();
    return dead.size() + refused;
  }

  /** Halves a refused batch until the one record stands alone that is refused. */
  private int commit(List<Incoming> batch) throws SQLException, InterruptedException {
    String reason;
    try {
      rows.commit(Batch.of(batch));
      return 0;
    } catch (SQLException refusal) {
      reason = "Postgres refuses it, SQLSTATE " + refusal.getSQLState();
      if (!ReadModelStore.refusesValues(refusal)
          && (!ReadModelStore.mayRefuseValues(refusal) || isInDoubt(batch))) {
        throw refusal;
      }
    } catch (RuntimeException refusal) {
      reason = "it cannot be folded: " + refusal.getClass().getSimpleName();
      if (isInDoubt(batch)) {
        throw refusal;
      }
    }
    if (batch.size() > 1) {
      int half = batch.size() / 2;
      return commit(batch.subList(0, half)) + commit(batch.subList(half, batch.size()));
    }
    Incoming culprit = batch.getFirst();
    refusals.send(List.of(new DeadLetter(culprit.source(), reason)));
    rows.commit(Batch.passing(batch));
    return 1;
  }

  /** True while the one record of the batch is within its budget. */
  private boolean isInDoubt(List<Incoming> batch) {
    if (batch.size() > 1) {
      return false;
    }
    long now = System.nanoTime();
    Long since = doubted.putIfAbsent(place(batch.getFirst()), now);
    return now - (since == null ? now : since) < budget.toNanos();
  }

  private static Place place(Incoming incoming) {
    ConsumerRecord<byte[], byte[]> source = incoming.source();
    return new Place(new TopicPartition(source.topic(), source.partition()), source.offset());
  }
}
