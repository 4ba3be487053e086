package io.callsync.gateway.calcom;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomOutcome.Refusal;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import java.util.Map;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The clients of all Cal.com accounts; each account is one connection's and has its name. */
@Component
public class CalcomAccounts {

  private final Map<String, CalcomClient> clients;

  CalcomAccounts(Connections connections, JsonMapper json) {
    this.clients =
        connections.all().stream()
            .collect(toUnmodifiableMap(Connection::name, c -> new CalcomClient(c, json)));
  }

  /**
   * @throws CalcomUnavailable where the connection is not configured any more
   */
  public CalcomClient of(String account) throws CalcomUnavailable {
    CalcomClient client = clients.get(account);
    if (client == null) {
      throw new CalcomUnavailable("no connection is called " + account);
    }
    return client;
  }

  /** As the effect says; nothing was sent where the connection is not configured any more. */
  public CalcomOutcome effect(String account, Function<CalcomClient, CalcomOutcome> effect) {
    try {
      return effect.apply(of(account));
    } catch (CalcomUnavailable unknown) {
      return new Refused(Refusal.UNAVAILABLE, 503);
    }
  }
}
