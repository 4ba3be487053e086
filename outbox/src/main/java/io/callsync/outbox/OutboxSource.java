package io.callsync.outbox;

import io.callsync.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The outbox: each inserted row is a message for the topic it names. */
final class OutboxSource implements Source {

  static final String TABLE = "outbox";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  private final String publication;

  OutboxSource(String publication) {
    this.publication = publication;
  }

  @Override
  public List<String> prepare(JdbcClient jdbc) {
    List<String> tables = List.of(Source.qualified(jdbc, TABLE));
    Source.publish(
        jdbc, publication, tables, "publish = 'insert', publish_via_partition_root = true");
    return tables;
  }

  @Override
  public Message message(Struct change) {
    Struct row = change.getStruct("after");
    Long fingerprint = row.getInt64("fingerprint");
    return message(
        row.getString("topic"),
        row.getString("message_key"),
        fingerprint == null ? 0 : fingerprint,
        bytes(row.get("body")),
        row.getString("headers"),
        row.getInt64("id"),
        OffsetDateTime.parse(row.getString("created_at")).toInstant());
  }

  @Override
  public void kept(DataSource database, long fromRow, Lsn from, Consumer<Message> messages) {
    Source.inSnapshot(
        database,
        jdbc ->
            jdbc.query(
                """
                select id, created_at, topic, message_key, fingerprint, body, headers from outbox
                where id >= ? order by id""",
                row -> {
                  messages.accept(
                      message(
                          row.getString("topic"),
                          row.getString("message_key"),
                          row.getLong("fingerprint"),
                          row.getBytes("body"),
                          row.getString("headers"),
                          row.getLong("id"),
                          row.getObject("created_at", OffsetDateTime.class).toInstant()));
                },
                fromRow));
  }

  private static Message message(
      String topicName,
      String key,
      long fingerprint,
      byte @Nullable [] body,
      String headers,
      long id,
      Instant createdAt) {
    Topic topic =
        Topic.named(topicName)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "an outbox row names the topic "
                            + topicName
                            + ", which this version does not know"));
    return new Message(
        topic, key, fingerprint, body, JSON.readValue(headers, HEADERS), id, createdAt);
  }

  private static byte @Nullable [] bytes(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case ByteBuffer buffer -> {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        yield bytes;
      }
      case byte[] bytes -> bytes;
      default -> throw new IllegalStateException("a body is no bytes: " + value.getClass());
    };
  }
}
