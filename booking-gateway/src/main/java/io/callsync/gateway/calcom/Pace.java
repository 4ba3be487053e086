package io.callsync.gateway.calcom;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How often one API key may ask Cal.com, which locks accounts that ask more often (120 requests a
 * minute for an API key). Who waits on the telephone goes first: all other work takes only what
 * callers leave.
 */
final class Pace {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration UNNAMED_REST = Duration.ofSeconds(5);

  private final Duration longestWait;
  private final RateLimiter limiter;
  private final int perSecond;
  private final AtomicInteger callersWaiting = new AtomicInteger();
  private volatile long callersFrom = System.nanoTime();
  private volatile long othersFrom = System.nanoTime();

  /**
   * @param longestWait of a caller; whoever would have to wait longer is refused at once
   */
  Pace(int requestsPerMinute, Duration longestWait) {
    this.longestWait = longestWait;
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

  /**
   * Cal.com has had enough (429): nobody asks before that time is over where it named one, and what
   * nobody waits for rests in any case.
   *
   * @param named null where Cal.com named no time
   */
  void tooMany(@Nullable Duration named) {
    long now = System.nanoTime();
    if (named != null) {
      callersFrom = now + named.toNanos();
    }
    othersFrom = now + (named == null ? UNNAMED_REST : named).toNanos();
  }

  /** False where a caller would have to wait too long; nothing may be sent then. */
  boolean admitCaller() {
    long rest = Math.max(0, callersFrom - System.nanoTime());
    if (rest > longestWait.toNanos()) {
      return false;
    }
    LockSupport.parkNanos(rest);
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
          othersFrom - System.nanoTime() <= 0
              && callersWaiting.get() == 0
              && limiter.getMetrics().getAvailablePermissions() * 2 >= perSecond;
      if (quiet && limiter.reservePermission() == 0) {
        return true;
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return false;
  }
}
