package io.callsync.outbox;

import io.callsync.schemas.Topic;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record for one topic.
 *
 * @param key the aggregate's id; records of one key keep their order
 * @param event what is said, or null for a tombstone
 * @param headers Kafka headers, for instance traceparent; event-type and event-id are added from
 *     the event where they are missing
 */
public record OutboxMessage(
    Topic topic, String key, @Nullable SpecificRecord event, Map<String, String> headers) {

  public OutboxMessage {
    headers = Map.copyOf(headers);
    if (event != null && !event.getSchema().getFullName().equals(topic.schema().getFullName())) {
      throw new IllegalArgumentException(
          topic.topicName() + " does not carry " + event.getSchema().getFullName());
    }
  }

  public OutboxMessage(Topic topic, String key, SpecificRecord event) {
    this(topic, key, event, Map.of());
  }

  public static OutboxMessage tombstone(Topic topic, String key) {
    return new OutboxMessage(topic, key, null, Map.of());
  }
}
