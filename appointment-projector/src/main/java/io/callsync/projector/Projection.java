package io.callsync.projector;

import io.callsync.projector.DeadLetters.DeadLetter;
import io.callsync.projector.Incoming.Unreadable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes one batch of records to the rows. */
final class Projection {

  private final EventReader reader;
  private final ReadModelStore store;
  private final Refusals refusals;

  /** Who is told of the records that cannot be shown, before any position passes them. */
  interface Refusals {
    void send(List<DeadLetter> letters) throws InterruptedException;
  }

  Projection(EventReader reader, ReadModelStore store, Refusals refusals) {
    this.reader = reader;
    this.store = store;
    this.refusals = refusals;
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
    return dead.size() + commit(batch);
  }

  /** Halves a refused batch until the one record stands alone that Postgres refuses. */
  private int commit(List<Incoming> batch) throws SQLException, InterruptedException {
    try {
      store.commit(Batch.of(batch));
      return 0;
    } catch (SQLException refusal) {
      if (!ReadModelStore.refusesValues(refusal)) {
        throw refusal;
      }
      if (batch.size() > 1) {
        int half = batch.size() / 2;
        return commit(batch.subList(0, half)) + commit(batch.subList(half, batch.size()));
      }
      Incoming culprit = batch.getFirst();
      refusals.send(
          List.of(
              new DeadLetter(
                  culprit.source(), "Postgres refuses it, SQLSTATE " + refusal.getSQLState())));
      store.commit(Batch.passing(batch));
      return 1;
    }
  }
}
