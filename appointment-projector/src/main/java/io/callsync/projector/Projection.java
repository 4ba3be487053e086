package io.callsync.projector;

import io.callsync.projector.DeadLetters.DeadLetter;
import io.callsync.projector.Incoming.Understood;
import io.callsync.projector.Incoming.Unreadable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Takes one batch of records to the rows. */
final class Projection {

  private final EventReader reader;
  private final ReadModelStore store;
  private final DeadLetters deadLetters;

  Projection(EventReader reader, ReadModelStore store, DeadLetters deadLetters) {
    this.reader = reader;
    this.store = store;
    this.deadLetters = deadLetters;
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
      deadLetters.send(dead);
    }
    return dead.size() + commit(batch);
  }

  /** Halves a refused batch until the one record stands alone that Postgres refuses. */
  private int commit(List<Incoming> batch) throws SQLException, InterruptedException {
    try {
      store.commit(ReadModel.fold(ReadModel.empty(), changes(batch)), nextOffsets(batch));
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
      deadLetters.send(
          List.of(
              new DeadLetter(
                  culprit.source(), "Postgres refuses it, SQLSTATE " + refusal.getSQLState())));
      store.commit(ReadModel.empty(), nextOffsets(batch));
      return 1;
    }
  }

  private static List<Change> changes(List<Incoming> batch) {
    return batch.stream()
        .filter(Understood.class::isInstance)
        .map(i -> ((Understood) i).change())
        .toList();
  }

  private static Map<TopicPartition, Long> nextOffsets(List<Incoming> batch) {
    var next = new HashMap<TopicPartition, Long>();
    for (Incoming incoming : batch) {
      ConsumerRecord<byte[], byte[]> source = incoming.source();
      next.merge(
          new TopicPartition(source.topic(), source.partition()), source.offset() + 1, Long::max);
    }
    return next;
  }
}
