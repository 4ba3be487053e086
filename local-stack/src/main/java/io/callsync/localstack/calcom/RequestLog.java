package io.callsync.localstack.calcom;

import io.callsync.localstack.http.LoopbackServer;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last requests to the API, so that a test can say what was asked of Cal.com, or that nothing
 * was.
 */
final class RequestLog {

  private static final int KEPT = 5_000;

  private final Deque<Map<String, @Nullable Object>> entries = new ArrayDeque<>();

  synchronized void add(String operation, Request request, Reply reply) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("operation", operation);
    entry.put("method", request.method());
    entry.put("uri", request.uri().toString());
    entry.put("version", request.header("cal-api-version").orElse(null));
    entry.put("body", request.json());
    entry.put("receivedMicros", request.receivedMicros());
    // Until the answer was ready, its faults included.
    entry.put("heldMicros", LoopbackServer.nowMicros() - request.receivedMicros());
    // 0: the connection was cut.
    entry.put("status", reply instanceof Reply.Json json ? json.status() : 0);
    entries.addLast(entry);
    if (entries.size() > KEPT) {
      entries.removeFirst();
    }
  }

  synchronized List<Map<String, @Nullable Object>> since(long micros, @Nullable String operation) {
    return entries.stream()
        .filter(e -> e.get("receivedMicros") instanceof Long at && at >= micros)
        .filter(e -> operation == null || operation.equals(e.get("operation")))
        .toList();
  }
}
