package io.callsync.validator.position;

import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.utc;

import io.callsync.schemas.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** Up to where each partition has been read. */
@Repository
public class Positions {

  /** What is read from events; each waits until the projector has passed it. */
  public static final List<Topic> EVENTS =
      List.of(Topic.BOOKING_EVENTS, Topic.CALL_EVENTS, Topic.CUSTOMER_EVENTS);

  public static final List<Topic> CHANGES = List.of(Topic.CHAIN_CHANGES);

  /**
   * @param nextOffset the first offset not read
   * @param readUpTo all that was in the partition at this time has been read
   * @param waitingSince since when a batch waits for the projector
   */
  public record Position(long nextOffset, Instant readUpTo, @Nullable Instant waitingSince) {}

  private final JdbcClient jdbc;

  public Positions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public Map<TopicPartition, Position> all() {
    var positions = new HashMap<TopicPartition, Position>();
    jdbc.sql("select * from consumer_position")
        .query(
            row -> {
              positions.put(
                  new TopicPartition(row.getString("topic"), row.getInt("partition")),
                  new Position(
                      row.getLong("next_offset"),
                      Objects.requireNonNull(instantOrNull(row, "read_up_to")),
                      instantOrNull(row, "waiting_since")));
            });
    return positions;
  }

  /** Moves partitions on. */
  public void keep(Map<TopicPartition, Position> positions) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    positions.forEach(
        (partition, position) -> {
          Map<String, @Nullable Object> row = new HashMap<>();
          row.put("topic", partition.topic());
          row.put("partition", partition.partition());
          row.put("next_offset", position.nextOffset());
          row.put("read_up_to", position.readUpTo().toString());
          row.put("waiting_since", Objects.toString(position.waitingSince(), null));
          rows.add(row);
        });
    jdbc.sql(
            """
            insert into consumer_position as p (topic, partition, next_offset, read_up_to, waiting_since)
            select topic, partition, next_offset, read_up_to, waiting_since
            from jsonb_to_recordset(:rows::jsonb) as r
              (topic text, partition integer, next_offset bigint, read_up_to timestamptz, waiting_since timestamptz)
            order by topic, partition
            on conflict (topic, partition) do update set next_offset = excluded.next_offset,
              read_up_to = greatest(p.read_up_to, excluded.read_up_to), waiting_since = excluded.waiting_since
            """)
        .param("rows", JsonMapper.shared().writeValueAsString(rows))
        .update();
  }

  /**
   * Says up to what time partitions have been read. Their next offset stays what it is, since the
   * projector's is that of the last record too: a log ends in markers that are no records.
   */
  public void keepReadUpTo(Collection<TopicPartition> partitions, Instant readUpTo) {
    jdbc.sql(
            """
            insert into consumer_position as p (topic, partition, next_offset, read_up_to)
            select topic, partition, 0, :at::timestamptz
            from unnest(:topics, :partitions) as r (topic, partition) order by topic, partition
            on conflict (topic, partition) do update set read_up_to = greatest(p.read_up_to, excluded.read_up_to)
            """)
        .param("topics", partitions.stream().map(TopicPartition::topic).toArray(String[]::new))
        .param("partitions", partitions.stream().mapToInt(TopicPartition::partition).toArray())
        .param("at", utc(readUpTo))
        .update();
  }

  /** Says since when a batch of these partitions waits for the projector. */
  public void waiting(Collection<TopicPartition> partitions, Instant since) {
    for (TopicPartition partition : partitions) {
      jdbc.sql(
              """
              insert into consumer_position (topic, partition, next_offset, read_up_to, waiting_since)
              values (?, ?, 0, 'epoch', ?)
              on conflict (topic, partition) do update set waiting_since = excluded.waiting_since
              """)
          .params(partition.topic(), partition.partition(), utc(since))
          .update();
    }
  }

  /** All that was in these topics at this time has been read; long ago while one never was. */
  public static Instant readUpTo(Map<TopicPartition, Position> positions, List<Topic> topics) {
    Instant upTo = Instant.MAX;
    for (Topic topic : topics) {
      for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
        Position position = positions.get(new TopicPartition(topic.topicName(), partition));
        if (position == null) {
          return Instant.EPOCH;
        }
        upTo = upTo.isBefore(position.readUpTo()) ? upTo : position.readUpTo();
      }
    }
    return upTo;
  }

  /** Since when the oldest waiting batch waits for the projector. */
  public static Optional<Instant> waitingSince(Map<TopicPartition, Position> positions) {
    return positions.values().stream()
        .map(Position::waitingSince)
        .filter(Objects::nonNull)
        .min(Instant::compareTo);
  }
}
