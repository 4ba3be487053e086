package io.callsync.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the services of this installation answer, and the operator's token: from the environment,
 * else from what the last {@code up} wrote.
 */
final class Installation {

  /** A service with an operators' API. */
  enum Service {
    GATEWAY("gateway", "CALLSYNC_GATEWAY_URL"),
    PROJECTOR("projector", "CALLSYNC_PROJECTOR_URL"),
    VALIDATOR("validator", "CALLSYNC_VALIDATOR_URL");

    private final String name;
    private final String variable;

    Service(String name, String variable) {
      this.name = name;
      this.variable = variable;
    }

    String displayName() {
      return name;
    }
  }

  private static final String TOKEN_VARIABLE = "CALLSYNC_OPERATOR_TOKEN";

  private final Map<String, String> environment;
  private final Path statusFile;
  private @Nullable Json status;

  Installation(Map<String, String> environment, Path checkout) {
    this.environment = environment;
    String home = environment.getOrDefault("CALLSYNC_HOME", "");
    this.statusFile =
        (home.isBlank() ? checkout.resolve(".callsync") : Path.of(home)).resolve("status.json");
  }

  URI addressOf(Service service) {
    return URI.create(find(service.variable, service.name));
  }

  String token() {
    return find(TOKEN_VARIABLE, "operatorToken");
  }

  private String find(String variable, String key) {
    String given = environment.getOrDefault(variable, "");
    if (!given.isBlank()) {
      return given.strip();
    }
    String known = status().at(key).text();
    if (known.isEmpty()) {
      throw new CommandFailure(
          "%s names no %s: run ./appointments up, or set %s.".formatted(statusFile, key, variable));
    }
    return known;
  }

  private Json status() {
    if (status == null) {
      try {
        status = Json.parse(Files.readString(statusFile));
      } catch (NoSuchFileException e) {
        throw new CommandFailure(
            "CallSync was never started here (there is no %s): run ./appointments up, or set CALLSYNC_VALIDATOR_URL, CALLSYNC_PROJECTOR_URL, CALLSYNC_GATEWAY_URL and CALLSYNC_OPERATOR_TOKEN."
                .formatted(statusFile),
            e);
      } catch (IOException | RuntimeException e) {
        throw new CommandFailure(
            "%s cannot be read (%s): run ./appointments up, which writes it anew."
                .formatted(statusFile, e.getClass().getSimpleName()),
            e);
      }
    }
    return status;
  }
}
