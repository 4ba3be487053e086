package io.callsync.outbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends in order, idempotently and acknowledged by all, as the only one of its name: the broker
 * refuses every older producer of the same name from the moment this one is made, also what such a
 * one still has in its buffers after it was stopped for an hour.
 *
 * <p>Records are readable at once; the transaction around them is what the fencing hangs on. After
 * any error the producer is thrown away, since what became of its records is unknown.
 */
final class FencedProducer implements AutoCloseable {

  private final Producer<byte[], byte @Nullable []> producer;
  private boolean open;

  /**
   * @throws org.apache.kafka.common.KafkaException where Kafka does not answer in time
   */
  FencedProducer(String bootstrap, String name, Duration deliverWithin) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "relay-" + name);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    int deliver = Math.toIntExact(deliverWithin.toMillis());
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliver);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliver / 2);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, deliver / 2);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, deliver * 2);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8 * 1024 * 1024);
    // The coordinator asks for a moment between two transactions; the default pauses for 100 ms.
    settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 500);
    settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
    settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    producer = new KafkaProducer<>(settings);
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  void send(ProducerRecord<byte[], byte @Nullable []> record) {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
    // A failure shows in the commit, which waits for every record.
    var _ = producer.send(record);
  }

  /** Returns when all that was sent is acknowledged. */
  void commit() {
    if (open) {
      producer.commitTransaction();
      open = false;
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
