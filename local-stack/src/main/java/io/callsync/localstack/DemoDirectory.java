package io.callsync.localstack;

import io.callsync.localstack.http.JsonClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Objects;

/** Two companies to try a new system with. */
final class DemoDirectory {

  private DemoDirectory() {}

  /**
   * Imports them where the gateway's directory is empty.
   *
   * @return whether it was
   */
  static boolean importWhereEmpty(Addresses addresses, String operatorToken) {
    JsonClient client = new JsonClient(operatorToken);
    URI directory = addresses.gateway().resolve("/ops/directory");
    if (!client.get(directory).path("companies").isEmpty()) {
      return false;
    }
    try (InputStream file =
        Objects.requireNonNull(DemoDirectory.class.getResourceAsStream("/demo-directory.yaml"))) {
      client.send("POST", directory, "application/yaml", file.readAllBytes());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
