package io.callsync.gateway.reconciliation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param every how often each Cal.com account is asked what changed
 * @param pageSize bookings of one request, 1 to 250
 */
@ConfigurationProperties("callsync.reconciliation")
public record ReconciliationProperties(
    @DefaultValue("5m") Duration every, @DefaultValue("100") int pageSize) {

  public ReconciliationProperties {
    if (pageSize < 1 || pageSize > 250) {
      throw new IllegalArgumentException(
          "callsync.reconciliation.page-size (CALLSYNC_RECONCILIATION_PAGE_SIZE) must lie between 1 and 250");
    }
  }
}
