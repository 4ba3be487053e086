package io.callsync.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * The Avro binary of an event without any registry id, and the fingerprint of its schema: what an
 * outbox row holds, so that accepting never needs the registry.
 */
public record AvroBody(long fingerprint, byte[] bytes) {

  /** Of the few schemas there are: making the canonical form costs more than writing an event. */
  private static final Map<Schema, Long> FINGERPRINTS = new ConcurrentHashMap<>();

  static {
    // Avro builds only classes it is told to trust; ours live in one package.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT,
            type -> type.getPackageName().equals("io.callsync.events")));
  }

  public static AvroBody of(SpecificRecord event) {
    try {
      var out = new ByteArrayOutputStream(512);
      BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<SpecificRecord>(event.getSchema()).write(event, encoder);
      encoder.flush();
      return new AvroBody(fingerprint(event.getSchema()), out.toByteArray());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The 64-bit Rabin fingerprint of the parsing canonical form (Avro specification). */
  public static long fingerprint(Schema schema) {
    return FINGERPRINTS.computeIfAbsent(schema, SchemaNormalization::parsingFingerprint64);
  }

  /**
   * Decodes a body written with {@code writer} into the compiled class of {@code reader}.
   *
   * @throws UncheckedIOException where the bytes are not a body of that schema
   */
  public static SpecificRecord decode(
      byte[] bytes, int offset, int length, Schema writer, Schema reader) {
    try {
      var decoder = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
      return new SpecificDatumReader<SpecificRecord>(writer, reader).read(null, decoder);
    } catch (IOException broken) {
      throw new UncheckedIOException("not an Avro body of " + writer.getFullName(), broken);
    }
  }
}
