package io.callsync.schemas;

import java.nio.ByteBuffer;

/** Confluent's wire format: byte 0, the registry's schema id in four bytes, the Avro body. */
public final class WireFormat {

  public static final int HEADER_BYTES = 5;

  private WireFormat() {}

  public static byte[] frame(int schemaId, byte[] avroBody) {
    return ByteBuffer.allocate(HEADER_BYTES + avroBody.length)
        .put((byte) 0)
        .putInt(schemaId)
        .put(avroBody)
        .array();
  }

  /**
   * The schema id of a framed value.
   *
   * @throws IllegalArgumentException where the value is not framed
   */
  public static int schemaId(byte[] framed) {
    if (framed.length < HEADER_BYTES || framed[0] != 0) {
      throw new IllegalArgumentException("value is not in Confluent wire format");
    }
    return ByteBuffer.wrap(framed).getInt(1);
  }
}
