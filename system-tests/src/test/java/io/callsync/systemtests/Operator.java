package io.callsync.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line, as a person has it who is not asked anything. */
final class Operator {

  /** What a command printed, and its exit status. */
  record Typed(int status, String output) {}

  private final LocalStack stack;
  private final String token;

  Operator(LocalStack stack) {
    this(stack, stack.settings().secrets().operatorToken());
  }

  Operator(LocalStack stack, String token) {
    this.stack = stack;
    this.token = token;
  }

  Typed types(String... words) {
    try {
      Process started = start(words);
      String output = new String(started.getInputStream().readAllBytes(), UTF_8);
      return new Typed(started.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A command that goes on until it is closed. */
  Running starts(String... words) {
    try {
      return new Running(start(words));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(stack.settings().checkout().resolve("appointments").toString());
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process
        .environment()
        .putAll(
            Map.of(
                "CALLSYNC_GATEWAY_URL", stack.addresses().gateway().toString(),
                "CALLSYNC_PROJECTOR_URL", stack.addresses().projector().toString(),
                "CALLSYNC_VALIDATOR_URL", stack.addresses().validator().toString(),
                "CALLSYNC_OPERATOR_TOKEN", token));
    Process started = process.start();
    started.getOutputStream().close();
    return started;
  }

  /** A command at work, and what it has printed so far. */
  static final class Running implements AutoCloseable {

    private final Process process;
    private final StringBuffer printed = new StringBuffer();

    private Running(Process process) {
      this.process = process;
      Thread.ofVirtual().start(() -> process.inputReader(UTF_8).lines().forEach(this::print));
    }

    private void print(String line) {
      printed.append(line).append('\n');
    }

    String output() {
      return printed.toString();
    }

    /** Waits until it has printed one of these. */
    void saidSoon(String... texts) {
      SystemTest.eventually(() -> assertThat(output()).containsAnyOf(texts));
    }

    /** Waits for its end; its exit status. */
    int ends(Duration patience) {
      SystemTest.eventually(patience, () -> assertThat(process.isAlive()).isFalse());
      return process.exitValue();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
