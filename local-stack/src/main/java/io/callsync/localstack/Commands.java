package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands of the operating system. */
final class Commands {

  /** How a command ended and what it said, both streams together. */
  record Result(int status, String output) {
    boolean succeeded() {
      return status == 0;
    }
  }

  private static final boolean HAS_SETSID = Files.isExecutable(Path.of("/usr/bin/setsid"));

  private Commands() {}

  /**
   * Away from the terminal, whose Ctrl-C is meant for the command that started it and not for the
   * stack.
   */
  static List<String> inOwnSession(List<String> command) {
    if (!HAS_SETSID) {
      return command;
    }
    List<String> all = new ArrayList<>(command.size() + 1);
    all.add("/usr/bin/setsid");
    all.addAll(command);
    return all;
  }

  static Result run(List<String> command) {
    return run(command, Map.of());
  }

  static Result run(List<String> command, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while running " + command.getFirst(), e);
    }
  }

  /** Runs a command that has to succeed. */
  static void require(String purpose, List<String> command) {
    Result result = run(command);
    if (!result.succeeded()) {
      throw new StackException(
          "%s failed: %s"
              .formatted(purpose, result.output().lines().reduce((a, b) -> b).orElse("no output")));
    }
  }
}
