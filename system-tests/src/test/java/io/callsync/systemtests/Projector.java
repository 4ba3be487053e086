package io.callsync.systemtests;

import io.callsync.localstack.LocalStack;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The projector's answers to operators. */
final class Projector {

  private final LocalStack stack;

  Projector(LocalStack stack) {
    this.stack = stack;
  }

  /** Orders a job; its id. */
  long orders(Map<String, Object> order) {
    Map<String, Object> whole = new HashMap<>(order);
    whole.put("author", "system-tests");
    whole.put("reason", "a test");
    return Http.require("POST", at(""), headers(), Http.bytes(whole)).path("id").asLong();
  }

  JsonNode job(long id) {
    return Http.require("GET", at("/" + id), headers(), new byte[0]);
  }

  private URI at(String path) {
    return stack.addresses().projector().resolve("/ops/jobs" + path);
  }

  private Map<String, String> headers() {
    return Map.of(
        "Authorization",
        "Bearer " + stack.settings().secrets().operatorToken(),
        "Content-Type",
        "application/json");
  }
}
