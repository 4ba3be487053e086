package io.callsync.outbox;

import io.callsync.events.ChainChanged;
import io.callsync.events.Sealed;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.Personal;
import io.callsync.schemas.Topic;
import io.debezium.data.Json;
import io.debezium.time.ZonedTimestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Committed changes of the read model's rows, whoever wrote them, and what the service itself has
 * to say in its outbox. Rows are JSON as Postgres' to_jsonb writes it in UTC, absent columns are
 * null.
 */
final class RowChangeSource implements Source {

  /** Columns that say which row belongs to which: ids and a status, nothing personal. */
  private static final List<String> LINKS =
      List.of(
          "id",
          "call_id",
          "customer_id",
          "company_id",
          "booking_id",
          "appointment_id",
          "calcom_v2_booking_id",
          "status");

  private static final DateTimeFormatter AS_POSTGRES =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
          .appendOffset("+HH:MM", "+00:00")
          .toFormatter();

  private static final JsonMapper JSON = JsonMapper.shared();

  private final String publication;
  private final List<String> configured;
  private final OutboxSource outbox;
  private final Map<String, List<String>> keyColumns = new ConcurrentHashMap<>();

  RowChangeSource(String publication, List<String> tables) {
    if (tables.isEmpty()) {
      throw new IllegalArgumentException(
          "callsync.relay.tables must name the tables whose changes are relayed");
    }
    this.publication = publication;
    this.configured = tables;
    this.outbox = new OutboxSource(publication);
  }

  @Override
  public List<String> prepare(JdbcClient jdbc) {
    var tables = new ArrayList<>(configured.stream().map(t -> Source.qualified(jdbc, t)).toList());
    for (String table : tables) {
      keyColumns.put(unqualified(table), keyColumns(jdbc, table));
      keepWholeRowsInTheLog(jdbc, table);
    }
    tables.add(Source.qualified(jdbc, OutboxSource.TABLE));
    Source.publish(
        jdbc,
        publication,
        tables,
        "publish = 'insert, update, delete', publish_via_partition_root = true");
    return tables;
  }

  @Override
  public @Nullable Message message(Struct change) {
    Struct origin = change.getStruct("source");
    String table = origin.getString("table");
    if (table.equals(OutboxSource.TABLE)) {
      // Upkeep deletes rows that were sent.
      return "c".equals(change.getString("op")) ? outbox.message(change) : null;
    }
    return message(
        table,
        change.getString("op"),
        row(change.getStruct("before")),
        row(change.getStruct("after")),
        origin.getInt64("ts_us"),
        origin.getInt64("lsn"),
        origin.getInt64("txId"));
  }

  /** Every row as it is, marked r; its position lies before all that will be streamed. */
  @Override
  public void kept(DataSource database, long fromRow, Lsn from, Consumer<Message> messages) {
    outbox.kept(database, fromRow, from, messages);
    Source.inSnapshot(
        database,
        jdbc -> {
          long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
          for (String table : configured) {
            jdbc.query(
                "select to_jsonb(t)::text from %s t".formatted(table),
                row -> {
                  messages.accept(
                      message(
                          unqualified(table),
                          "r",
                          null,
                          (ObjectNode) JSON.readTree(row.getString(1)),
                          now,
                          from.value() - 1,
                          0));
                });
          }
        });
  }

  private Message message(
      String table,
      String op,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after,
      long commitMicros,
      long lsn,
      long transactionId) {
    ObjectNode known = after == null ? before : after;
    if (known == null) {
      throw new IllegalStateException("a change of " + table + " has no row");
    }
    String rowId =
        keyColumns.getOrDefault(table, List.of()).stream()
            .map(column -> known.path(column).asString())
            .collect(Collectors.joining(":"));
    AvroBody body =
        fitting(
            ChainChanged.newBuilder()
                .setTable(table)
                .setRowId(rowId)
                .setOp(op)
                .setLinksBefore(links(before))
                .setLinks(links(after))
                .setCommitTimeMicros(commitMicros)
                .setLsn(lsn)
                .setTransactionId(transactionId),
            sealed(before),
            sealed(after));
    return new Message(
        Topic.CHAIN_CHANGES,
        table + ":" + rowId,
        body.fingerprint(),
        body.bytes(),
        Map.of(Headers.EVENT_TYPE, "ChainChanged", Headers.EVENT_ID, UUID.randomUUID().toString()),
        0,
        Instant.EPOCH.plus(commitMicros, ChronoUnit.MICROS));
  }

  /** A row that Kafka would refuse goes without its content: its links are what matters most. */
  private static AvroBody fitting(
      ChainChanged.Builder change, @Nullable Sealed before, @Nullable Sealed after) {
    AvroBody whole = AvroBody.of(change.setBefore(before).setAfter(after).build());
    if (whole.bytes().length <= Outbox.LARGEST_BODY) {
      return whole;
    }
    AvroBody newest = AvroBody.of(change.setBefore(null).build());
    return newest.bytes().length <= Outbox.LARGEST_BODY
        ? newest
        : AvroBody.of(change.setAfter(null).build());
  }

  private static Map<String, String> links(@Nullable ObjectNode row) {
    var links = new TreeMap<String, String>();
    if (row != null) {
      for (String column : LINKS) {
        JsonNode value = row.path(column);
        if (!value.isMissingNode() && !value.isNull()) {
          links.put(column, value.asString());
        }
      }
    }
    return links;
  }

  private static @Nullable Sealed sealed(@Nullable ObjectNode row) {
    if (row == null) {
      return null;
    }
    var columns = new HashMap<String, @Nullable JsonNode>();
    row.properties()
        .forEach(c -> columns.put(c.getKey(), c.getValue().isNull() ? null : c.getValue()));
    return Personal.seal(columns);
  }

  private static @Nullable ObjectNode row(@Nullable Struct struct) {
    if (struct == null) {
      return null;
    }
    ObjectNode row = JSON.createObjectNode();
    for (Field field : struct.schema().fields()) {
      row.set(field.name(), value(struct.get(field), field.schema().name()));
    }
    return row;
  }

  private static JsonNode value(@Nullable Object value, @Nullable String type) {
    if (value instanceof String text && Json.LOGICAL_NAME.equals(type)) {
      return JSON.readTree(text);
    }
    if (value instanceof String text && ZonedTimestamp.SCHEMA_NAME.equals(type)) {
      return JSON.valueToTree(
          AS_POSTGRES.format(OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC)));
    }
    return JSON.valueToTree(value);
  }

  private static List<String> keyColumns(JdbcClient jdbc, String table) {
    List<String> columns =
        jdbc.sql(
                """
                select a.attname from pg_index i
                cross join unnest(i.indkey) with ordinality as k(attnum, place)
                join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
                where i.indrelid = ?::regclass and i.indisprimary order by k.place""")
            .param(table)
            .query((row, n) -> row.getString(1))
            .list();
    if (columns.isEmpty()) {
      throw new IllegalStateException(
          table + " has no primary key, so its changes cannot be relayed");
    }
    return columns;
  }

  private static void keepWholeRowsInTheLog(JdbcClient jdbc, String table) {
    boolean whole =
        jdbc.sql("select relreplident = 'f' from pg_class where oid = ?::regclass")
            .param(table)
            .query(Boolean.class)
            .single();
    if (!whole) {
      jdbc.sql("alter table %s replica identity full".formatted(table)).update();
    }
  }

  private static String unqualified(String table) {
    return table.substring(table.lastIndexOf('.') + 1);
  }
}
