package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How each part is started. */
final class Launches {

  private final StackSettings settings;
  private final Addresses addresses;
  private final Jvm jvm;
  private final PostgresServer postgres;

  Launches(StackSettings settings, Jvm jvm, PostgresServer postgres) {
    this.settings = settings;
    this.addresses = new Addresses(settings);
    this.jvm = jvm;
    this.postgres = postgres;
  }

  Launch of(Part part) {
    try {
      Files.createDirectories(settings.data(part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return switch (part) {
      case KAFKA -> new KafkaBroker(settings, jvm).prepare();
      case POSTGRES -> postgres.prepare();
      case REGISTRY -> new SchemaRegistryServer(settings, jvm).prepare();
      case CALCOM -> standIn(part, "io.callsync.localstack.calcom.CalcomStandIn");
      case RETELL -> standIn(part, "io.callsync.localstack.retell.RetellStandIn");
      case GATEWAY, GATEWAY2 -> service(part, gatewaySettings(part));
      case PROJECTOR -> service(part, serviceSettings(part, "appointments"));
      case VALIDATOR -> service(part, validatorSettings());
    };
  }

  private Launch standIn(Part part, String mainClass) {
    Secrets secrets = settings.secrets();
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SERVER_PORT", String.valueOf(settings.ports().of(part)));
    environment.put("STANDIN_DATA", settings.data(part).toString());
    environment.put("STANDIN_GATEWAY", addresses.gateway().toString());
    if (part == Part.CALCOM) {
      environment.put("STANDIN_API_KEY", secrets.calcomApiKey());
      environment.put("STANDIN_WEBHOOK_SECRET", secrets.calcomWebhookSecret());
    } else {
      environment.put("STANDIN_API_KEY", secrets.retellApiKey());
    }
    return new Launch(
        jvm.cached(
            part,
            List.of(
                "-Xms64m",
                "-Xmx128m",
                "-Xmn40m",
                "-XX:TieredStopAtLevel=1",
                "-Dsun.net.httpserver.nodelay=true",
                // Longer than Java's clients keep a connection, which else meets its own closing.
                "-Dsun.net.httpserver.idleInterval=120"),
            ownClassPath(),
            mainClass,
            List.of()),
        environment);
  }

  /** Copies, so that a build does not change the jars under a running process. */
  private List<Path> ownClassPath() {
    try {
      List<Path> built = ownJars();
      Path folder =
          ServiceJar.once(
              settings.provisions().resolve("services"),
              "stand-ins-" + version(built),
              part -> {
                for (Path jar : built) {
                  Files.copy(
                      jar, part.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
              });
      return Jvm.jarsIn(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot find the stand-ins' jars", e);
    }
  }

  private List<Path> ownJars() throws IOException {
    List<Path> all = new ArrayList<>();
    all.add(settings.provisions().resolve("local-stack.jar"));
    all.addAll(Jvm.jarsIn(settings.provisions().resolve("lib")));
    return all;
  }

  private static String version(List<Path> jars) throws IOException {
    StringBuilder versions = new StringBuilder();
    for (Path jar : jars) {
      versions.append(ServiceJar.version(jar));
    }
    return Integer.toHexString(versions.toString().hashCode());
  }

  /** Changes when the part was built anew; constant for what is not built here. */
  String version(Part part) {
    try {
      return switch (part) {
        case GATEWAY, GATEWAY2, PROJECTOR, VALIDATOR -> new ServiceJar(settings).version(part);
        case CALCOM, RETELL -> version(ownJars());
        case KAFKA, POSTGRES, REGISTRY -> "as provided";
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at the jars of " + part.processName(), e);
    }
  }

  private Launch service(Part part, Map<String, String> environment) {
    return new Launch(
        jvm.cached(
            part,
            List.of("-Xms224m", "-Xmx224m", "-Xmn112m", "-XX:TieredStopAtLevel=1"),
            new ServiceJar(settings).classPath(part),
            ServiceJar.mainClass(part),
            List.of()),
        environment);
  }

  private Map<String, String> serviceSettings(Part part, String database) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SERVER_PORT", String.valueOf(settings.ports().of(part)));
    environment.put("CALLSYNC_SECRETS", settings.home().resolve("secrets").toString());
    environment.put("CALLSYNC_OPERATOR_TOKEN", settings.secrets().operatorToken());
    environment.put("CALLSYNC_KAFKA_BOOTSTRAP", addresses.kafka());
    environment.put("CALLSYNC_REGISTRY_URL", addresses.registry().toString());
    environment.put("CALLSYNC_DB_URL", addresses.jdbc(database));
    environment.put("CALLSYNC_DB_USER", addresses.jdbcUser());
    environment.put("CALLSYNC_DB_PASSWORD", settings.secrets().databasePassword());
    return environment;
  }

  private Map<String, String> gatewaySettings(Part part) {
    Map<String, String> environment = serviceSettings(part, "gateway");
    environment.put("CALLSYNC_RETELL_API_KEYS", settings.secrets().retellApiKey());
    environment.put("CALLSYNC_CALCOM_WEBHOOK_SECRETS", settings.secrets().calcomWebhookSecret());
    environment.put("CALLSYNC_CALCOM_API_KEY", settings.secrets().calcomApiKey());
    URI calcom = addresses.calcom();
    environment.put("CALLSYNC_CALCOM_API_BASE", calcom.toString());
    if (settings.calcomApiBase() == null) {
      // The stand-in refuses nobody unless a test tells it to.
      environment.put("CALLSYNC_CALCOM_REQUESTS_PER_MINUTE", "60000");
    }
    return environment;
  }

  private Map<String, String> validatorSettings() {
    Map<String, String> environment = serviceSettings(Part.VALIDATOR, "validator");
    environment.put("CALLSYNC_GATEWAY_URL", addresses.gateway().toString());
    environment.put("CALLSYNC_PROJECTOR_URL", addresses.projector().toString());
    environment.put("CALLSYNC_READMODEL_URL", addresses.jdbc("appointments"));
    environment.put("CALLSYNC_READMODEL_USER", addresses.readerUser());
    environment.put("CALLSYNC_READMODEL_PASSWORD", settings.secrets().readerPassword());
    return environment;
  }
}
