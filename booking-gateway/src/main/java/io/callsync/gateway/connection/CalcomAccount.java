package io.callsync.gateway.connection;

import java.net.URI;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A Cal.com account.
 *
 * @param apiKey bearer key of API v2
 * @param apiBase scheme and host, without /v2
 * @param webhookSecrets all valid secrets; two during a rotation
 * @param requestsPerMinute what the key is allowed: 120 for an API key unless Cal.com agreed to
 *     more
 */
public record CalcomAccount(
    String apiKey,
    @DefaultValue("https://api.cal.com") URI apiBase,
    List<String> webhookSecrets,
    @DefaultValue("120") int requestsPerMinute) {

  public CalcomAccount {
    Missing.requireSecrets(
        apiKey == null ? null : List.of(apiKey),
        "calcom.api-key (CALLSYNC_CALCOM_API_KEY)",
        "Cal.com API key");
    Missing.requireSecrets(
        webhookSecrets,
        "calcom.webhook-secrets (CALLSYNC_CALCOM_WEBHOOK_SECRETS)",
        "secret of a Cal.com webhook");
    if (requestsPerMinute < 1) {
      throw new IllegalArgumentException(
          "calcom.requests-per-minute (CALLSYNC_CALCOM_REQUESTS_PER_MINUTE) must be at least 1");
    }
  }
}
