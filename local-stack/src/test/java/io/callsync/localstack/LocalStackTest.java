package io.callsync.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LocalStackTest {

  @TempDir Path home;

  private LocalStack stack(int portBase) {
    Path checkout = StackSettings.findCheckout(Path.of("."));
    return new LocalStack(StackSettings.load(checkout, home, portBase, Map.of()), line -> {});
  }

  @Test
  void the_status_has_the_keys_that_scripts_rely_on() {
    LocalStack stack = stack(21_000);
    JsonNode status =
        JsonMapper.shared()
            .readTree(
                StatusReport.json(
                    stack,
                    List.of(
                        new LocalStack.ProcessStatus(
                            Part.KAFKA, Optional.of(42L), home.resolve("kafka.log"), true))));
    assertThat(status.propertyNames())
        .contains(
            "gateway",
            "projector",
            "validator",
            "calcom",
            "registry",
            "kafka",
            "jdbc",
            "retellApiKey",
            "calcomWebhookSecret",
            "operatorToken",
            "processes");
    assertThat(status.path("jdbc").propertyNames())
        .containsExactly("gateway", "appointments", "validator", "user", "password");
    assertThat(status.path("processes").path(0).propertyNames())
        .containsExactly("name", "pid", "log", "healthy");
    assertThat(status.path("registry").asString())
        .isEqualTo("http://127.0.0.1:21060/apis/ccompat/v7");
  }

  @Test
  void a_port_that_is_taken_is_told_in_one_line() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int base = taken.getLocalPort() - 80;
      LocalStack stack = stack(base);
      assertThatThrownBy(() -> stack.start(EnumSet.of(Part.POSTGRES)))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("port " + taken.getLocalPort() + ", where postgres belongs")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void what_runs_elsewhere_is_ended_there_and_never_as_a_process_of_ours() {
    List<String> asked = new ArrayList<>();
    ForeignPart container =
        new ForeignPart() {
          @Override
          public boolean isRunning() {
            return true;
          }

          @Override
          public void start() {
            asked.add("start");
          }

          @Override
          public void stop() {
            asked.add("stop");
          }

          @Override
          public void kill() {
            asked.add("kill");
          }

          @Override
          public void suspend() {
            asked.add("suspend");
          }

          @Override
          public void resume() {
            asked.add("resume");
          }
        };
    LocalStack stack =
        new LocalStack(stack(21_000).settings(), line -> {}, Map.of(Part.KAFKA, container));
    assertThat(stack.isRunning(Part.KAFKA)).isTrue();
    stack.suspend(Part.KAFKA);
    stack.resume(Part.KAFKA);
    stack.stop(Part.KAFKA);
    stack.kill(Part.KAFKA);
    assertThat(asked).containsExactly("suspend", "resume", "stop", "kill");
    assertThat(stack.isRunning(Part.POSTGRES)).isFalse();
  }

  @Test
  void the_keys_of_the_stand_ins_in_containers_are_no_real_accounts() {
    Path checkout = StackSettings.findCheckout(Path.of("."));
    Map<String, String> composed =
        Map.of(
            "CALLSYNC_STACK",
            "compose",
            "COMPOSE_PROFILES",
            "demo",
            "CALCOM_API_KEY",
            "made-for-the-stand-in");
    StackSettings settings = StackSettings.load(checkout, home, 21_000, composed);
    assertThat(settings.composed()).isTrue();
    assertThat(settings.calcomApiBase()).isNull();
    assertThat(settings.realRetell()).isFalse();
    assertThat(settings.secrets().calcomApiKey()).isEqualTo("made-for-the-stand-in");
    assertThat(new LocalStack(settings, line -> {}).parts())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Part.GATEWAY2)));
    assertThatThrownBy(() -> new LocalStack(settings, line -> {}).stop(Part.GATEWAY))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("docker-compose");
  }

  @Test
  void secrets_are_kept_for_their_owner_alone() throws IOException {
    Secrets first = stack(21_000).settings().secrets();
    assertThat(stack(21_000).settings().secrets()).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(home.resolve("stack.properties"))).hasSize(2);
    assertThat(first.toString()).doesNotContain(first.operatorToken());
  }
}
