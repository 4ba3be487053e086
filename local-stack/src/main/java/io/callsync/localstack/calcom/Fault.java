package io.callsync.localstack.calcom;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that goes wrong with requests.
 *
 * @param operation create, get, list, reschedule, cancel, confirm, decline, slots, event-type, any
 * @param times how many requests it still befalls, or -1 for all
 * @param delayMs how long the request hangs
 * @param afterwards whether it strikes when the work has been done, else before
 * @param status the status that is answered instead, or 0 for none
 * @param cut whether the connection is cut without an answer
 * @param retryAfterSeconds what a 429 says of when to come again, or 0 for nothing
 * @param shiftMinutes how much later than asked a booking is made; needs afterwards
 */
record Fault(
    String operation,
    int times,
    long delayMs,
    boolean afterwards,
    int status,
    ApiError.Shape shape,
    @Nullable String message,
    boolean cut,
    int retryAfterSeconds,
    int shiftMinutes) {

  static Fault of(JsonNode node) {
    int status = node.path("status").asInt(0);
    return new Fault(
        node.path("operation").asString("any"),
        node.path("times").asInt(1),
        node.path("delayMs").asLong(0),
        node.path("when").asString("before").equals("after"),
        status,
        ApiError.Shape.valueOf(node.path("shape").asString(status == 500 ? "C" : "A")),
        node.path("message").asString(null),
        node.path("cut").asBoolean(false),
        node.path("retryAfterSeconds").asInt(0),
        node.path("shiftMinutes").asInt(0));
  }

  boolean befalls(String requested) {
    return times != 0 && (operation.equals("any") || operation.equals(requested));
  }

  Fault onceLess() {
    return new Fault(
        operation,
        times < 0 ? times : times - 1,
        delayMs,
        afterwards,
        status,
        shape,
        message,
        cut,
        retryAfterSeconds,
        shiftMinutes);
  }

  Optional<ApiError> error() {
    if (status == 0) {
      return Optional.empty();
    }
    if (status == 429) {
      return Optional.of(ApiError.tooManyRequests());
    }
    return Optional.of(
        ApiError.of(status, shape, message == null ? "Internal server error" : message));
  }
}
