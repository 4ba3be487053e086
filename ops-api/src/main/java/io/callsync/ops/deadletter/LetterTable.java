package io.callsync.ops.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where the letters of one consumer lie, and what became of them. */
final class LetterTable {

  /** Which letters; null is no condition. */
  record Filter(
      @Nullable String topic,
      @Nullable String reason,
      @Nullable Instant since,
      boolean closedToo) {}

  private final JdbcClient jdbc;
  private final String consumer;

  LetterTable(JdbcClient jdbc, String consumer) {
    this.jdbc = jdbc;
    this.consumer = consumer;
  }

  /** Whether this record was put aside before: a batch that is tried again is no new trouble. */
  boolean holds(ConsumerRecord<?, ?> source) {
    return jdbc.sql(
            """
            select exists (select from dead_letter
              where source_topic = ? and source_partition = ? and source_offset = ? and source_at = ?)""")
        .params(source.topic(), source.partition(), source.offset(), at(source.timestamp()))
        .query(Boolean.class)
        .single();
  }

  /** A place that is taken belonged to a topic that was made anew. */
  void add(LetterId id, DeadLetter letter) {
    ConsumerRecord<?, ?> source = letter.source();
    jdbc.sql(
            """
            insert into dead_letter as d (topic, partition, record_offset, reason, source_topic, source_partition, source_offset, source_at)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (topic, partition, record_offset) do update set at = now(), reason = excluded.reason,
              source_topic = excluded.source_topic, source_partition = excluded.source_partition,
              source_offset = excluded.source_offset, source_at = excluded.source_at, state = 'open', redrives = 0,
              closed_at = null, closed_by = null, closed_because = null""")
        .params(
            id.topic(),
            id.partition(),
            id.offset(),
            letter.reason(),
            source.topic(),
            source.partition(),
            source.offset(),
            at(source.timestamp()))
        .update();
  }

  /**
   * The newest first.
   *
   * @param after the last one of the page before, null for the first page
   */
  List<Letter> page(Filter filter, @Nullable LetterId after, int most) {
    return jdbc.sql(
            """
            select * from dead_letter d
            where (state = 'open' or :closedToo)
              and (:topic::text is null or :topic in (topic, source_topic))
              and (:reason::text is null or position(lower(:reason) in lower(reason)) > 0)
              and (:since::timestamptz is null or at >= :since)
              and (:afterTopic::text is null or (at, topic, partition, record_offset) <
                (select a.at, a.topic, a.partition, a.record_offset from dead_letter a
                 where (a.topic, a.partition, a.record_offset) = (:afterTopic, :afterPartition, :afterOffset)))
            order by at desc, topic desc, partition desc, record_offset desc limit :most""")
        .param("closedToo", filter.closedToo())
        .param("topic", filter.topic())
        .param("reason", filter.reason())
        .param(
            "since",
            filter.since() == null
                ? null
                : OffsetDateTime.ofInstant(filter.since(), ZoneOffset.UTC))
        .param("afterTopic", after == null ? null : after.topic())
        .param("afterPartition", after == null ? 0 : after.partition())
        .param("afterOffset", after == null ? 0L : after.offset())
        .param("most", most)
        .query(this::letter)
        .list();
  }

  Optional<Letter> find(LetterId id) {
    return jdbc.sql(
            "select * from dead_letter where topic = ? and partition = ? and record_offset = ?")
        .params(id.topic(), id.partition(), id.offset())
        .query(this::letter)
        .optional();
  }

  long open() {
    return jdbc.sql("select count(*) from dead_letter where state = 'open'")
        .query(Long.class)
        .single();
  }

  /** Handled once more, and refused once more. */
  void stays(LetterId id, String reason) {
    jdbc.sql(
            """
            update dead_letter set redrives = redrives + 1, reason = ?
            where topic = ? and partition = ? and record_offset = ? and state = 'open'""")
        .params(reason, id.topic(), id.partition(), id.offset())
        .update();
  }

  /**
   * Ends a letter.
   *
   * @param state redriven or dropped
   * @return false where somebody else has ended it before
   */
  boolean close(LetterId id, String state, String by, String because) {
    return jdbc.sql(
                """
                update dead_letter set state = ?, closed_at = now(), closed_by = ?, closed_because = ?,
                  redrives = redrives + case ? when 'redriven' then 1 else 0 end
                where topic = ? and partition = ? and record_offset = ? and state = 'open'""")
            .params(state, by, because, state, id.topic(), id.partition(), id.offset())
            .update()
        > 0;
  }

  private Letter letter(ResultSet row, int n) throws SQLException {
    OffsetDateTime closed = row.getObject("closed_at", OffsetDateTime.class);
    return new Letter(
        new LetterId(row.getString("topic"), row.getInt("partition"), row.getLong("record_offset"))
            .toString(),
        consumer,
        row.getObject("at", OffsetDateTime.class).toInstant(),
        new LetterId(
                row.getString("source_topic"),
                row.getInt("source_partition"),
                row.getLong("source_offset"))
            .toString(),
        row.getString("reason"),
        row.getString("state"),
        row.getInt("redrives"),
        closed == null ? null : closed.toInstant(),
        row.getString("closed_by"),
        row.getString("closed_because"));
  }

  private static OffsetDateTime at(long timestamp) {
    return OffsetDateTime.ofInstant(Instant.ofEpochMilli(timestamp), ZoneOffset.UTC);
  }
}
