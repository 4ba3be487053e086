package io.callsync.projector;

import io.callsync.projector.EventLog.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks where the events of an aggregate lie. */
final class EventIndex {

  /** An aggregate by its topic and key. */
  record Aggregate(String topic, String key) {}

  /** An event of a selection. */
  record Entry(Place place, Aggregate aggregate) {}

  private final JdbcClient jdbc;

  EventIndex(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  long count(Selection selection) {
    return jdbc.sql("select count(*) from projected_event where " + selection.condition())
        .params(selection.parameters())
        .query(Long.class)
        .single();
  }

  /** The next events of a selection after a place, in the order of the log. */
  List<Entry> after(Place last, Selection selection, int most) {
    return jdbc.sql(
            """
            select topic, partition, record_offset, aggregate from projected_event
            where %s and (topic, partition, record_offset) > (?, ?, ?)
            order by topic, partition, record_offset limit ?"""
                .formatted(selection.condition()))
        .params(selection.parameters())
        .params(last.partition().topic(), last.partition().partition(), last.offset(), most)
        .query((row, n) -> new Entry(place(row), new Aggregate(row.getString(1), row.getString(4))))
        .list();
  }

  /** Which of these aggregates have an event in the selection up to this place. */
  Set<Aggregate> upTo(Place last, Selection selection, Collection<Aggregate> aggregates) {
    return jdbc.sql(
            """
            select distinct topic, aggregate
            from projected_event join unnest(?::text[], ?::text[]) as a(of_topic, key)
              on aggregate = key and topic = of_topic
            where %s and (topic, partition, record_offset) <= (?, ?, ?)"""
                .formatted(selection.condition()))
        .params(topics(aggregates), keys(aggregates))
        .params(selection.parameters())
        .params(last.partition().topic(), last.partition().partition(), last.offset())
        .query((row, n) -> new Aggregate(row.getString(1), row.getString(2)))
        .set();
  }

  /** Where all events of these aggregates lie. */
  List<Place> placesOf(Collection<Aggregate> aggregates) {
    return jdbc.sql(
            """
            select e.topic, e.partition, e.record_offset
            from projected_event e join unnest(?::text[], ?::text[]) as a(topic, key)
              on e.aggregate = a.key and e.topic = a.topic""")
        .params(topics(aggregates), keys(aggregates))
        .query((row, n) -> place(row))
        .list();
  }

  /** The highest revision of each of these aggregates. */
  Map<Aggregate, Long> revisionsOf(Collection<Aggregate> aggregates) {
    var revisions = new HashMap<Aggregate, Long>();
    jdbc.sql(
            """
            select e.topic, e.aggregate, max(e.revision)
            from projected_event e join unnest(?::text[], ?::text[]) as a(topic, key)
              on e.aggregate = a.key and e.topic = a.topic
            group by 1, 2""")
        .params(topics(aggregates), keys(aggregates))
        .query(
            row -> {
              revisions.put(new Aggregate(row.getString(1), row.getString(2)), row.getLong(3));
            });
    return revisions;
  }

  /** Our id of a call by Retell's. */
  Optional<Long> callId(String retellCallId) {
    return jdbc.sql(
            "select max(call_id) from projected_event where aggregate = ? and topic = 'call-events' having max(call_id) is not null")
        .param(retellCallId)
        .query(Long.class)
        .optional();
  }

  /** The booking whose appointment has or had this id. */
  Optional<UUID> bookingId(long appointmentId) {
    return jdbc.sql("select booking_id from appointment_history where appointment_id = ? limit 1")
        .param(appointmentId)
        .query(UUID.class)
        .optional();
  }

  private static String[] topics(Collection<Aggregate> aggregates) {
    return aggregates.stream().map(Aggregate::topic).toArray(String[]::new);
  }

  private static String[] keys(Collection<Aggregate> aggregates) {
    return aggregates.stream().map(Aggregate::key).toArray(String[]::new);
  }

  private static Place place(ResultSet row) throws SQLException {
    return new Place(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
  }
}
