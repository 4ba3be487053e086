package io.callsync.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.localstack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line, as a person has it. */
final class Operator {

  /** What was printed, on both outputs. */
  record Typed(int status, String output) {}

  private final LocalStack stack;

  Operator(LocalStack stack) {
    this.stack = stack;
  }

  Typed types(String... words) {
    List<String> command = new ArrayList<>();
    command.add(stack.settings().checkout().resolve("appointments").toString());
    command.addAll(List.of(words));
    try {
      ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
      process
          .environment()
          .putAll(
              Map.of(
                  "CALLSYNC_GATEWAY_URL", stack.addresses().gateway().toString(),
                  "CALLSYNC_PROJECTOR_URL", stack.addresses().projector().toString(),
                  "CALLSYNC_VALIDATOR_URL", stack.addresses().validator().toString(),
                  "CALLSYNC_OPERATOR_TOKEN", stack.settings().secrets().operatorToken()));
      Process started = process.start();
      started.getOutputStream().close();
      String output = new String(started.getInputStream().readAllBytes(), UTF_8);
      return new Typed(started.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
