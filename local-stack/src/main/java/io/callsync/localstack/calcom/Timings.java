package io.callsync.localstack.calcom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When what happened to each booking, in microseconds since the epoch: what latencies are measured
 * from.
 */
final class Timings {

  /** One webhook as it went out. */
  record Sent(String trigger, long sentMicros, long answeredMicros, int status) {}

  /** A change of a booking through the API. */
  static final class Entry {
    private final String uid;
    private final long bookingId;
    private final String operation;
    private final Delivery.When when;
    private final @Nullable String callId;
    private final long receivedMicros;
    private long answeredMicros;
    private final List<Sent> webhooks = new ArrayList<>();

    private Entry(Booking booking, String operation, Delivery.When when, long receivedMicros) {
      this.uid = booking.uid();
      this.bookingId = booking.id();
      this.operation = operation;
      this.when = when;
      this.callId = booking.metadata().get("call_id");
      this.receivedMicros = receivedMicros;
    }

    private Map<String, @Nullable Object> view() {
      Map<String, @Nullable Object> view = new LinkedHashMap<>();
      view.put("uid", uid);
      view.put("bookingId", bookingId);
      view.put("operation", operation);
      view.put("when", when);
      view.put("callId", callId);
      view.put("receivedMicros", receivedMicros);
      view.put("answeredMicros", answeredMicros);
      view.put("webhooks", List.copyOf(webhooks));
      return view;
    }
  }

  private static final int KEPT = 100_000;

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  synchronized void began(
      Booking booking, String operation, Delivery.When when, long receivedMicros) {
    entries.put(booking.uid(), new Entry(booking, operation, when, receivedMicros));
    if (entries.size() > KEPT) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  synchronized void answered(String uid, long micros) {
    Entry entry = entries.get(uid);
    if (entry != null) {
      entry.answeredMicros = micros;
    }
  }

  synchronized void sent(String uid, Sent webhook) {
    Entry entry = entries.get(uid);
    if (entry != null) {
      entry.webhooks.add(webhook);
    }
  }

  synchronized List<Map<String, @Nullable Object>> since(long micros, @Nullable String uid) {
    return entries.values().stream()
        .filter(e -> e.receivedMicros >= micros && (uid == null || uid.equals(e.uid)))
        .map(Entry::view)
        .toList();
  }
}
