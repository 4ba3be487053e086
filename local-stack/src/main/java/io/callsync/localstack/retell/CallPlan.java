package io.callsync.localstack.retell;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call to make: who calls whom, and what the agent asks the gateway to do.
 *
 * @param function the function's name, or empty for a call in which none is used
 * @param pauseMs how long each step of the call lasts
 * @param maxRetry how often a failing function call is repeated; Retell's default is never
 */
record CallPlan(
    String callId,
    String fromNumber,
    String toNumber,
    String function,
    Map<String, Object> args,
    long pauseMs,
    int maxRetry) {

  @SuppressWarnings("unchecked") // An object in JSON is such a map.
  static CallPlan of(JsonNode node) {
    JsonNode args = node.path("args");
    return new CallPlan(
        node.path("callId").asString(newCallId()),
        node.path("fromNumber").asString("anonymous"),
        node.path("toNumber").asString(""),
        node.path("function").asString("book_appointment"),
        args.isObject() ? JsonMapper.shared().treeToValue(args, Map.class) : Map.of(),
        node.path("pauseMs").asLong(200),
        node.path("maxRetry").asInt(0));
  }

  /** In the form of real ones: call_ and 27 hexadecimal digits. */
  static String newCallId() {
    return "call_" + hex(14).substring(0, 27);
  }

  static String hex(int bytes) {
    byte[] random = new byte[bytes];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
