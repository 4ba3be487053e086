package io.callsync.validator.ops;

import io.callsync.validator.check.Checker;
import io.callsync.validator.feed.Troubles;
import io.callsync.validator.position.Positions;
import io.callsync.validator.position.Positions.Position;
import io.callsync.validator.readmodel.ReadModel;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Component "validation": down where chains cannot be looked at. A projector that stands still is
 * said here and as a violation, and leaves the validator up.
 */
@Component("validationHealthIndicator")
class ValidationHealth extends AbstractHealthIndicator {

  private final Checker checker;
  private final Troubles feeds;
  private final Standing standing;
  private final Positions positions;
  private final ReadModel readModel;
  private final Clock clock;

  ValidationHealth(
      Checker checker,
      Troubles feeds,
      Standing standing,
      Positions positions,
      ReadModel readModel,
      Clock clock) {
    super("the validator cannot tell how it is");
    this.checker = checker;
    this.feeds = feeds;
    this.standing = standing;
    this.positions = positions;
    this.readModel = readModel;
    this.clock = clock;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    String trouble = checker.trouble();
    if (trouble == null) {
      health.up();
    } else {
      health.down().withDetail("checks", trouble);
    }
    feeds.all().forEach(health::withDetail);
    Map<TopicPartition, Position> read = positions.all();
    Summary summary = standing.now();
    health
        .withDetail(
            "lagMillis",
            Math.max(0, Duration.between(summary.validatedUpTo(), clock.instant()).toMillis()))
        .withDetail("pendingChecks", summary.pendingChecks())
        .withDetail("openViolations", summary.openViolations());
    Positions.waitingSince(read)
        .ifPresent(since -> health.withDetail("waitsForProjectorSince", since.toString()));
    if (trouble == null) {
      var shown = new TreeMap<String, Long>();
      readModel.projectorPositions().forEach((p, offset) -> shown.put(p.toString(), offset));
      health.withDetail("projectorPosition", shown);
    }
  }
}
