package io.callsync.systemtests;

import io.callsync.localstack.LocalStack;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The validator's answers to operators. */
final class Validator {

  private final LocalStack stack;

  Validator(LocalStack stack) {
    this.stack = stack;
  }

  private JsonNode get(String path) {
    return Http.require(
        "GET",
        stack.addresses().validator().resolve(path),
        Map.of("Authorization", "Bearer " + stack.settings().secrets().operatorToken()),
        new byte[0]);
  }

  /** One chain, by our id or by Retell's. */
  JsonNode chain(String callId) {
    return get("/ops/chains/" + callId);
  }

  JsonNode summary() {
    return get("/ops/summary");
  }
}
