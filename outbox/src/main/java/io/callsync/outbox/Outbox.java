package io.callsync.outbox;

import io.callsync.events.Meta;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.Topic;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table where a transaction leaves what it has to say. The relay sends it after the commit, and
 * never where there was none.
 */
public final class Outbox {

  /** Kafka's default limit of a record is 1 MiB; what is larger could never be sent. */
  static final int LARGEST_BODY = 900_000;

  private static final String INSERT =
      "insert into outbox (event_id, topic, message_key, fingerprint, body, headers)"
          + " values (?, ?, ?, ?, ?, ?::jsonb)";
  private static final String INSERT_SCHEMA =
      "insert into outbox_schema (fingerprint, schema) values (?, ?::json) on conflict do nothing";

  private final DataSource dataSource;
  private final JdbcTemplate jdbc;
  private final JsonMapper json = JsonMapper.shared();
  private volatile boolean schemasKept;

  public Outbox(DataSource dataSource) {
    this.dataSource = dataSource;
    this.jdbc = new JdbcTemplate(dataSource);
  }

  /**
   * Writes the messages in the caller's transaction, in one round trip.
   *
   * @throws IllegalStateException where no transaction is open
   * @throws IllegalArgumentException where a message is too large for Kafka
   */
  public void append(List<OutboxMessage> messages) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.hasResource(dataSource)) {
      throw new IllegalStateException(
          "an outbox message is written in the transaction of what it reports: none is open");
    }
    if (messages.isEmpty()) {
      return;
    }
    keepSchemas();
    jdbc.batchUpdate(INSERT, messages.stream().map(this::row).toList());
  }

  private @Nullable Object[] row(OutboxMessage message) {
    SpecificRecord event = message.event();
    AvroBody body = event == null ? null : AvroBody.of(event);
    if (body != null && body.bytes().length > LARGEST_BODY) {
      throw new IllegalArgumentException(
          "an event of %d bytes does not fit into %s"
              .formatted(body.bytes().length, message.topic().topicName()));
    }
    Map<String, String> headers = headers(message);
    return new @Nullable Object[] {
      UUID.fromString(headers.get(Headers.EVENT_ID)),
      message.topic().topicName(),
      message.key(),
      body == null ? null : body.fingerprint(),
      body == null ? null : body.bytes(),
      json.writeValueAsString(headers)
    };
  }

  private static Map<String, String> headers(OutboxMessage message) {
    var headers = new HashMap<>(message.headers());
    SpecificRecord event = message.event();
    Schema.Field meta = event == null ? null : event.getSchema().getField("meta");
    if (event != null && meta != null && event.get(meta.pos()) instanceof Meta told) {
      headers.putIfAbsent(Headers.EVENT_TYPE, told.getType());
      headers.putIfAbsent(Headers.EVENT_ID, told.getEventId());
    }
    headers.putIfAbsent(
        Headers.EVENT_TYPE, event == null ? "Tombstone" : event.getSchema().getName());
    headers.putIfAbsent(Headers.EVENT_ID, UUID.randomUUID().toString());
    return headers;
  }

  /**
   * Keeps every schema of this version, so that a later version can still send rows of this one.
   * All of them in one order, so that two first transactions wait for each other and cannot lock.
   */
  private void keepSchemas() {
    if (schemasKept) {
      return;
    }
    jdbc.batchUpdate(
        INSERT_SCHEMA,
        Arrays.stream(Topic.values())
            .map(Topic::schema)
            .sorted(Comparator.comparingLong(AvroBody::fingerprint))
            .map(s -> new Object[] {AvroBody.fingerprint(s), s.toString()})
            .toList());
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            schemasKept = true;
          }
        });
  }
}
