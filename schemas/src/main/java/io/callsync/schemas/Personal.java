package io.callsync.schemas;

import io.callsync.events.Sealed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Packs personal fields into {@link Sealed} and reads them back. Today in the clear: key id empty.
 */
public final class Personal {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Personal() {}

  /**
   * Seals a JSON object with sorted keys, so that equal content gives equal bytes; nulls are left
   * out.
   */
  public static Sealed seal(Map<String, ? extends @Nullable Object> fields) {
    var present = new TreeMap<String, Object>();
    fields.forEach(
        (name, value) -> {
          if (value != null) {
            present.put(name, value);
          }
        });
    return Sealed.newBuilder()
        .setKeyId("")
        .setPayload(ByteBuffer.wrap(JSON.writeValueAsBytes(present)))
        .build();
  }

  /**
   * The sealed object; empty where nothing was sealed.
   *
   * @throws IllegalStateException where it is encrypted, since no key is known here
   */
  public static JsonNode open(Sealed sealed) {
    if (!sealed.getKeyId().isEmpty()) {
      throw new IllegalStateException(
          "sealed with key " + sealed.getKeyId() + ", which is not known here");
    }
    ByteBuffer payload = sealed.getPayload();
    if (!payload.hasRemaining()) {
      return JsonNodeFactory.instance.objectNode();
    }
    return JSON.readTree(StandardCharsets.UTF_8.decode(payload.duplicate()).toString());
  }

  /** One text field of the sealed object, null where absent. */
  public static @Nullable String text(Sealed sealed, String field) {
    JsonNode value = open(sealed).path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asString();
  }
}
