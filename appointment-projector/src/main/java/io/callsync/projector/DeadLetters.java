package io.callsync.projector;

import io.callsync.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what cannot be handled into the topic's .dlt: the bytes and headers as they came, and why in
 * the headers dlt-*. It returns when Kafka has them, before any position passes them.
 */
final class DeadLetters implements AutoCloseable {

  /** A record and why it cannot be handled. */
  record DeadLetter(ConsumerRecord<byte[], byte[]> source, String reason) {}

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final String bootstrap;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  DeadLetters(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  /**
   * Sends them all.
   *
   * @throws KafkaException where Kafka has not taken them all
   */
  void send(List<DeadLetter> letters) throws InterruptedException {
    List<Future<?>> sent = new ArrayList<>();
    for (DeadLetter letter : letters) {
      ConsumerRecord<byte[], byte[]> source = letter.source();
      log.warn(
          "{}-{} offset {} goes to the dead letters: {}",
          source.topic(),
          source.partition(),
          source.offset(),
          letter.reason());
      sent.add(producer().send(deadLetter(letter)));
    }
    try {
      for (Future<?> one : sent) {
        one.get(30, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("dead letters were not taken", e);
    }
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close();
    }
  }

  private static ProducerRecord<byte[], byte[]> deadLetter(DeadLetter letter) {
    ConsumerRecord<byte[], byte[]> source = letter.source();
    var headers = new RecordHeaders(source.headers());
    Map.of(
            "dlt-reason", letter.reason(),
            "dlt-topic", source.topic(),
            "dlt-partition", String.valueOf(source.partition()),
            "dlt-offset", String.valueOf(source.offset()),
            "dlt-consumer", ProjectionLoop.GROUP)
        .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
    String topic =
        Topic.named(source.topic())
            .map(Topic::deadLetterTopicName)
            .orElseGet(() -> source.topic() + ".dlt");
    return new ProducerRecord<>(topic, null, null, source.key(), source.value(), headers);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    if (producer == null) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true),
              new ByteArraySerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }
}
