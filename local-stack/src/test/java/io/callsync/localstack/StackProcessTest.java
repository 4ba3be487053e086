package io.callsync.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackProcessTest {

  @TempDir Path home;

  @Test
  void a_pid_that_belongs_to_another_process_by_now_is_left_alone() throws IOException {
    long own = ProcessHandle.current().pid();
    Files.createDirectories(home.resolve("run"));
    Files.writeString(home.resolve("run/other.pid"), own + "\n1000\n");
    StackProcess process = new StackProcess("other", home);
    assertThat(process.running()).isEmpty();
    process.stop("TERM", Duration.ofSeconds(1));
    assertThat(ProcessHandle.of(own)).isPresent();
  }

  @Test
  void a_process_that_ignores_the_request_to_end_is_killed() {
    StackProcess process = new StackProcess("stubborn", home);
    process.start(
        new Launch(
            List.of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"), Map.of()),
        "",
        home);
    org.awaitility.Awaitility.await().until(() -> process.lastLogLine().equals("ready"));
    process.stop("TERM", Duration.ofMillis(300));
    assertThat(process.running()).isEmpty();
  }
}
