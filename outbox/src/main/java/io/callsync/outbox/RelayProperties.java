package io.callsync.outbox;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the relay.
 *
 * @param slot replication slot, unique on the database server; by default made from the database's
 *     name
 * @param publication by default named as the slot
 * @param tables the tables whose row changes are relayed (row relay only)
 * @param window how long outbox rows are kept for a second sending
 * @param lease after this time without a sign of life a standby takes over
 */
@ConfigurationProperties("callsync.relay")
public record RelayProperties(
    @Nullable String slot,
    @Nullable String publication,
    @DefaultValue List<String> tables,
    @DefaultValue("24h") Duration window,
    @DefaultValue("10s") Duration lease) {

  public RelayProperties {
    if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
      throw new IllegalArgumentException("callsync.relay.lease must be 2s or longer");
    }
    if (window.isNegative()) {
      throw new IllegalArgumentException("callsync.relay.window must not be negative");
    }
    tables = List.copyOf(tables);
  }

  String slotOf(RelayDatabase database) {
    return slot != null ? slot : "callsync_" + database.name().replaceAll("[^a-z0-9]", "_");
  }

  String publicationOf(RelayDatabase database) {
    return publication != null ? publication : slotOf(database);
  }
}
