package io.callsync.localstack.demo;

import io.callsync.localstack.LocalStack;
import io.callsync.localstack.StackException;
import io.callsync.localstack.StackSettings;
import io.callsync.localstack.http.JsonClient;
import io.callsync.localstack.retell.RetellStandIn;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Restarts containers of docker-compose.yml, one after the other, each while people call, and then
 * reckons: what a caller was told is booked and what stands at Cal.com has its linked rows, once.
 * Cal.com answers slowly meanwhile, so that bookings are in flight at every moment.
 */
public final class RestartsUnderLoad {

  private static final int PER_SECOND = 4;
  private static final int SECONDS_EACH = 20;
  private static final int CALCOM_MS = 1500;
  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** 128 and the number of the signal, which comes where ten seconds were not enough. */
  private static final String KILLED = "137";

  /** A call as Retell saw it. */
  private record Made(String callId, int status, String answer) {
    boolean toldBooked() {
      return answer.contains("\"booked\"");
    }
  }

  private record Reckoning(int linked, int standing, int withRow, int doubled, int open, int due) {}

  private final LocalStack stack;
  private final JsonClient operator;
  private final JsonClient calcom;
  private final PrintStream out;
  private final RandomGenerator random = new SplittableRandom();
  private boolean allInPeace = true;

  private RestartsUnderLoad(LocalStack stack, PrintStream out) {
    this.stack = stack;
    this.operator = new JsonClient(stack.settings().secrets().operatorToken());
    this.calcom = new JsonClient(stack.settings().secrets().calcomApiKey());
    this.out = out;
  }

  /**
   * @param containers their names, in the order of their restarts
   */
  public static void main(String[] containers) throws IOException, SQLException {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    Map<String, String> environment = System.getenv();
    Path checkout = StackSettings.findCheckout(Path.of(""));
    StackSettings settings =
        StackSettings.load(checkout, StackSettings.home(checkout, environment), null, environment);
    boolean good =
        new RestartsUnderLoad(new LocalStack(settings, line -> {}), System.out)
            .run(List.of(containers));
    System.exit(good ? 0 : 1);
  }

  private boolean run(List<String> containers) throws IOException, SQLException {
    int each = PER_SECOND * SECONDS_EACH;
    List<FreeStarts.Start> starts =
        FreeStarts.find(each * containers.size(), stack.addresses().calcom(), calcom);
    int openBefore = summary().path("openViolations").asInt();
    List<Made> all = new ArrayList<>();
    out.printf(
        "%d calls a second for %d s around each restart; Cal.com takes %d ms for a booking%n",
        PER_SECOND, SECONDS_EACH, CALCOM_MS);
    out.printf(
        "%-28s %6s %5s %6s %6s %7s %6s %7s%n",
        "container", "stop s", "exit", "well s", "calls", "booked", "else", "no 2xx");
    try (RetellStandIn retell =
        new RetellStandIn(
            0, stack.addresses().gateway(), stack.settings().secrets().retellApiKey())) {
      for (int i = 0; i < containers.size(); i++) {
        // Again each time: a stand-in that was restarted knows of no fault.
        calcomAdmin("DELETE", Map.of());
        calcomAdmin("POST", Map.of("operation", "create", "times", -1, "delayMs", CALCOM_MS));
        List<Made> made =
            restart(
                containers.get(i),
                URI.create("http://127.0.0.1:" + retell.port()),
                starts.subList(i * each, (i + 1) * each));
        all.addAll(made);
      }
    }
    calcomAdmin("DELETE", Map.of());
    return report(all, openBefore);
  }

  private void calcomAdmin(String method, Map<String, Object> fault) {
    calcom.send(
        method,
        stack.addresses().calcom().resolve("/admin/faults"),
        "application/json",
        JsonMapper.shared().writeValueAsBytes(fault));
  }

  private List<Made> restart(String container, URI retell, List<FreeStarts.Start> starts)
      throws IOException {
    URI run = retell.resolve("/runs/" + call(retell, starts));
    Demo.pause(BEFORE);
    long began = System.nanoTime();
    docker("stop", "-t", "10", container);
    double stopped = secondsSince(began);
    String exit = docker("inspect", "--format", "{{.State.ExitCode}}", container);
    allInPeace &= !exit.equals(KILLED);
    docker("start", container);
    long deadline = began + PATIENCE.toNanos();
    while (!docker("inspect", "--format", "{{.State.Health.Status}}", container)
        .equals("healthy")) {
      requireBefore(deadline, container + " is not healthy again");
      Demo.pause(Duration.ofMillis(500));
    }
    double well = secondsSince(began);
    while (operator.get(run).path("done").asInt() < starts.size()) {
      requireBefore(deadline, "the calls do not end");
      Demo.pause(Duration.ofMillis(500));
    }
    List<Made> made =
        operator
            .get(URI.create(run + "?results=true"))
            .path("results")
            .valueStream()
            .map(
                r ->
                    new Made(
                        r.path("callId").asString(),
                        r.path("functionStatus").asInt(),
                        r.path("answer").asString("")))
            .toList();
    long booked = made.stream().filter(Made::toldBooked).count();
    long failed = made.stream().filter(m -> m.status() / 100 != 2).count();
    out.printf(
        "%-28s %6.1f %5s %6.1f %6d %7d %6d %7d%n",
        container, stopped, exit, well, made.size(), booked, made.size() - booked - failed, failed);
    return made;
  }

  private String call(URI retell, List<FreeStarts.Start> starts) {
    List<Map<String, Object>> plans =
        starts.stream().map(start -> Callers.wishing(start, random)).toList();
    return operator
        .post(retell.resolve("/calls"), Map.of("rate", PER_SECOND, "calls", plans))
        .path("run")
        .asString();
  }

  private boolean report(List<Made> made, int openBefore) throws SQLException {
    Set<String> toldBooked = new HashSet<>();
    made.stream().filter(Made::toldBooked).map(Made::callId).forEach(toldBooked::add);
    Set<String> calls = new HashSet<>(made.stream().map(Made::callId).toList());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Reckoning reckoning = reckon(toldBooked, calls);
    while (!isGood(reckoning, toldBooked, openBefore) && System.nanoTime() < deadline) {
      Demo.pause(Duration.ofSeconds(2));
      reckoning = reckon(toldBooked, calls);
    }
    out.printf("%-44s %d%n", "calls", made.size());
    out.printf("%-44s %d%n", "told \"booked\"", toldBooked.size());
    out.printf("%-44s %d%n", "of these linked (call, customer, company)", reckoning.linked());
    out.printf("%-44s %d%n", "bookings that stand at Cal.com", reckoning.standing());
    out.printf("%-44s %d%n", "of these with their row", reckoning.withRow());
    out.printf("%-44s %d%n", "calls with two bookings", reckoning.doubled());
    out.printf(
        "%-44s %d%n",
        "bookings lost",
        toldBooked.size() - reckoning.linked() + reckoning.standing() - reckoning.withRow());
    out.printf("%-44s %d (%d before)%n", "violations open", reckoning.open(), openBefore);
    out.printf("%-44s %s%n", "all stopped by themselves within 10 s", allInPeace ? "yes" : "no");
    return allInPeace && isGood(reckoning, toldBooked, openBefore);
  }

  private static boolean isGood(Reckoning r, Set<String> toldBooked, int openBefore) {
    return r.linked() == toldBooked.size()
        && r.standing() == r.withRow()
        && r.doubled() == 0
        && r.open() <= openBefore
        && r.due() == 0;
  }

  private Reckoning reckon(Set<String> toldBooked, Set<String> calls) throws SQLException {
    Map<String, Integer> perCall = new HashMap<>();
    List<String> uids = new ArrayList<>();
    for (JsonNode booking :
        calcom.get(stack.addresses().calcom().resolve("/admin/bookings")).path("bookings")) {
      String callId = booking.at("/metadata/call_id").asString("");
      if (calls.contains(callId) && booking.path("status").asString("").equals("accepted")) {
        perCall.merge(callId, 1, Integer::sum);
        uids.add(booking.path("uid").asString());
      }
    }
    JsonNode summary = summary();
    try (Connection rows = stack.connect("appointments")) {
      return new Reckoning(
          count(
              rows,
              """
              select count(distinct c.id) from appointments a
              join calls c on c.id = a.call_id and c.booking_confirmed
              join customers u on u.id = c.customer_id and u.id = a.customer_id
              where a.company_id = c.company_id and a.status = 'confirmed' and c.retell_call_id = any (?)
              """,
              toldBooked),
          uids.size(),
          count(
              rows,
              """
              select count(distinct external_id) from appointments
              where status = 'confirmed' and call_id is not null and external_id = any (?)
              """,
              uids),
          (int) perCall.values().stream().filter(n -> n > 1).count(),
          summary.path("openViolations").asInt(),
          summary.path("pendingChecks").asInt());
    }
  }

  private static int count(Connection rows, String query, Iterable<String> keys)
      throws SQLException {
    List<String> all = new ArrayList<>();
    keys.forEach(all::add);
    try (PreparedStatement select = rows.prepareStatement(query)) {
      select.setArray(1, rows.createArrayOf("text", all.toArray()));
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private JsonNode summary() {
    return operator.get(stack.addresses().validator().resolve("/ops/summary"));
  }

  private static String docker(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new StackException("%s failed: %s".formatted(String.join(" ", command), said));
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted", e);
    }
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static void requireBefore(long deadline, String otherwise) {
    if (System.nanoTime() > deadline) {
      throw new StackException(otherwise + " after " + PATIENCE.toMinutes() + " minutes");
    }
  }
}
