package io.callsync.localstack.demo;

import io.callsync.localstack.StackException;
import io.callsync.localstack.http.JsonClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Damages one call's row by hand, as a mistaken SQL statement would, and mends it again. */
final class BrokenChain {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Connection readModel;
  private final URI validator;
  private final JsonClient client;
  private final Consumer<String> out;

  BrokenChain(Connection readModel, URI validator, JsonClient client, Consumer<String> out) {
    this.readModel = readModel;
    this.validator = validator;
    this.client = client;
    this.out = out;
  }

  /**
   * @return whether the validator saw both
   */
  boolean breakAndMend(String retellCallId) throws SQLException {
    long callId;
    long customerId;
    try (PreparedStatement select =
        readModel.prepareStatement("select id, customer_id from calls where retell_call_id = ?")) {
      select.setString(1, retellCallId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new StackException("the row of the call to break is missing");
        }
        callId = row.getLong(1);
        customerId = row.getLong(2);
      }
    }
    Set<String> opened = new LinkedHashSet<>();
    Instant broken = Instant.now();
    execute("update calls set customer_id = null where id = " + callId);
    say(broken, "update calls set customer_id = null where id = " + callId);
    boolean seen;
    try {
      seen = await(() -> opened.addAll(openOf(callId)));
      if (seen) {
        say(Instant.now(), "OPEN " + String.join(", ", opened) + after(broken));
      }
    } finally {
      execute("update calls set customer_id = %d where id = %d".formatted(customerId, callId));
    }
    Instant mended = Instant.now();
    say(mended, "the customer is back");
    if (!seen) {
      out.accept("  the validator saw nothing within " + PATIENCE.toSeconds() + " s");
      return false;
    }
    boolean resolved =
        await(() -> openOf(callId).isEmpty() && opened.stream().allMatch(this::isResolved));
    if (resolved) {
      say(Instant.now(), "RESOLVED " + String.join(", ", opened) + after(mended));
    } else {
      out.accept("  still open " + PATIENCE.toSeconds() + " s later");
    }
    return resolved;
  }

  private static String after(Instant since) {
    return " after %.1f s".formatted(ChronoUnit.MILLIS.between(since, Instant.now()) / 1000.0);
  }

  private void say(Instant at, String what) {
    out.accept(
        "  %s  %s"
            .formatted(
                LocalTime.ofInstant(at, ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS),
                what));
  }

  private Set<String> openOf(long callId) {
    Set<String> ids = new LinkedHashSet<>();
    for (JsonNode v : violations("state=OPEN")) {
      if (v.path("callId").asLong(-1) == callId) {
        ids.add(v.path("violationId").asString());
      }
    }
    return ids;
  }

  private boolean isResolved(String violationId) {
    String before = violationId.substring(0, violationId.length() - 1);
    for (JsonNode v :
        violations("limit=100&after=" + URLEncoder.encode(before, StandardCharsets.UTF_8))) {
      if (v.path("violationId").asString().equals(violationId)) {
        return v.path("state").asString().equals("RESOLVED");
      }
    }
    // Not listed any more: resolved, and forgotten since.
    return true;
  }

  private JsonNode violations(String query) {
    return client.get(validator.resolve("/ops/violations?" + query)).path("violations");
  }

  private void execute(String sql) throws SQLException {
    try (PreparedStatement statement = readModel.prepareStatement(sql)) {
      statement.executeUpdate();
    }
  }

  private static boolean await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Demo.pause(Duration.ofMillis(100));
    }
    return true;
  }
}
