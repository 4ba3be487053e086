package io.callsync.ops.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.schemas.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Puts what a consumer cannot handle into the topic's .dlt: the bytes and headers as they came, and
 * why in the headers dlt-*; then a row says where it lies. The consumer's position passes the
 * record only after both, so none is lost; what was put aside before is not put aside again.
 */
public final class DeadLetters implements AutoCloseable {

  static final String REASON = "dlt-reason";
  static final String TOPIC = "dlt-topic";
  static final String PARTITION = "dlt-partition";
  static final String OFFSET = "dlt-offset";
  static final String TIMESTAMP = "dlt-timestamp";
  static final String CONSUMER = "dlt-consumer";

  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

  private final String bootstrap;
  private final String consumer;
  private final LetterTable table;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /**
   * @param consumer whose letters they are: the service's name
   * @param database with the table dead_letter
   */
  public DeadLetters(String bootstrap, String consumer, DataSource database) {
    this.bootstrap = bootstrap;
    this.consumer = consumer;
    this.table = new LetterTable(JdbcClient.create(database), consumer);
  }

  /**
   * Puts them all aside.
   *
   * @throws KafkaException where Kafka has not taken them all
   * @throws org.springframework.dao.DataAccessException where the database is away; then nothing
   *     passes them
   */
  public synchronized void put(List<DeadLetter> letters) throws InterruptedException {
    Map<DeadLetter, Future<RecordMetadata>> sent = new LinkedHashMap<>();
    for (DeadLetter letter : new ArrayList<>(letters)) {
      ConsumerRecord<byte[], byte[]> source = letter.source();
      if (!table.holds(source)) {
        log.warn(
            "{}-{} offset {} goes to the dead letters: {}",
            source.topic(),
            source.partition(),
            source.offset(),
            letter.reason());
        sent.put(letter, producer().send(record(letter)));
      }
    }
    for (Map.Entry<DeadLetter, Future<RecordMetadata>> one : sent.entrySet()) {
      RecordMetadata place = acknowledged(one.getValue());
      table.add(new LetterId(place.topic(), place.partition(), place.offset()), one.getKey());
    }
  }

  @Override
  public synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }

  private static RecordMetadata acknowledged(Future<RecordMetadata> sent)
      throws InterruptedException {
    try {
      return sent.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("dead letters were not taken", e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
    ConsumerRecord<byte[], byte[]> source = letter.source();
    var headers = new RecordHeaders(source.headers());
    Map.of(
            REASON, letter.reason(),
            TOPIC, source.topic(),
            PARTITION, String.valueOf(source.partition()),
            OFFSET, String.valueOf(source.offset()),
            TIMESTAMP, String.valueOf(source.timestamp()),
            CONSUMER, consumer)
        .forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    String topic =
        Topic.named(source.topic())
            .map(Topic::deadLetterTopicName)
            .orElseGet(() -> source.topic() + ".dlt");
    return new ProducerRecord<>(topic, null, null, source.key(), source.value(), headers);
  }

  private KafkaProducer<byte[], byte[]> producer() {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      open =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      producer = open;
    }
    return open;
  }
}
