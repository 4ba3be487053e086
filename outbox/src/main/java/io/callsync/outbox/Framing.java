package io.callsync.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.schemas.AvroBody;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Gives a body the registry's id of the schema it was written with. */
final class Framing {

  private final SchemaRegistry registry;
  private final JdbcClient jdbc;
  private final Map<Long, Schema> writers;

  Framing(SchemaRegistry registry, JdbcClient jdbc) {
    this.registry = registry;
    this.jdbc = jdbc;
    this.writers =
        Arrays.stream(Topic.values())
            .collect(
                Collectors.toMap(
                    topic -> AvroBody.fingerprint(topic.schema()),
                    Topic::schema,
                    (one, same) -> one,
                    ConcurrentHashMap::new));
  }

  /**
   * @throws SchemaRegistry.RegistryException where the registry is away or does not know the schema
   */
  ProducerRecord<byte[], byte @Nullable []> frame(Message message) {
    byte[] body = message.body();
    var record =
        new ProducerRecord<byte[], byte @Nullable []>(
            message.topic().topicName(),
            message.key().getBytes(UTF_8),
            body == null ? null : WireFormat.frame(id(message), body));
    message.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }

  private int id(Message message) {
    Schema writer = writers.computeIfAbsent(message.fingerprint(), this::kept);
    return registry.idOf(message.topic(), writer);
  }

  /** The schema of a row that another version of this service wrote. */
  private Schema kept(long fingerprint) {
    return new Schema.Parser()
        .parse(
            jdbc.sql("select schema from outbox_schema where fingerprint = ?")
                .param(fingerprint)
                .query(String.class)
                .optional()
                .orElseThrow(
                    () ->
                        new IllegalStateException(
                            "no schema is kept for the fingerprint " + fingerprint)));
  }
}
