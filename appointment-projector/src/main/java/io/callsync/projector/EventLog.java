package io.callsync.projector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The event topics, read again: in one go from where a fold stands, or only the offsets that are
 * asked for. Of no consumer group, so that the live loop does not notice.
 */
final class EventLog implements AutoCloseable {

  /** Where one record lies. */
  record Place(TopicPartition partition, long offset) {}

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Offsets closer than this are read through rather than sought one by one. */
  private static final long NEAR = 500;

  private final KafkaConsumer<byte[], byte[]> consumer;

  EventLog(String bootstrap) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrap,
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "allow.auto.create.topics",
                false,
                "default.api.timeout.ms",
                10_000,
                "max.poll.records",
                5000,
                // A request that waits at the end of one partition holds up the next one's.
                "fetch.max.wait.ms",
                10),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Reading goes on at these offsets, and at the start of every other of the partitions. */
  void goTo(Collection<TopicPartition> partitions, Map<TopicPartition, Long> offsets) {
    consumer.assign(partitions);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
    first.forEach((p, begin) -> consumer.seek(p, Math.max(begin, offsets.getOrDefault(p, begin))));
  }

  /**
   * The next records before {@code until}; none when all partitions have reached it.
   *
   * @param enough after how many records no further ones are waited for
   * @throws KafkaException where Kafka does not answer, or holds less than is asked for
   */
  List<ConsumerRecord<byte[], byte[]>> next(Map<TopicPartition, Long> until, int enough) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    long answered = System.nanoTime();
    while (records.size() < enough && !holdBack(until).isEmpty()) {
      var before = Map.copyOf(positions());
      consumer
          .poll(POLL)
          .forEach(
              r -> {
                if (r.offset() < until.getOrDefault(partition(r), 0L)) {
                  records.add(r);
                }
              });
      goBackTo(until);
      if (!before.equals(positions())) {
        answered = System.nanoTime();
      } else if (System.nanoTime() - answered > PATIENCE.toNanos()) {
        throw new KafkaException("Kafka gives none of the events up to " + until);
      }
    }
    return records;
  }

  /** How many offsets lie before {@code until}. */
  long remaining(Map<TopicPartition, Long> until) {
    return positions().entrySet().stream()
        .mapToLong(p -> Math.max(0, until.getOrDefault(p.getKey(), 0L) - p.getValue()))
        .sum();
  }

  /** The records at these places; one that the log no longer holds is left out. */
  List<ConsumerRecord<byte[], byte[]>> at(Collection<Place> places) {
    var wanted = new HashMap<TopicPartition, SortedSet<Long>>();
    places.forEach(
        p -> wanted.computeIfAbsent(p.partition(), n -> new TreeSet<>()).add(p.offset()));
    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    wanted.forEach((partition, offsets) -> found.addAll(at(partition, offsets)));
    return found;
  }

  private List<ConsumerRecord<byte[], byte[]>> at(
      TopicPartition partition, SortedSet<Long> offsets) {
    var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    long first = offsets.first();
    long last = first;
    for (long offset : offsets) {
      if (offset - last > NEAR) {
        found.addAll(run(partition, first, last));
        first = offset;
      }
      last = offset;
    }
    found.addAll(run(partition, first, last));
    found.removeIf(r -> !offsets.contains(r.offset()));
    return found;
  }

  private List<ConsumerRecord<byte[], byte[]>> run(TopicPartition partition, long from, long to) {
    goTo(List.of(partition), Map.of(partition, from));
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    var until = Map.of(partition, to + 1);
    while (remaining(until) > 0) {
      records.addAll(next(until, 5000));
    }
    return records;
  }

  /** Pauses what is through; the partitions that are not. */
  private Set<TopicPartition> holdBack(Map<TopicPartition, Long> until) {
    var behind = new HashSet<>(consumer.assignment());
    behind.removeIf(p -> consumer.position(p) >= until.getOrDefault(p, 0L));
    var through = new HashSet<>(consumer.assignment());
    through.removeAll(behind);
    consumer.pause(through);
    consumer.resume(behind);
    return behind;
  }

  /** What was polled beyond the mark is read again when the mark moves on. */
  private void goBackTo(Map<TopicPartition, Long> until) {
    until.forEach(
        (partition, mark) -> {
          if (consumer.assignment().contains(partition) && consumer.position(partition) > mark) {
            consumer.seek(partition, mark);
          }
        });
  }

  private Map<TopicPartition, Long> positions() {
    var positions = new HashMap<TopicPartition, Long>();
    consumer.assignment().forEach(p -> positions.put(p, consumer.position(p)));
    return positions;
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
