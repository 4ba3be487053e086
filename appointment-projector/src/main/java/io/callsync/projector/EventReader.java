package io.callsync.projector;

import io.callsync.projector.Incoming.Tombstone;
import io.callsync.projector.Incoming.Understood;
import io.callsync.projector.Incoming.Unreadable;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import java.net.URI;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Tells events from what nobody can read. */
final class EventReader {

  private final URI registryUrl;
  private final EventDeserializer deserializer;

  EventReader(URI registryUrl) {
    this.registryUrl = registryUrl;
    this.deserializer = new EventDeserializer(new SchemaRegistry(registryUrl));
  }

  /**
   * Reads a record.
   *
   * @throws RegistryException where the registry is away or has lost the schemas: wait and try
   *     again
   */
  Incoming read(ConsumerRecord<byte[], byte[]> source) {
    @Nullable SpecificRecord event;
    try {
      event = deserializer.deserialize(source.topic(), source.value());
    } catch (RegistryException e) {
      requireSaneRegistry(source.topic(), e);
      return new Unreadable(source, "the schema registry does not know the schema id");
    } catch (RuntimeException e) {
      return new Unreadable(source, "not an event of " + source.topic() + ": " + kind(e));
    }
    if (event == null) {
      return new Tombstone(source);
    }
    try {
      return new Understood(source, Change.of(event));
    } catch (RuntimeException e) {
      return new Unreadable(source, "the event contradicts its schema's promises: " + kind(e));
    }
  }

  /**
   * An id that the registry refuses is only then the record's fault when the registry knows today's
   * schema of the topic. Asked anew each time, since a client keeps what it once heard.
   */
  private void requireSaneRegistry(String topicName, RegistryException refusal) {
    Topic topic = Topic.named(topicName).orElseThrow(() -> refusal);
    new SchemaRegistry(registryUrl).idOf(topic, topic.schema());
  }

  /** The kind of the failure only: its message may quote the value. */
  private static String kind(RuntimeException e) {
    Throwable cause = e.getCause();
    return e.getClass().getSimpleName()
        + (cause == null ? "" : " caused by " + cause.getClass().getSimpleName());
  }
}
