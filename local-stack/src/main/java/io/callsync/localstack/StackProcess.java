package io.callsync.localstack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One process of a stack, known by its pid file, so that any later command finds it again. It
 * stands in a session of its own and outlives the command that started it.
 */
final class StackProcess {

  private static final long LOG_LIMIT = 20L << 20;
  private static final long LOG_TAIL = 16L << 10;

  /** Start times are told in ticks counted from the boot, which clocks put apart a little. */
  private static final Duration SAME_START = Duration.ofSeconds(2);

  private final String name;
  private final Path pidFile;
  private final Path log;

  StackProcess(String name, Path home) {
    this.name = name;
    this.pidFile = home.resolve("run").resolve(name + ".pid");
    this.log = home.resolve("log").resolve(name + ".log");
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  /** The live process, if the one that was started still is. */
  Optional<ProcessHandle> running() {
    try {
      if (!Files.exists(pidFile)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(pidFile);
      long pid = Long.parseLong(lines.get(0));
      Instant started = Instant.ofEpochMilli(Long.parseLong(lines.get(1)));
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(h -> !isZombie(h.pid()))
          .filter(
              h ->
                  h.info()
                      .startInstant()
                      .map(s -> Duration.between(s, started).abs().compareTo(SAME_START) < 0)
                      .orElse(false));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /** In a container nobody may reap the children of a command that has ended. */
  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  /** What was started, as the one who started it called it; empty where nothing was. */
  String version() {
    try {
      return Files.exists(versionFile()) ? Files.readString(versionFile()) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private Path versionFile() {
    return pidFile.resolveSibling(name + ".version");
  }

  void start(Launch launch, String version, Path folder) {
    try {
      Files.createDirectories(pidFile.getParent());
      Files.createDirectories(log.getParent());
      if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
        Files.move(log, log.resolveSibling(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      ProcessBuilder builder =
          new ProcessBuilder(Commands.inOwnSession(launch.command()))
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(launch.environment());
      Process process = builder.start();
      long started = process.info().startInstant().orElseGet(Instant::now).toEpochMilli();
      Files.writeString(versionFile(), version);
      Files.writeString(pidFile, process.pid() + "\n" + started + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /**
   * Sends a signal by its name, for instance KILL, STOP or CONT; nothing where it is not running.
   */
  void signal(String signal) {
    running().ifPresent(h -> Commands.run(List.of("kill", "-" + signal, String.valueOf(h.pid()))));
  }

  /**
   * Asks to end, waits, then kills.
   *
   * @return whether it ended by itself
   */
  boolean stop(String signal, Duration patience) {
    boolean inPeace = true;
    if (running().isPresent()) {
      signal(signal);
      signal("CONT");
      inPeace = awaitEnd(patience);
      if (!inPeace) {
        kill();
      }
    }
    try {
      Files.deleteIfExists(pidFile);
      return inPeace;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, without a chance to tidy up. */
  void kill() {
    signal("KILL");
    if (!awaitEnd(Duration.ofSeconds(10))) {
      throw new StackException(
          "%s does not even end when killed (pid %s)"
              .formatted(name, running().map(ProcessHandle::pid).orElse(0L)));
    }
  }

  private boolean awaitEnd(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (running().isPresent()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackException("interrupted while waiting for the end of " + name, e);
      }
    }
    return true;
  }

  /**
   * The line of the log's end that says most, for a message of one line: where Java gave a reason,
   * the innermost, else the last line.
   */
  String lastLogLine() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - LOG_TAIL);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(tail);
      List<String> lines =
          new String(tail, StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(l -> !l.isEmpty() && !l.startsWith("at ") && !l.startsWith("..."))
              .filter(l -> !l.contains("AOTC") && !l.contains("AOT configuration"))
              .toList();
      return lines.stream()
          .filter(l -> l.startsWith("Caused by: "))
          .reduce((a, b) -> b)
          .or(() -> lines.stream().reduce((a, b) -> b))
          .orElse("(the log is empty)");
    } catch (IOException e) {
      return "(there is no log)";
    }
  }
}
