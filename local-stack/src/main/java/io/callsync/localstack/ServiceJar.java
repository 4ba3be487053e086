package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A service's executable jar, taken apart: only classes from plain jars can come from an archive of
 * loaded classes.
 */
final class ServiceJar {

  private final StackSettings settings;

  ServiceJar(StackSettings settings) {
    this.settings = settings;
  }

  static String module(Part service) {
    return switch (service) {
      case GATEWAY -> "booking-gateway";
      case PROJECTOR -> "appointment-projector";
      case VALIDATOR -> "validator-service";
      default -> throw new IllegalArgumentException(service + " is not one of our services");
    };
  }

  static String mainClass(Part service) {
    return switch (service) {
      case GATEWAY -> "io.callsync.gateway.GatewayApplication";
      case PROJECTOR -> "io.callsync.projector.ProjectorApplication";
      case VALIDATOR -> "io.callsync.validator.ValidatorApplication";
      default -> throw new IllegalArgumentException(service + " is not one of our services");
    };
  }

  /** Changes with every build of the service. */
  String version(Part service) {
    try {
      return version(executableJar(module(service)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at the jar of " + module(service), e);
    }
  }

  private static String version(Path jar) throws IOException {
    return Long.toString(Files.getLastModifiedTime(jar).toMillis(), 36)
        + '-'
        + Long.toString(Files.size(jar), 36);
  }

  /** The class path of the service: one jar, whose manifest names the others. */
  List<Path> classPath(Part service) {
    String module = module(service);
    try {
      Path jar = executableJar(module);
      Path folder =
          once(
              settings.provisions().resolve("services"),
              module + '-' + version(jar),
              part ->
                  Commands.require(
                      "extracting " + jar,
                      Jvm.jar(
                          List.of("-Djarmode=tools", "-XX:TieredStopAtLevel=1"),
                          jar,
                          List.of("extract", "--force", "--destination", part.toString()))));
      return List.of(folder.resolve(jar.getFileName()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot extract the jar of " + module, e);
    }
  }

  /** Fills a folder unless it is there, whole or not at all, whoever else does the same. */
  static Path once(Path parent, String name, Fill fill) throws IOException {
    Path folder = parent.resolve(name);
    if (!Files.exists(folder)) {
      Files.createDirectories(parent);
      Path part = Files.createTempDirectory(parent, "filling-");
      fill.fill(part);
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      try {
        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (!Files.exists(folder)) {
          throw e;
        }
      }
    }
    return folder;
  }

  /** Puts files into a new folder. */
  interface Fill {
    void fill(Path folder) throws IOException;
  }

  private Path executableJar(String module) throws IOException {
    Path target = settings.checkout().resolve(module).resolve("target");
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, module + "-*.jar")) {
        for (Path jar : jars) {
          return jar;
        }
      }
    }
    throw new StackException("%s is not built: run ./mvnw -DskipTests package".formatted(module));
  }
}
