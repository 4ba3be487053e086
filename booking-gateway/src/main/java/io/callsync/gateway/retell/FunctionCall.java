package io.callsync.gateway.retell;

import static io.callsync.gateway.intake.Fields.text;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A custom function's signed request: name, call and args (Retell's contract). The call's identity
 * is read from the signed call only, whatever the model put into the arguments.
 *
 * @param retellCallId null where the agent is set to "args only" and sends no call
 * @param toolCallId of this very invocation, null where the transcript does not hold it
 */
record FunctionCall(
    String name,
    @Nullable String retellCallId,
    @Nullable String toolCallId,
    JsonNode call,
    JsonNode args) {

  /**
   * @param nameInPath the function named by the path, null where the body names it
   */
  static FunctionCall of(ObjectNode body, @Nullable String nameInPath) {
    String said = text(body, "name");
    String name = nameInPath != null ? nameInPath : said == null ? "" : said;
    JsonNode call = body.path("call");
    return new FunctionCall(
        FunctionNames.canonical(name),
        text(call, "call_id"),
        said == null ? null : toolCallId(call, said).orElse(null),
        call,
        body.path("args"));
  }

  /** Whether the model made up another call id; counted, never used. */
  boolean contradictsCallId() {
    String argument = text(args, "call_id");
    return argument != null && !argument.equals(retellCallId);
  }

  private static Optional<String> toolCallId(JsonNode call, String name) {
    String last = null;
    for (JsonNode item : call.path("transcript_with_tool_calls")) {
      if ("tool_call_invocation".equals(text(item, "role")) && name.equals(text(item, "name"))) {
        last = text(item, "tool_call_id");
      }
    }
    return Optional.ofNullable(last);
  }
}
