package io.callsync.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.schemas.AvroBody;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Everything that arrives in the topics while it is open, in the order of each partition. */
final class Received implements AutoCloseable {

  private final ConcurrentLinkedQueue<ConsumerRecord<String, byte[]>> records =
      new ConcurrentLinkedQueue<>();
  private final SchemaRegistry registry;
  private final Thread reading;
  private volatile boolean closed;
  private volatile @Nullable RuntimeException failure;

  Received(String kafka, SchemaRegistry registry) {
    this.registry = registry;
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka, "auto.offset.reset", "none"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        Arrays.stream(Topic.values())
            .flatMap(
                t ->
                    IntStream.range(0, Topic.PARTITIONS)
                        .mapToObj(p -> new TopicPartition(t.topicName(), p)))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    reading =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try (consumer) {
                    while (!closed) {
                      consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                    }
                  } catch (RuntimeException e) {
                    failure = e;
                  }
                });
  }

  /**
   * @throws IllegalStateException where reading ended, so that a lost offset is not taken for a
   *     lost record
   */
  List<ConsumerRecord<String, byte[]>> all() {
    if (failure != null) {
      throw new IllegalStateException("the test's consumer stopped", failure);
    }
    return List.copyOf(records);
  }

  Stream<ConsumerRecord<String, byte[]>> of(String key) {
    return all().stream().filter(r -> r.key().equals(key));
  }

  static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  SpecificRecord event(ConsumerRecord<String, byte[]> record) {
    Topic topic = Topic.named(record.topic()).orElseThrow();
    byte[] framed = record.value();
    return AvroBody.decode(
        framed,
        WireFormat.HEADER_BYTES,
        framed.length - WireFormat.HEADER_BYTES,
        registry.schema(WireFormat.schemaId(framed)),
        topic.schema());
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    reading.join();
  }
}
