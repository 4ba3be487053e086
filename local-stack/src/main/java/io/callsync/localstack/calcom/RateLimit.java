package io.callsync.localstack.calcom;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** So many requests a window for one key; one more, and the key is blocked for a whole window. */
final class RateLimit {

  /** Large enough that nobody meets it, as headers must say some number. */
  private static final int UNLIMITED = 100_000;

  private static final class Window {
    private long endsAt;
    private int used;
    private boolean blocked;
  }

  private final Map<String, Window> windows = new HashMap<>();
  private final Clock clock;
  private final Supplier<Settings> settings;

  RateLimit(Clock clock, Supplier<Settings> settings) {
    this.clock = clock;
    this.settings = settings;
  }

  /** The headers of an answer to this caller; an ApiError with 429 where it asked too often. */
  synchronized Map<String, String> admit(String caller) {
    Settings now = settings.get();
    int limit = now.rateLimit() == 0 ? UNLIMITED : now.rateLimit();
    long millis = clock.millis();
    long length = now.rateWindowSeconds() * 1000L;
    Window window = windows.computeIfAbsent(caller, c -> new Window());
    if (millis >= window.endsAt) {
      window.endsAt = millis + length;
      window.used = 0;
      window.blocked = false;
    }
    window.used++;
    if (window.used > limit && !window.blocked) {
      window.blocked = true;
      window.endsAt = millis + length;
    }
    if (window.blocked) {
      throw ApiError.tooManyRequests();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-RateLimit-Limit-Default", String.valueOf(limit));
    headers.put("X-RateLimit-Remaining-Default", String.valueOf(limit - window.used));
    headers.put("X-RateLimit-Reset-Default", String.valueOf((window.endsAt - millis + 999) / 1000));
    return headers;
  }
}
