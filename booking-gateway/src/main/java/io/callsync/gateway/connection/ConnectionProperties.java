package io.callsync.gateway.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The default connection, and further ones by name.
 *
 * @param retell Retell's side of the default connection
 * @param calcom Cal.com's side of the default connection
 * @param connections each with its own keys, secrets and limits
 */
@ConfigurationProperties("callsync")
public record ConnectionProperties(
    RetellAccount retell,
    CalcomAccount calcom,
    @DefaultValue Limits limits,
    @DefaultValue Map<String, Accounts> connections) {

  /** Both sides of a further connection. */
  public record Accounts(RetellAccount retell, CalcomAccount calcom, @DefaultValue Limits limits) {}

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

  /** Words of our own paths. */
  private static final Set<String> TAKEN =
      Set.of(Connection.DEFAULT, "functions", "webhook", "inbound");

  public ConnectionProperties {
    if (retell == null || calcom == null) {
      throw new IllegalArgumentException(
          "the default connection needs callsync.retell.api-keys (CALLSYNC_RETELL_API_KEYS), callsync.calcom.api-key (CALLSYNC_CALCOM_API_KEY) and callsync.calcom.webhook-secrets (CALLSYNC_CALCOM_WEBHOOK_SECRETS)");
    }
    connections.forEach(
        (name, accounts) -> {
          if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
            throw new IllegalArgumentException(
                "callsync.connections.%s: a connection's name consists of a-z, 0-9 and '-', and is none of %s"
                    .formatted(name, TAKEN.stream().sorted().toList()));
          }
          if (accounts.retell == null || accounts.calcom == null) {
            throw new IllegalArgumentException(
                "callsync.connections.%s needs retell.api-keys, calcom.api-key and calcom.webhook-secrets"
                    .formatted(name));
          }
        });
  }

  List<Connection> all() {
    List<Connection> all = new ArrayList<>();
    all.add(new Connection(Connection.DEFAULT, retell, calcom, limits));
    connections.forEach(
        (name, accounts) ->
            all.add(new Connection(name, accounts.retell, accounts.calcom, accounts.limits)));
    return all;
  }
}
