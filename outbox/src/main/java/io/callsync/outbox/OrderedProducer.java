package io.callsync.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends in order, idempotently, acknowledged by all replicas. After any error it is thrown away,
 * since what became of its records is unknown.
 */
final class OrderedProducer implements AutoCloseable {

  private final Producer<byte[], byte @Nullable []> producer;
  private volatile @Nullable Exception failure;

  /**
   * @param deliverWithin after this time a record is given up and not sent any more
   * @throws KafkaException where Kafka does not answer in that time
   */
  OrderedProducer(String bootstrap, String name, Duration deliverWithin, String anyTopic) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "relay-" + name);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    // What one transaction said goes in one request.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    int deliver = Math.toIntExact(deliverWithin.toMillis());
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliver);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliver / 2);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, deliver);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8 * 1024 * 1024);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    producer = new KafkaProducer<>(settings);
    try {
      producer.partitionsFor(anyTopic);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /**
   * Hands a record over; whether it arrives, {@link #acknowledged()} tells.
   *
   * @throws KafkaException where an earlier one did not arrive
   */
  void send(ProducerRecord<byte[], byte @Nullable []> record) {
    requireHealthy();
    var _ =
        producer.send(
            record,
            (metadata, error) -> {
              if (error != null && failure == null) {
                failure = error;
              }
            });
  }

  /**
   * Returns when all that was sent is acknowledged.
   *
   * @throws KafkaException where something was not
   */
  void acknowledged() {
    producer.flush();
    requireHealthy();
  }

  private void requireHealthy() {
    Exception error = failure;
    if (error != null) {
      throw new KafkaException("a record was not acknowledged", error);
    }
  }

  /** Nothing is sent any more when this returns. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
