package io.callsync.ops;

import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may operate. Names are no secret: they are in the audit.
 *
 * @param operatorToken bearer token of the operator named {@code operator}, at least 16 characters
 * @param operatorTokens further tokens by the name of who holds them, for instance
 *     callsync.operator-tokens.erika
 */
@ConfigurationProperties("callsync")
public record OperatorProperties(
    String operatorToken, @DefaultValue Map<String, String> operatorTokens) {

  static final String UNNAMED = "operator";

  private static final int SHORTEST = 16;

  public OperatorProperties {
    if (operatorToken == null || operatorToken.length() < SHORTEST) {
      throw new IllegalArgumentException(
          "callsync.operator-token (CALLSYNC_OPERATOR_TOKEN) must be set to at least 16 characters");
    }
    operatorTokens = Map.copyOf(operatorTokens);
    var seen = new HashSet<String>();
    seen.add(operatorToken);
    operatorTokens.forEach(
        (name, token) -> {
          if (name.equals(UNNAMED) || !name.matches("[A-Za-z0-9._-]{1,60}")) {
            throw new IllegalArgumentException(
                "callsync.operator-tokens.%s: a name has letters, digits, dots and dashes, and 'operator' is the one of callsync.operator-token"
                    .formatted(name));
          }
          if (token.length() < SHORTEST || !seen.add(token)) {
            throw new IllegalArgumentException(
                "callsync.operator-tokens.%s must be at least 16 characters that no other operator has"
                    .formatted(name));
          }
        });
  }

  /** Every token by its holder's name. */
  Map<String, String> tokens() {
    var all = new TreeMap<>(operatorTokens);
    all.put(UNNAMED, operatorToken);
    return all;
  }

  @Override
  public String toString() {
    return "operators " + tokens().keySet();
  }
}
