package io.callsync.localstack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Command lines of Java processes: small, and with a cache of what they load and compile at every
 * start. A process that finds no cache for its jars leaves one when it ends in peace; {@link
 * #adopt} then puts it where the next start of any stack of this checkout finds it. Making it costs
 * more than one start, so only the checkout's own data folder does, and no test's.
 */
final class Jvm {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  private final StackSettings settings;

  Jvm(StackSettings settings) {
    this.settings = settings;
  }

  static List<String> plain(
      List<String> options, List<Path> classPath, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  static List<String> jar(List<String> options, Path jar, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
    return command;
  }

  /** As plain, with the cache, or in the training run that makes it. */
  List<String> cached(
      Part part,
      List<String> options,
      List<Path> classPath,
      String mainClass,
      List<String> arguments) {
    try {
      Path cache = cache(part, options, classPath);
      List<String> all = new ArrayList<>(options);
      all.add("-Xlog:aot=error");
      all.add("-Xlog:cds=error");
      Files.deleteIfExists(trainingNote(part));
      if (Files.exists(cache)) {
        all.add("-XX:AOTCache=" + cache);
      } else if (settings.isDefaultHome()) {
        Files.createDirectories(trainingNote(part).getParent());
        Files.writeString(trainingNote(part), cache.toString());
        Files.deleteIfExists(trained(part));
        all.add("-XX:AOTCacheOutput=" + trained(part));
      }
      return plain(all, classPath, mainClass, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the start of " + part.processName(), e);
    }
  }

  /** Whether the running process will leave a cache when it ends, which takes it some seconds. */
  boolean trains(Part part) {
    return Files.exists(trainingNote(part));
  }

  /** Puts the cache that a process left where the next start looks for it. */
  void adopt(Part part) {
    try {
      if (trains(part) && Files.exists(trained(part))) {
        Path cache = Path.of(Files.readString(trainingNote(part)));
        Files.createDirectories(cache.getParent());
        // Into the folder first: the data folder may lie on another disk.
        Path near = cache.resolveSibling(cache.getFileName() + ".part");
        Files.move(trained(part), near, StandardCopyOption.REPLACE_EXISTING);
        Files.move(near, cache, StandardCopyOption.ATOMIC_MOVE);
        deleteOlder(part, cache);
      }
      Files.deleteIfExists(trainingNote(part));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the cache of " + part.processName(), e);
    }
  }

  /** Forgets what a process that was killed may have left half done. */
  void discard(Part part) {
    try {
      Files.deleteIfExists(trained(part));
      Files.deleteIfExists(trainingNote(part));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteOlder(Part part, Path newest) throws IOException {
    try (var all = Files.list(newest.getParent())) {
      for (Path p : all.toList()) {
        if (!p.equals(newest) && p.getFileName().toString().startsWith(part.processName() + "-")) {
          Files.deleteIfExists(p);
        }
      }
    }
  }

  private Path trainingNote(Part part) {
    return settings.home().resolve("run").resolve(part.processName() + ".training");
  }

  private Path trained(Part part) {
    return settings.home().resolve("run").resolve(part.processName() + ".aot");
  }

  /** Named by all that it depends on, so that a changed jar never meets an old cache. */
  private Path cache(Part part, List<String> options, List<Path> classPath) throws IOException {
    String version = System.getProperty("java.vm.version") + options;
    String key =
        fingerprint(classPath) + '-' + Integer.toHexString(version.hashCode() & 0x7fff_ffff);
    return settings.provisions().resolve("cache").resolve(part.processName() + "-" + key + ".aot");
  }

  /** Changes when one of the files does. */
  static String fingerprint(List<Path> files) throws IOException {
    try {
      StringBuilder facts = new StringBuilder();
      for (Path file : files) {
        facts
            .append(file)
            .append(Files.size(file))
            .append(Files.getLastModifiedTime(file).toMillis())
            .append('\n');
      }
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(facts.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** The jars of a folder, in an order that is the same at every start. */
  static List<Path> jarsIn(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new StackException(folder + " is missing: run ./mvnw -DskipTests package");
    }
    try (var files = Files.list(folder)) {
      return files.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
    }
  }
}
