package io.callsync.gateway.intake;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads single fields of somebody else's JSON: a wrong type counts as absent, never as an error.
 */
public final class Fields {

  private static final int LONGEST = 10_000;

  private Fields() {}

  /**
   * Null where absent, blank or no text; cut at 10,000 characters; without what Postgres cannot
   * hold.
   */
  public static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (!value.isString()) {
      return null;
    }
    String text = value.stringValue().replace("\u0000", "");
    if (text.length() > LONGEST) {
      text = text.substring(0, LONGEST);
    }
    return text.isBlank() ? null : wellFormed(text);
  }

  public static @Nullable Long number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
  }

  public static @Nullable Boolean bool(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isBoolean() ? value.booleanValue() : null;
  }

  /** Half of a surrogate pair, from a cut or from the sender, is no character in UTF-8. */
  private static String wellFormed(String text) {
    return new String(
        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
