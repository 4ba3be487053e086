package io.callsync.localstack.demo;

import io.callsync.localstack.Addresses;
import io.callsync.localstack.Latencies;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackException;
import io.callsync.localstack.http.JsonClient;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Many phone calls from end to end through the running stack, and then the proof of what became of
 * them: counts, a chain in full, latencies, and one chain broken and mended.
 */
public final class Demo {

  /** A call of this demo that was told "booked". */
  private record Made(String callId, String appointmentId, String calcomUid) {}

  private record Counts(int appointments, int linked) {}

  /** Telephones do not all ring in the second after a start. */
  private static final int RAMP_SECONDS = 20;

  private static final Duration SETTLING = Duration.ofSeconds(90);

  private static final Map<String, Object> MIXED_DELIVERY =
      Map.of(
          "modes",
          List.of(
              Map.of("when", "before"),
              Map.of("when", "with"),
              Map.of("when", "after", "minMs", 1000, "maxMs", 5000)));

  private final LocalStack stack;
  private final Addresses addresses;
  private final JsonClient client;
  private final JsonClient calcom;
  private final PrintStream out;
  private final RandomGenerator random = new SplittableRandom();

  public Demo(LocalStack stack, PrintStream out) {
    this.stack = stack;
    this.addresses = stack.addresses();
    this.client = new JsonClient(stack.settings().secrets().operatorToken());
    this.calcom = new JsonClient(stack.settings().secrets().calcomApiKey());
    this.out = out;
  }

  /**
   * @return whether everything is as it should be
   */
  public boolean run(int calls, int rate) throws SQLException {
    requireRunning();
    List<FreeStarts.Start> starts = FreeStarts.find(calls, addresses.calcom(), calcom);
    int openBefore = summary().path("openViolations").asInt();
    URI delivery = addresses.calcom().resolve("/admin/delivery");
    JsonNode deliveryBefore = calcom.get(delivery);
    calcom.put(delivery, MIXED_DELIVERY);
    try (Connection readModel = stack.connect("appointments");
        ChainChanges changes = new ChainChanges(addresses)) {
      out.printf("%d calls, rising to %d a second in %d s%n", calls, rate, RAMP_SECONDS);
      JsonNode run = makeCalls(starts, rate);
      List<Made> made = booked(run);
      boolean good = settle(made, readModel);
      good &= report(calls, made, readModel, openBefore);
      good &= showLastChain(made);
      good &= reportLatencies(made, changes, readModel);
      if (!made.isEmpty()) {
        out.println("one chain broken by hand, and mended:");
        good &=
            new BrokenChain(readModel, addresses.validator(), client, out::println)
                .breakAndMend(made.getFirst().callId());
      }
      out.println(good ? "all is as it should be" : "not all is as it should be");
      return good;
    } finally {
      calcom.put(delivery, deliveryBefore);
    }
  }

  private void requireRunning() {
    if (!stack.parts().containsAll(EnumSet.of(Part.CALCOM, Part.RETELL))) {
      throw new StackException(
          "the demo calls and books with the stand-ins: unset CALCOM_API_KEY and RETELL_API_KEY");
    }
    stack.status().stream()
        .filter(p -> !p.healthy())
        .findFirst()
        .ifPresent(
            p -> {
              throw new StackException(
                  "%s is not healthy: run ./appointments up first"
                      .formatted(p.part().processName()));
            });
  }

  private JsonNode makeCalls(List<FreeStarts.Start> starts, int rate) {
    List<Map<String, Object>> plans =
        starts.stream().map(start -> Callers.wishing(start, random)).toList();
    String id =
        client
            .post(
                addresses.retell().resolve("/calls"),
                Map.of("rate", rate, "rampSeconds", RAMP_SECONDS, "calls", plans))
            .path("run")
            .asString();
    URI run = addresses.retell().resolve("/runs/" + id);
    Progress progress = new Progress(out);
    while (true) {
      JsonNode now = client.get(run);
      int done = now.path("done").asInt();
      progress.show(
          "calls %d/%d, booked %d".formatted(done, starts.size(), now.path("booked").asInt()));
      if (done == starts.size()) {
        progress.end();
        return client.get(URI.create(run + "?results=true"));
      }
      pause(Duration.ofMillis(500));
    }
  }

  private List<Made> booked(JsonNode run) {
    List<Made> made = new ArrayList<>();
    Map<String, List<String>> refused = new TreeMap<>();
    for (JsonNode result : run.path("results")) {
      String text = result.path("answer").asString("");
      JsonNode answer =
          text.startsWith("{")
              ? JsonMapper.shared().readTree(text)
              : JsonMapper.shared().createObjectNode();
      String callId = result.path("callId").asString();
      if (answer.path("status").asString("").equals("booked")) {
        made.add(
            new Made(
                callId,
                answer.path("appointment_id").asString(""),
                answer.path("calcom_uid").asString("")));
      } else {
        String why =
            "%d %s"
                .formatted(
                    result.path("functionStatus").asInt(),
                    text.isEmpty() ? result.path("failure").asString("no answer") : text);
        refused.computeIfAbsent(why, w -> new ArrayList<>()).add(callId);
      }
    }
    refused.forEach(
        (why, calls) ->
            out.printf(
                "%d not booked, the first is %s: %s%n", calls.size(), calls.getFirst(), why));
    return made;
  }

  /** Waits until every webhook is out, every row is there and everything was looked at. */
  private boolean settle(List<Made> made, Connection readModel) throws SQLException {
    Progress progress = new Progress(out);
    long deadline = System.nanoTime() + SETTLING.toNanos();
    while (true) {
      Counts counts = counts(made, readModel);
      int pending = summary().path("pendingChecks").asInt();
      int unsent = unsentWebhooks(made);
      progress.show(
          "linked %d/%d, webhooks to come %d, checks to come %d"
              .formatted(counts.linked(), made.size(), unsent, pending));
      boolean settled = counts.linked() == made.size() && unsent == 0 && pending == 0;
      if (settled || System.nanoTime() > deadline) {
        progress.end();
        return settled;
      }
      pause(Duration.ofSeconds(1));
    }
  }

  private int unsentWebhooks(List<Made> made) {
    Map<String, JsonNode> log = calcomLog();
    return (int)
        made.stream()
            .map(m -> log.get(m.calcomUid()))
            .filter(e -> e == null || e.path("webhooks").isEmpty())
            .count();
  }

  private Map<String, JsonNode> calcomLog() {
    Map<String, JsonNode> byUid = new HashMap<>();
    for (JsonNode entry : calcom.get(addresses.calcom().resolve("/admin/log")).path("entries")) {
      byUid.put(entry.path("uid").asString(), entry);
    }
    return byUid;
  }

  private Counts counts(List<Made> made, Connection readModel) throws SQLException {
    try (PreparedStatement select =
        readModel.prepareStatement(
            """
            select count(*), count(*) filter (where a.call_id = c.id and c.booking_confirmed
              and u.id is not null and a.customer_id = c.customer_id and a.company_id = c.company_id
              and u.company_id = c.company_id and a.status = 'confirmed')
            from appointments a
            join calls c on c.id = a.call_id
            left join customers u on u.id = c.customer_id
            where c.retell_call_id = any (?)
            """)) {
      Array ids =
          readModel.createArrayOf("text", made.stream().map(Made::callId).toArray(String[]::new));
      select.setArray(1, ids);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return new Counts(row.getInt(1), row.getInt(2));
      }
    }
  }

  private boolean report(int calls, List<Made> made, Connection readModel, int openBefore)
      throws SQLException {
    Counts counts = counts(made, readModel);
    int validated = validated(made, readModel);
    int open = summary().path("openViolations").asInt();
    out.printf("%-34s %d%n", "calls", calls);
    out.printf("%-34s %d%n", "told \"booked\"", made.size());
    out.printf("%-34s %d%n", "appointments made", counts.appointments());
    out.printf("%-34s %d%n", "linked (call, customer, company)", counts.linked());
    out.printf("%-34s %d%n", "validated", validated);
    out.printf(
        "%-34s %d%s%n",
        "violations open", open, openBefore == 0 ? "" : " (" + openBefore + " before the demo)");
    return made.size() == calls
        && counts.appointments() == calls
        && counts.linked() == calls
        && validated == calls
        && open <= openBefore;
  }

  /** How many of the demo's chains the validator itself calls linked. */
  private int validated(List<Made> made, Connection readModel) throws SQLException {
    if (made.isEmpty()) {
      return 0;
    }
    List<String> ids = made.stream().map(Made::callId).toList();
    long first;
    try (PreparedStatement select =
        readModel.prepareStatement(
            "select min(id) - 1 from calls where retell_call_id = any (?)")) {
      select.setArray(1, readModel.createArrayOf("text", ids.toArray()));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        first = row.getLong(1);
      }
    }
    var own = new java.util.HashSet<>(ids);
    int validated = 0;
    for (JsonNode chain :
        client.get(addresses.validator().resolve("/ops/chains?after=" + first)).path("chains")) {
      if (own.contains(chain.path("retellCallId").asString(""))
          && chain.path("status").asString("").equals("linked")) {
        validated++;
      }
    }
    return validated;
  }

  private boolean showLastChain(List<Made> made) {
    if (made.isEmpty()) {
      return false;
    }
    String callId = made.getLast().callId();
    out.println();
    out.println("the last chain (./appointments validate-chain " + callId + "):");
    out.flush();
    try {
      ProcessBuilder command =
          new ProcessBuilder(
              stack.settings().checkout().resolve("appointments").toString(),
              "validate-chain",
              callId);
      command.environment().put("CALLSYNC_HOME", stack.settings().home().toString());
      int status = command.inheritIO().start().waitFor();
      out.println();
      return status == 0;
    } catch (IOException e) {
      out.println("it cannot be shown: " + e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean reportLatencies(List<Made> made, ChainChanges changes, Connection readModel)
      throws SQLException {
    Map<String, String> customers = customersByCall(made, readModel);
    Map<String, JsonNode> log = calcomLog();
    Map<String, Latencies> byMode = new LinkedHashMap<>();
    for (String mode : List.of("AFTER", "WITH", "BEFORE")) {
      byMode.put(mode, new Latencies());
    }
    // The last rows may still be on their way to us.
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    int unseen = 0;
    for (Made m : made) {
      OptionalLong linked = linkedAt(m, changes, customers);
      while (linked.isEmpty() && System.nanoTime() < deadline) {
        pause(Duration.ofMillis(50));
        linked = linkedAt(m, changes, customers);
      }
      JsonNode entry = log.get(m.calcomUid());
      Latencies latencies = entry == null ? null : byMode.get(entry.path("when").asString(""));
      if (linked.isEmpty() || entry == null || latencies == null) {
        unseen++;
      } else {
        latencies.addMicros(linked.getAsLong() - entry.path("answeredMicros").asLong());
      }
    }
    out.println("milliseconds from Cal.com's answer to the commit of the linked rows:");
    out.println("  answer first, webhook 1 to 5 s later  " + line(byMode, "AFTER"));
    out.println("  webhook together with the answer      " + line(byMode, "WITH"));
    out.println("  webhook before the answer             " + line(byMode, "BEFORE"));
    if (unseen > 0) {
      out.println("  rows that were not seen on chain-changes: " + unseen);
    }
    return unseen == 0;
  }

  private static String line(Map<String, Latencies> byMode, String mode) {
    return byMode.getOrDefault(mode, new Latencies()).line();
  }

  private static OptionalLong linkedAt(
      Made made, ChainChanges changes, Map<String, String> customers) {
    return changes.linkedAtMicros(
        made.appointmentId(), made.callId(), customers.getOrDefault(made.callId(), ""));
  }

  private static Map<String, String> customersByCall(List<Made> made, Connection readModel)
      throws SQLException {
    Map<String, String> customers = new HashMap<>();
    try (PreparedStatement select =
        readModel.prepareStatement(
            "select retell_call_id, customer_id from calls where retell_call_id = any (?)")) {
      select.setArray(
          1, readModel.createArrayOf("text", made.stream().map(Made::callId).toArray()));
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          customers.put(rows.getString(1), String.valueOf(rows.getLong(2)));
        }
      }
    }
    return customers;
  }

  private JsonNode summary() {
    return client.get(addresses.validator().resolve("/ops/summary"));
  }

  static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted", e);
    }
  }
}
