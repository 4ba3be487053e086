package io.callsync.localstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Apicurio Registry from the distribution that the build unpacked, kept in an H2 file. */
final class SchemaRegistryServer {

  private final StackSettings settings;
  private final Jvm jvm;

  SchemaRegistryServer(StackSettings settings, Jvm jvm) {
    this.settings = settings;
    this.jvm = jvm;
  }

  Launch prepare() {
    Path jar = settings.provisions().resolve("registry/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new StackException(
          "the registry is missing: " + jar + " comes with ./mvnw -DskipTests package");
    }
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", String.valueOf(settings.ports().of(Part.REGISTRY)));
    environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
    environment.put(
        "QUARKUS_MANAGEMENT_PORT", String.valueOf(settings.ports().registryManagement()));
    environment.put("APICURIO_STORAGE_KIND", "sql");
    environment.put("APICURIO_STORAGE_SQL_KIND", "h2");
    environment.put(
        "APICURIO_DATASOURCE_URL",
        "jdbc:h2:file:" + settings.data(Part.REGISTRY).resolve("registry"));
    environment.put("APICURIO_DATASOURCE_USERNAME", "sa");
    environment.put("APICURIO_DATASOURCE_PASSWORD", "sa");
    environment.put("APICURIO_CCOMPAT_USE_CANONICAL_HASH", "true");
    environment.put("QUARKUS_LOG_LEVEL", "WARN");
    return new Launch(
        jvm.cached(
            Part.REGISTRY,
            List.of("-Xms48m", "-Xmx192m"),
            List.of(jar),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
            List.of()),
        environment);
  }
}
