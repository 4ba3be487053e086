package io.callsync.gateway.calcom;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Cal.com account.
 *
 * @param apiKey bearer key of API v2
 * @param apiBase scheme and host, without /v2
 * @param webhookSecrets all valid secrets; two during a rotation
 * @param requestsPerMinute what the key is allowed: 120 for an API key unless Cal.com agreed to
 *     more
 */
@ConfigurationProperties("callsync.calcom")
public record CalcomProperties(
    String apiKey,
    @DefaultValue("https://api.cal.com") URI apiBase,
    List<String> webhookSecrets,
    @DefaultValue("120") int requestsPerMinute) {

  public CalcomProperties {
    if (apiKey == null || apiKey.isBlank()) {
      throw new IllegalArgumentException(
          "callsync.calcom.api-key (CALLSYNC_CALCOM_API_KEY) must hold the Cal.com API key");
    }
    if (requestsPerMinute < 1) {
      throw new IllegalArgumentException(
          "callsync.calcom.requests-per-minute (CALLSYNC_CALCOM_REQUESTS_PER_MINUTE) must be at least 1");
    }
    if (webhookSecrets == null
        || webhookSecrets.isEmpty()
        || webhookSecrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "callsync.calcom.webhook-secrets (CALLSYNC_CALCOM_WEBHOOK_SECRETS) must hold at least one secret");
    }
  }
}
