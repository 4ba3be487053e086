package io.callsync.projector;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the rows follow the topics: the component "projection" of the health endpoint. */
final class ProjectionHealth implements HealthIndicator {

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(30);
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final ProjectionLoop loop;

  ProjectionHealth(ProjectionLoop loop) {
    this.loop = loop;
  }

  @Override
  public Health health() {
    ProjectionStatus status = loop.status();
    String complaint = complaint(status);
    Health.Builder health = complaint == null ? Health.up() : Health.down();
    if (complaint != null) {
      health.withDetail("reason", complaint);
    }
    if (status.lastCommit() != null) {
      health.withDetail("lastCommit", status.lastCommit().toString());
    }
    return health.withDetail("lag", status.lags()).build();
  }

  private @Nullable String complaint(ProjectionStatus status) {
    if (status.failure() != null) {
      return status.failure();
    }
    if (!loop.isRunning()) {
      return "the projection has ended: see the log";
    }
    if (!status.hasJoined()) {
      return "waiting for Kafka and its topics";
    }
    if (loop.kafkaSilence().compareTo(LONGEST_SILENCE) > 0) {
      return "Kafka does not answer";
    }
    if (status.lastPoll().plus(LONGEST_ROUND).isBefore(Instant.now())) {
      return "the projection stands still since " + status.lastPoll();
    }
    return null;
  }
}
