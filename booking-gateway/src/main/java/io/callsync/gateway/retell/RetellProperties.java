package io.callsync.gateway.retell;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Retell workspace.
 *
 * @param apiKeys all valid API keys with the webhook badge; two during a rotation
 * @param functionBudget how long a caller may wait for a function's answer
 * @param defaultCompanyId the company of calls to unknown numbers; null, and better so, for none
 */
@ConfigurationProperties("callsync.retell")
public record RetellProperties(
    List<String> apiKeys,
    @DefaultValue("8s") Duration functionBudget,
    @Nullable Long defaultCompanyId) {

  public RetellProperties {
    if (apiKeys == null || apiKeys.isEmpty() || apiKeys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "callsync.retell.api-keys (CALLSYNC_RETELL_API_KEYS) must hold at least one Retell API key");
    }
  }
}
