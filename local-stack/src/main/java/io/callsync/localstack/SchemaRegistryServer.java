package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    // The JVM's own options come from the manifest of the launcher's jar, which is not used here.
    List<String> options =
        List.of(
            "-Xms48m",
            "-Xmx192m",
            "-XX:TieredStopAtLevel=1",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");
    return new Launch(
        jvm.cached(
            Part.REGISTRY, options, classPath(), "io.quarkus.runner.GeneratedMain", List.of()),
        environment);
  }

  /**
   * All jars on one flat class path instead of Quarkus' own class loader, whose classes cannot come
   * from a cache: a third of the time to start.
   */
  private List<Path> classPath() {
    Path root = settings.provisions().resolve("registry");
    try {
      List<Path> all = new ArrayList<>();
      all.add(root.resolve("quarkus/transformed-bytecode.jar"));
      all.add(root.resolve("quarkus/generated-bytecode.jar"));
      for (String folder : List.of("app", "lib/boot", "lib/main")) {
        all.addAll(Jvm.jarsIn(root.resolve(folder)));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the registry's jars", e);
    }
  }
}
