package io.callsync.localstack;

import io.callsync.schemas.Provision;
import io.callsync.schemas.SchemaRegistry;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;

/**
 * Makes what the services need where somebody else runs Kafka, Postgres and the registry:
 * databases, topics and schemas, each where it is missing.
 */
public final class Provisioning {

  private Provisioning() {}

  /**
   * Takes its settings from the environment, named as the services' own; CALLSYNC_DB_URL is any
   * database of the server.
   */
  public static void main(String[] arguments) throws Exception {
    // Kafka's client looks for a logger and would complain about none; what matters it throws.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    Map<String, String> environment = System.getenv();
    try (Connection connection =
        DriverManager.getConnection(
            required(environment, "CALLSYNC_DB_URL"),
            required(environment, "CALLSYNC_DB_USER"),
            required(environment, "CALLSYNC_DB_PASSWORD"))) {
      Databases.provision(connection, required(environment, "CALLSYNC_READMODEL_PASSWORD"));
    }
    Provision.topics(required(environment, "CALLSYNC_KAFKA_BOOTSTRAP"), (short) 1);
    Provision.schemas(
        new SchemaRegistry(URI.create(required(environment, "CALLSYNC_REGISTRY_URL"))));
    System.out.println("databases, topics and schemas are there");
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new StackException(name + " is not set");
    }
    return value;
  }
}
