package io.callsync.validator.feed;

import io.callsync.ops.deadletter.Redrive.StillRefused;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import java.net.URI;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Tells records from what nobody can read. */
final class RecordReader {

  private final URI registryUrl;
  private final EventDeserializer deserializer;

  RecordReader(URI registryUrl) {
    this.registryUrl = registryUrl;
    this.deserializer = new EventDeserializer(new SchemaRegistry(registryUrl));
  }

  /**
   * The record's event; null for a tombstone.
   *
   * @throws StillRefused where no retry will make it readable
   * @throws RegistryException where the registry is away or has lost the schemas
   */
  @Nullable SpecificRecord read(ConsumerRecord<byte[], byte[]> record) throws StillRefused {
    try {
      return deserializer.deserialize(record.topic(), record.value());
    } catch (RegistryException e) {
      requireSaneRegistry(record.topic(), e);
      throw new StillRefused("the schema registry does not know the schema id");
    } catch (RuntimeException e) {
      throw new StillRefused("not an event of " + record.topic() + ": " + kind(e));
    }
  }

  /** An id that is refused is only then the record's fault when today's schema is known. */
  private void requireSaneRegistry(String topicName, RegistryException refusal) {
    Topic topic = Topic.named(topicName).orElseThrow(() -> refusal);
    var _ = new SchemaRegistry(registryUrl).idOf(topic, topic.schema());
  }

  /** The kind of the failure only: its message may quote the value. */
  static String kind(RuntimeException e) {
    Throwable cause = e.getCause();
    return e.getClass().getSimpleName()
        + (cause == null ? "" : " caused by " + cause.getClass().getSimpleName());
  }
}
