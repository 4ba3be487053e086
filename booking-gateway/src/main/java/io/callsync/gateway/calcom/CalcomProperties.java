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
 */
@ConfigurationProperties("callsync.calcom")
public record CalcomProperties(
    String apiKey, @DefaultValue("https://api.cal.com") URI apiBase, List<String> webhookSecrets) {

  public CalcomProperties {
    if (apiKey == null || apiKey.isBlank()) {
      throw new IllegalArgumentException(
          "callsync.calcom.api-key (CALLSYNC_CALCOM_API_KEY) must hold the Cal.com API key");
    }
    if (webhookSecrets == null
        || webhookSecrets.isEmpty()
        || webhookSecrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "callsync.calcom.webhook-secrets (CALLSYNC_CALCOM_WEBHOOK_SECRETS) must hold at least one secret");
    }
  }
}
