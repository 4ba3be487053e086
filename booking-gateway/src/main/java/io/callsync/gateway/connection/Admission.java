package io.callsync.gateway.connection;

import io.callsync.gateway.intake.IntakeException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Holds each connection to its limit. Counts what is signed only: nobody can use up another's. */
@Component
public class Admission {

  private final Map<String, RateLimiter> limiters = new HashMap<>();

  Admission(Connections connections) {
    for (Connection connection : connections.all()) {
      limiters.put(
          connection.name(),
          RateLimiter.of(
              connection.name(),
              RateLimiterConfig.custom()
                  .limitRefreshPeriod(Duration.ofSeconds(1))
                  .limitForPeriod(connection.limits().requestsPerSecond())
                  .timeoutDuration(Duration.ZERO)
                  .build()));
    }
  }

  /**
   * @throws IntakeException where the connection has sent too much within this second
   */
  public void admit(Connection connection) {
    RateLimiter limiter = limiters.get(connection.name());
    if (limiter != null && !limiter.acquirePermission()) {
      throw IntakeException.tooMany();
    }
  }
}
