package io.callsync.localstack.http;

import java.util.Map;
import java.util.function.LongConsumer;

/** How a stand-in answers. */
public sealed interface Reply {

  /**
   * A JSON body.
   *
   * @param afterwards called with the time, in microseconds since the epoch, when the last byte had
   *     been handed over
   */
  record Json(int status, Map<String, String> headers, Object body, LongConsumer afterwards)
      implements Reply {}

  /** No answer: the connection is cut. */
  record Cut() implements Reply {}

  static Reply json(int status, Object body) {
    return new Json(status, Map.of(), body, at -> {});
  }

  static Reply ok(Object body) {
    return json(200, body);
  }
}
