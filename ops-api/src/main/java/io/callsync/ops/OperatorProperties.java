package io.callsync.ops;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The operator's access.
 *
 * @param operatorToken bearer token of every /ops request, at least 16 characters
 */
@ConfigurationProperties("callsync")
public record OperatorProperties(String operatorToken) {

  public OperatorProperties {
    if (operatorToken == null || operatorToken.length() < 16) {
      throw new IllegalArgumentException(
          "callsync.operator-token (CALLSYNC_OPERATOR_TOKEN) must be set to at least 16 characters");
    }
  }
}
