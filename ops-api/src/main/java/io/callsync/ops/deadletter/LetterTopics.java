package io.callsync.ops.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads single letters from the topics of dead letters. */
final class LetterTopics {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String OURS = "dlt-";

  private final String bootstrap;

  LetterTopics(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /**
   * The letter as it lies in its topic; empty where retention has deleted it.
   *
   * @throws KafkaException where Kafka does not give it
   */
  Optional<ConsumerRecord<byte[], byte[]>> read(LetterId id) {
    var partition = new TopicPartition(id.topic(), id.partition());
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                bootstrap,
                "auto.offset.reset",
                "none",
                "allow.auto.create.topics",
                false,
                "max.poll.records",
                1,
                "default.api.timeout.ms",
                (int) PATIENCE.toMillis()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      if (id.offset() < first || id.offset() >= end) {
        return Optional.empty();
      }
      consumer.seek(partition, id.offset());
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < until) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          return record.offset() == id.offset() ? Optional.of(record) : Optional.empty();
        }
      }
      throw new KafkaException("Kafka did not give the letter " + id);
    }
  }

  /**
   * The record that a letter was, as it came.
   *
   * @throws IllegalArgumentException where it does not say where it came from
   */
  static ConsumerRecord<byte[], byte[]> source(ConsumerRecord<byte[], byte[]> letter) {
    var headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (!header.key().startsWith(OURS)) {
        headers.add(header);
      }
    }
    String timestamp = header(letter, DeadLetters.TIMESTAMP);
    String topic = header(letter, DeadLetters.TOPIC);
    if (topic == null) {
      throw new IllegalArgumentException("the letter does not say where it came from");
    }
    return new ConsumerRecord<>(
        topic,
        Integer.parseInt(String.valueOf(header(letter, DeadLetters.PARTITION))),
        Long.parseLong(String.valueOf(header(letter, DeadLetters.OFFSET))),
        timestamp == null ? letter.timestamp() : Long.parseLong(timestamp),
        TimestampType.CREATE_TIME,
        letter.serializedKeySize(),
        letter.serializedValueSize(),
        letter.key(),
        letter.value(),
        headers,
        Optional.empty());
  }

  /** All headers; what is no short plain text only by its length. */
  static Map<String, String> headers(ConsumerRecord<byte[], byte[]> letter) {
    var all = new TreeMap<String, String>();
    for (Header header : letter.headers()) {
      all.put(header.key(), plain(header.value()));
    }
    return all;
  }

  /** Ids and words as they are; of anything else, which may be personal, the length. */
  static String plain(byte @Nullable [] bytes) {
    if (bytes == null) {
      return "none";
    }
    String text = new String(bytes, UTF_8);
    return text.matches("[\\p{Alnum} .,:;/()_'=-]{0,300}")
        ? text
        : "(%d bytes)".formatted(bytes.length);
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }
}
