package io.callsync.gateway.connection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a connection cannot do without. */
final class Missing {

  private Missing() {}

  /**
   * @throws IllegalArgumentException that names the setting and the next step
   */
  static void requireSecrets(@Nullable List<String> secrets, String setting, String what) {
    if (secrets == null || secrets.isEmpty() || secrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "%s must hold a %s; another connection NAME has it under callsync.connections.NAME (CALLSYNC_CONNECTIONS_NAME_...)"
              .formatted(setting, what));
    }
  }
}
