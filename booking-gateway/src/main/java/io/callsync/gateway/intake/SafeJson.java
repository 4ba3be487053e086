package io.callsync.gateway.intake;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Turns verified bytes into JSON, and cuts out what must never be stored. */
public final class SafeJson {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Cal.com's one-time passwords and Retell's web call tokens open doors. */
  private static final Set<String> SECRETS = Set.of("oneTimePassword", "access_token");

  private SafeJson() {}

  /**
   * @throws IntakeException where the bytes are not a JSON object of sane depth
   */
  public static ObjectNode object(byte[] body) {
    try {
      if (JSON.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException | StackOverflowError unreadable) {
      // Said below, the same for every kind of unreadable body.
    }
    throw new IntakeException(
        400,
        "body_unreadable",
        "The body is not a JSON object that can be read; nothing was stored.");
  }

  /** The bytes to keep: as received, except where a secret had to be cut out. */
  public static byte[] keepable(byte[] body, JsonNode parsed) {
    return cutOut(parsed) ? JSON.writeValueAsBytes(parsed) : body;
  }

  private static boolean cutOut(JsonNode node) {
    boolean removed = false;
    if (node instanceof ObjectNode object) {
      for (String name : SECRETS) {
        removed |= object.remove(name) != null;
      }
    }
    for (JsonNode child : node) {
      removed |= cutOut(child);
    }
    return removed;
  }
}
