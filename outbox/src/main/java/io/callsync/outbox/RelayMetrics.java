package io.callsync.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The relay's health as gauges; not a number where the database does not answer. */
final class RelayMetrics implements MeterBinder {

  private final Relay relay;

  RelayMetrics(Relay relay) {
    this.relay = relay;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    TimeGauge.builder(
            "callsync.relay.oldest.unsent",
            relay,
            TimeUnit.MILLISECONDS,
            r -> number(r.status().oldestUnsentMillis()))
        .description("Age of the oldest commit that Kafka has not acknowledged")
        .tag("slot", relay.slotName())
        .register(registry);
    Gauge.builder("callsync.relay.slot.lag", relay, r -> number(r.status().slotLagBytes()))
        .description("Log that the database server keeps for the relay")
        .baseUnit("bytes")
        .tag("slot", relay.slotName())
        .register(registry);
    Gauge.builder(
            "callsync.relay.leading",
            relay,
            r -> r.status().state() == RelayStatus.State.LEADING ? 1 : 0)
        .description("1 where this instance sends")
        .tag("slot", relay.slotName())
        .register(registry);
  }

  private static double number(@Nullable Long value) {
    return value == null ? Double.NaN : value;
  }
}
