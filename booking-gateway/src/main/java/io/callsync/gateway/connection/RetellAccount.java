package io.callsync.gateway.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Retell workspace.
 *
 * @param apiKeys all valid API keys with the webhook badge; two during a rotation
 * @param defaultCompanyId the company of calls to unknown numbers; null, and better so, for none
 */
public record RetellAccount(List<String> apiKeys, @Nullable Long defaultCompanyId) {

  public RetellAccount {
    Missing.requireSecrets(apiKeys, "retell.api-keys (CALLSYNC_RETELL_API_KEYS)", "Retell API key");
  }
}
