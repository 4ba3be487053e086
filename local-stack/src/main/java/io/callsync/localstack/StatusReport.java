package io.callsync.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The stable description of a running stack that scripts and ops-cli read. */
final class StatusReport {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private StatusReport() {}

  static String json(LocalStack stack, List<LocalStack.ProcessStatus> processes) {
    Addresses addresses = stack.addresses();
    StackSettings settings = stack.settings();
    Secrets secrets = settings.secrets();
    Map<String, Object> jdbc = new LinkedHashMap<>();
    Databases.NAMES.forEach(d -> jdbc.put(d, addresses.jdbc(d)));
    jdbc.put("user", addresses.jdbcUser());
    jdbc.put("password", secrets.databasePassword());
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("gateway", addresses.gateway().toString());
    status.put("projector", addresses.projector().toString());
    status.put("validator", addresses.validator().toString());
    status.put("calcom", addresses.calcom().toString());
    status.put("registry", addresses.registry().toString());
    status.put("kafka", addresses.kafka());
    status.put("jdbc", jdbc);
    status.put("retellApiKey", secrets.retellApiKey());
    status.put("calcomWebhookSecret", secrets.calcomWebhookSecret());
    status.put("operatorToken", secrets.operatorToken());
    status.put("processes", processes.stream().map(StatusReport::process).toList());
    status.put("retell", addresses.retell().toString());
    status.put("calcomApiKey", secrets.calcomApiKey());
    status.put("readerUser", addresses.readerUser());
    status.put("readerPassword", secrets.readerPassword());
    status.put("home", settings.home().toString());
    return JSON.writeValueAsString(status);
  }

  private static Map<String, Object> process(LocalStack.ProcessStatus status) {
    Map<String, Object> process = new LinkedHashMap<>();
    process.put("name", status.part().processName());
    process.put("pid", status.pid().orElse(null));
    process.put("log", status.log().toString());
    process.put("healthy", status.healthy());
    return process;
  }

  static String table(List<LocalStack.ProcessStatus> processes) {
    StringBuilder table =
        new StringBuilder("%-10s %8s  %-9s %s%n".formatted("process", "pid", "state", "log"));
    for (LocalStack.ProcessStatus p : processes) {
      String state = p.healthy() ? "healthy" : p.pid().isEmpty() ? "down" : "unhealthy";
      table.append(
          "%-10s %8s  %-9s %s%n"
              .formatted(
                  p.part().processName(),
                  p.pid().map(String::valueOf).orElse("-"),
                  state,
                  p.log()));
    }
    return table.toString();
  }

  /** Readable by its owner alone: it holds the secrets. */
  static void write(Path file, String json) {
    try {
      Path part = Files.createTempFile(file.getParent(), "status", ".json");
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(part, json);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
