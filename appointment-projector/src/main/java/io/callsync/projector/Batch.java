package io.callsync.projector;

import io.callsync.projector.Incoming.Understood;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What some records come to: the rows they fold to, where each event lies, and the offset that
 * comes after them in each partition.
 */
record Batch(ReadModel rows, List<IndexEntry> index, Map<TopicPartition, Long> nextOffsets) {

  static Batch of(List<? extends Incoming> records) {
    var changes = new ArrayList<Change>();
    var index = new ArrayList<IndexEntry>();
    for (Incoming incoming : records) {
      if (incoming instanceof Understood event) {
        changes.add(event.change());
        IndexEntry.of(event).forEach(index::add);
      }
    }
    return new Batch(ReadModel.fold(ReadModel.empty(), changes), index, nextOffsets(records));
  }

  /** Passes the records and shows nothing of them. */
  static Batch passing(List<? extends Incoming> records) {
    return new Batch(ReadModel.empty(), List.of(), nextOffsets(records));
  }

  /** The same, and the partitions stay where they are: of records that were passed before. */
  Batch staying() {
    var stay = new HashMap<>(nextOffsets);
    // The higher one counts; the row is still taken first.
    stay.replaceAll((partition, next) -> 0L);
    return new Batch(rows, index, stay);
  }

  private static Map<TopicPartition, Long> nextOffsets(List<? extends Incoming> records) {
    var next = new HashMap<TopicPartition, Long>();
    for (Incoming incoming : records) {
      ConsumerRecord<byte[], byte[]> source = incoming.source();
      next.merge(
          new TopicPartition(source.topic(), source.partition()), source.offset() + 1, Long::max);
    }
    return next;
  }
}
