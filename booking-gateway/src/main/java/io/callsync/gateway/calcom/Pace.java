package io.callsync.gateway.calcom;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How often one API key may ask Cal.com, which locks accounts that ask more often (120 requests a
 * minute for an API key). Who waits on the telephone goes first: all other work takes only what
 * callers leave.
 */
final class Pace {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final RateLimiter limiter;
  private final int perSecond;
  private final AtomicInteger callersWaiting = new AtomicInteger();

  /**
   * @param longestWait of a caller; whoever would have to wait longer is refused at once
   */
  Pace(int requestsPerMinute, Duration longestWait) {
    this.perSecond = Math.max(1, requestsPerMinute / 60);
    this.limiter =
        RateLimiter.of(
            "calcom",
            RateLimiterConfig.custom()
                .limitRefreshPeriod(Duration.ofSeconds(1))
                .limitForPeriod(perSecond)
                .timeoutDuration(longestWait)
                .build());
  }

  /** False where a caller would have to wait too long; nothing may be sent then. */
  boolean admitCaller() {
    long wait = limiter.reservePermission();
    if (wait > 0) {
      callersWaiting.incrementAndGet();
      try {
        LockSupport.parkNanos(wait);
      } finally {
        callersWaiting.decrementAndGet();
      }
    }
    return wait >= 0;
  }

  /** False where callers left nothing for so long. */
  boolean admitBackground(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      boolean quiet =
          callersWaiting.get() == 0
              && limiter.getMetrics().getAvailablePermissions() * 2 >= perSecond;
      if (quiet && limiter.reservePermission() == 0) {
        return true;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return false;
  }
}
