package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/**
 * A service's executable jar, taken apart: only classes from plain jars can come from an archive of
 * loaded classes.
 */
final class ServiceJar {

  private static final int KEPT_BUILDS = 4;

  private final StackSettings settings;

  ServiceJar(StackSettings settings) {
    this.settings = settings;
  }

  static String module(Part service) {
    return switch (service) {
      case GATEWAY, GATEWAY2 -> "booking-gateway";
      case PROJECTOR -> "appointment-projector";
      case VALIDATOR -> "validator-service";
      default -> throw new IllegalArgumentException(service + " is not one of our services");
    };
  }

  static String mainClass(Part service) {
    return switch (service) {
      case GATEWAY, GATEWAY2 -> "io.callsync.gateway.GatewayApplication";
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

  /**
   * By content, from the checksums that a jar keeps of its entries: builds are reproducible, so
   * that the time and often the size of two different ones are the same.
   */
  static String version(Path jar) throws IOException {
    CRC32 all = new CRC32();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      zip.stream()
          .map(e -> e.getName() + e.getCrc())
          .sorted()
          .forEach(fact -> all.update(fact.getBytes(StandardCharsets.UTF_8)));
    }
    return Long.toHexString(all.getValue());
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
  static synchronized Path once(Path parent, String name, Fill fill) throws IOException {
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
      forgetOld(parent, name.substring(0, name.lastIndexOf('-') + 1));
    }
    return folder;
  }

  /** What the last builds left, except those that a stack may still be running from. */
  private static void forgetOld(Path parent, String prefix) throws IOException {
    try (Stream<Path> siblings = Files.list(parent)) {
      List<Path> old =
          siblings
              .filter(p -> p.getFileName().toString().startsWith(prefix))
              .sorted(Comparator.comparingLong((Path p) -> p.toFile().lastModified()).reversed())
              .skip(KEPT_BUILDS)
              .toList();
      for (Path folder : old) {
        Main.delete(folder);
      }
    }
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
