package io.callsync.localstack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Command lines of Java processes: small, and with a cache of what they load at every start. */
final class Jvm {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  private final StackSettings settings;

  Jvm(StackSettings settings) {
    this.settings = settings;
  }

  List<String> plain(
      List<String> options, List<Path> classPath, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.add("-XX:+UseSerialGC");
    command.add("-Dfile.encoding=UTF-8");
    command.addAll(options);
    command.add("-cp");
    command.add(
        classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }

  List<String> jar(List<String> options, Path jar, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.add("-XX:+UseSerialGC");
    command.addAll(options);
    command.add("-jar");
    command.add(jar.toString());
    command.addAll(arguments);
    return command;
  }

  /** As plain, with the archive of loaded classes; it is made anew by itself where jars changed. */
  List<String> cached(
      Part part,
      List<String> options,
      List<Path> classPath,
      String mainClass,
      List<String> arguments) {
    List<String> all = new ArrayList<>(options);
    all.addAll(archive(part));
    return plain(all, classPath, mainClass, arguments);
  }

  private List<String> archive(Part part) {
    try {
      Path folder = settings.home().resolve("cache");
      Files.createDirectories(folder);
      return List.of(
          "-XX:+AutoCreateSharedArchive",
          "-XX:SharedArchiveFile=" + folder.resolve(part.processName() + ".jsa"),
          "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off",
          "-Xlog:aot=off",
          "-Xshare:auto");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
