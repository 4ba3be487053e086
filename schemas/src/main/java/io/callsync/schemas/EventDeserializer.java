package io.callsync.schemas;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads any record of {@link Topic} into its compiled class, whatever registered version wrote it;
 * a tombstone is null.
 */
public final class EventDeserializer implements Deserializer<SpecificRecord> {

  private final SchemaRegistry registry;

  public EventDeserializer(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public @Nullable SpecificRecord deserialize(String topicName, byte @Nullable [] framed) {
    if (framed == null) {
      return null;
    }
    Topic topic =
        Topic.named(topicName)
            .orElseThrow(() -> new SerializationException("no schema is known for " + topicName));
    try {
      Schema writer = registry.schema(WireFormat.schemaId(framed));
      return AvroBody.decode(
          framed,
          WireFormat.HEADER_BYTES,
          framed.length - WireFormat.HEADER_BYTES,
          writer,
          topic.schema());
    } catch (IllegalArgumentException | java.io.UncheckedIOException e) {
      throw new SerializationException("unreadable value in " + topicName, e);
    }
  }
}
