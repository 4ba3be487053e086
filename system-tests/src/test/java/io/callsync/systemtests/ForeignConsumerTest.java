package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.schemas.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A consumer in another language, with nothing of ours but Kafka and the registry. */
class ForeignConsumerTest extends SystemTest {

  private static final Path SOURCE = Path.of("src/test/node");
  private static final Path PROJECT = Path.of("target/node");
  private static final long INSTALL_SECONDS = 180;
  private static final long READ_SECONDS = 60;

  @BeforeEach
  void node_and_its_packages_are_there() throws Exception {
    boolean present = isPresent("node") && isPresent("npm");
    if (!present && !"true".equals(System.getenv("CI"))) {
      Assumptions.abort(
          "node and npm are not installed here, so no foreign consumer reads the topics");
    }
    assertThat(present).as("CI has node and npm").isTrue();
    Files.createDirectories(PROJECT);
    boolean installed =
        Files.exists(PROJECT.resolve("node_modules"))
            && Files.mismatch(
                    SOURCE.resolve("package-lock.json"), PROJECT.resolve("package-lock.json"))
                < 0;
    for (String file : List.of("package.json", "package-lock.json", "read-topics.mjs")) {
      Files.copy(SOURCE.resolve(file), PROJECT.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!installed) {
      run(INSTALL_SECONDS, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    }
  }

  @Test
  void a_program_in_Node_reads_bookings_and_violations_through_the_registry() throws Exception {
    Booked booked = aBookedCall(Company.A);
    rows.update("update calls set customer_id = null where id = ?", booked.call().id());
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_CUSTOMER", "call", booked.call().id()))
                .isEqualTo("OPEN"));
    rows.update(
        "update calls set customer_id = ? where id = ?",
        booked.appointment().customerId(),
        booked.call().id());

    List<JsonNode> read =
        run(
                READ_SECONDS,
                "node",
                "read-topics.mjs",
                stack.addresses().kafka(),
                stack.addresses().registry().toString(),
                Topic.BOOKING_EVENTS.topicName(),
                Topic.CHAIN_VIOLATIONS.topicName())
            .stream()
            .map(Http.JSON::readTree)
            .toList();

    List<JsonNode> told = of(read, Topic.BOOKING_EVENTS, booked.reply().bookingId()).toList();
    assertThat(told.stream().map(e -> e.at("/value/meta/type").asString()))
        .containsExactly("BookingRequested", "BookingConfirmed");
    JsonNode booking = told.getLast().at("/value/booking");
    assertThat(booking.path("calcomUid").asString()).isEqualTo(booked.uid());
    assertThat(booking.path("appointmentId").asLong()).isEqualTo(booked.appointment().id());
    assertThat(booking.path("startsAt").asLong())
        .isEqualTo(booked.start().toInstant().toEpochMilli());
    assertThat(told.stream().map(e -> e.at("/value/meta/eventId").asString()))
        .isEqualTo(
            topics.booking(booked.reply().bookingId()).stream()
                .map(e -> e.getMeta().getEventId())
                .toList());

    JsonNode violation =
        of(read, Topic.CHAIN_VIOLATIONS, "CALL_WITHOUT_CUSTOMER:call:" + booked.call().id())
            .findFirst()
            .orElseThrow()
            .path("value");
    assertThat(violation.path("state").asString()).isEqualTo("OPEN");
    assertThat(violation.path("callId").asLong()).isEqualTo(booked.call().id());
    assertThat(violation.path("remedy").asString()).contains(String.valueOf(booked.call().id()));
    eventually(
        () ->
            assertThat(topics.violation("CALL_WITHOUT_CUSTOMER", "call", booked.call().id()))
                .isEqualTo("RESOLVED"));
  }

  private static Stream<JsonNode> of(List<JsonNode> read, Topic topic, String key) {
    return read.stream()
        .filter(r -> r.path("topic").asString().equals(topic.topicName()))
        .filter(r -> r.path("key").asString().equals(key));
  }

  private static boolean isPresent(String program) throws InterruptedException {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The lines that it printed. */
  private static List<String> run(long seconds, String... command) throws Exception {
    Path out = Files.createTempFile(PROJECT, "out", ".txt");
    Path complaints = PROJECT.resolve("complaints.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(PROJECT.toFile())
            .redirectOutput(out.toFile())
            .redirectError(complaints.toFile())
            .start();
    try {
      assertThat(process.waitFor(seconds, TimeUnit.SECONDS))
          .as(
              "%s ends within %d s; it said %s",
              String.join(" ", command), seconds, said(complaints))
          .isTrue();
      assertThat(process.exitValue())
          .as("%s said %s", String.join(" ", command), said(complaints))
          .isZero();
      return new ArrayList<>(Files.readAllLines(out));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
    }
  }

  private static String said(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "nothing";
  }
}
