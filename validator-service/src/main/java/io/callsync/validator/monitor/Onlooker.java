package io.callsync.validator.monitor;

import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import io.callsync.validator.ValidatorProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the topics from now on, all partitions and in no group: it moves nobody's position and
 * takes nothing from anybody.
 */
final class Onlooker implements AutoCloseable {

  private static final List<Topic> TOPICS =
      List.of(
          Topic.CALL_EVENTS, Topic.BOOKING_EVENTS, Topic.CHAIN_VIOLATIONS, Topic.OPERATOR_ACTIONS);
  private static final Duration TO_START = Duration.ofSeconds(5);

  private final EventDeserializer deserializer;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @throws org.apache.kafka.common.KafkaException where Kafka does not answer in time
   */
  Onlooker(ValidatorProperties properties, EventDeserializer deserializer) {
    this.deserializer = deserializer;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                properties.kafkaBootstrap(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                65_536,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                100),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions = TOPICS.stream().flatMap(this::partitions).toList();
      consumer.assign(partitions);
      // The ends as they are now, not as they will be when the first poll asks.
      consumer.endOffsets(partitions, TO_START).forEach(consumer::seek);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** What happened since, in the order of each partition; empty after a while without anything. */
  List<Happening> next(Duration patience) {
    return StreamSupport.stream(consumer.poll(patience).spliterator(), false)
        .flatMap(record -> read(record).stream())
        .flatMap(said -> Happening.of(said).stream())
        .toList();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofMillis(500)));
  }

  private Stream<TopicPartition> partitions(Topic topic) {
    return consumer.partitionsFor(topic.topicName(), TO_START).stream()
        .map(p -> new TopicPartition(p.topic(), p.partition()));
  }

  /** Whoever only looks on passes over what cannot be read; the projector says why. */
  private Optional<SpecificRecord> read(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()));
    } catch (SerializationException | RegistryException unreadable) {
      return Optional.empty();
    }
  }
}
