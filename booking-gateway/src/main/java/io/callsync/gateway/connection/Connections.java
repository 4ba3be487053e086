package io.callsync.gateway.connection;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.callsync.gateway.intake.IntakeException;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** All connections by name; they change with a restart only. */
@Component
public class Connections {

  private final Map<String, Connection> byName;

  Connections(ConnectionProperties properties) {
    this.byName = properties.all().stream().collect(toUnmodifiableMap(Connection::name, c -> c));
  }

  public Collection<Connection> all() {
    return byName.values();
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * @param name as in the path; null for the default connection
   * @throws IntakeException where there is none
   */
  public Connection named(@Nullable String name) {
    Connection found = byName.get(name == null ? Connection.DEFAULT : name);
    if (found == null) {
      throw new IntakeException(
          404,
          "connection_unknown",
          "This gateway has no connection of that name: check the address, or set callsync.connections.NAME.");
    }
    return found;
  }
}
