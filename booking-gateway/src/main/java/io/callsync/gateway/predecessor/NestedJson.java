package io.callsync.gateway.predecessor;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON columns whose writers passed a JSON text to a model that encoded it again: a JSON string
 * that contains JSON, at most twice.
 */
final class NestedJson {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final int MOST_ENCODINGS = 2;

  private NestedJson() {}

  /** The object inside; empty for {@code []}, null, free text and anything else that is none. */
  static ObjectNode object(@Nullable String text) {
    if (text != null) {
      try {
        JsonNode node = JSON.readTree(unescaped(text.strip()));
        for (int i = 0; i < MOST_ENCODINGS && node.isString(); i++) {
          node = JSON.readTree(node.stringValue());
        }
        if (node instanceof ObjectNode object) {
          return object;
        }
      } catch (JacksonException | StackOverflowError notJson) {
        // Free text is no evidence of anything.
      }
    }
    return JSON.createObjectNode();
  }

  /** MySQL's escapes, left over in a file that was made as one thing and read as another. */
  private static String unescaped(String text) {
    return text.startsWith("{\\\"") ? text.replace("\\\"", "\"").replace("\\\\", "\\") : text;
  }
}
