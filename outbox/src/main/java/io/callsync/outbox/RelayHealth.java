package io.callsync.outbox;

import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * How the relay is. Always UP: with Kafka or the registry away the service still accepts, and what
 * it accepted waits; the details say so.
 */
final class RelayHealth implements HealthIndicator {

  private final Relay relay;

  RelayHealth(Relay relay) {
    this.relay = relay;
  }

  @Override
  public Health health() {
    RelayStatus status = relay.status();
    Health.Builder health =
        Health.up()
            .withDetail("state", status.state().name().toLowerCase(Locale.ROOT))
            .withDetail("since", status.since().toString())
            .withDetail("slot", relay.slotName());
    if (status.cause() != null) {
      health.withDetail("cause", status.cause());
    }
    if (status.oldestUnsentMillis() != null) {
      health.withDetail("oldestUnsentMillis", status.oldestUnsentMillis());
    }
    if (status.slotLagBytes() != null) {
      health.withDetail("slotLagBytes", status.slotLagBytes());
    }
    return health.build();
  }
}
