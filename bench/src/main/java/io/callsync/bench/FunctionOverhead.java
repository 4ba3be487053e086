package io.callsync.bench;

import io.callsync.bench.OpenLoop.Timed;
import io.callsync.localstack.Addresses;
import io.callsync.localstack.Latencies;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackSettings;
import io.callsync.localstack.http.JsonClient;
import io.callsync.localstack.http.LoopbackServer;
import io.callsync.localstack.retell.RetellSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the gateway adds to Cal.com's own time in book_appointment, its two commits included: for
 * each call the caller's clock less the time that the stand-in's log says it held the request.
 * Beside it, in the same run, the least that any such gateway needs: a bare round trip to it and
 * two bare commits of the same size.
 */
public final class FunctionOverhead {

  private static final int PER_SECOND = 50;
  private static final int WARM_UP_SECONDS = 30;
  private static final int SECONDS = 60;
  private static final int LIMIT_SECONDS = 20;
  private static final int CALCOM_MS = 200;

  private final LocalStack stack;
  private final Addresses addresses;
  private final JsonClient client;
  private final OpenLoop loop = new OpenLoop(PER_SECOND);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private FunctionOverhead(LocalStack stack) {
    this.stack = stack;
    this.addresses = stack.addresses();
    this.client = new JsonClient(stack.settings().secrets().operatorToken());
  }

  public static void main(String[] arguments)
      throws InterruptedException, ExecutionException, SQLException {
    Path checkout = StackSettings.findCheckout(Path.of(""));
    Path home = StackSettings.home(checkout, System.getenv());
    LocalStack stack =
        new LocalStack(StackSettings.load(checkout, home, null, System.getenv()), line -> {});
    if (!stack.isHealthy(Part.GATEWAY)) {
      System.err.println("the gateway is not healthy: run ./appointments up first");
      System.exit(1);
    }
    new FunctionOverhead(stack).run();
  }

  private void run() throws InterruptedException, ExecutionException, SQLException {
    BusyCompany company = BusyCompany.opened(stack, client);
    URI admin = addresses.calcom().resolve("/admin/");
    try {
      client.put(admin.resolve("delivery"), Map.of("when", "after", "minMs", 1000, "maxMs", 5000));
      client.post(
          admin.resolve("faults"),
          Map.of("operation", "create", "times", -1, "delayMs", CALCOM_MS));
      int warmUp = WARM_UP_SECONDS * PER_SECOND;
      book(company, 0, warmUp);
      long sizeBefore = BareCommits.size(stack);
      long since = LoopbackServer.nowMicros();
      List<Timed<String>> calls = book(company, warmUp, SECONDS * PER_SECOND);
      long bytes = (BareCommits.size(stack) - sizeBefore) / calls.size() / 2;
      Latencies own = own(calls, since);
      Latencies least = least((int) bytes);
      System.out.printf(
          "%d calls of book_appointment a second for %d s, Cal.com answers after %d ms%n",
          PER_SECOND, SECONDS, CALCOM_MS);
      print("the gateway's own time, ms", own);
      print("one round trip and two commits of %d bytes, ms".formatted(bytes), least);
      System.out.printf(
          "%-48s p50 %5.1f  p90 %5.1f  p99 %5.1f%n",
          "ratio",
          own.quantile(0.5) / least.quantile(0.5),
          own.quantile(0.9) / least.quantile(0.9),
          own.quantile(0.99) / least.quantile(0.99));
    } finally {
      client.send("DELETE", admin.resolve("faults"), "application/json", new byte[0]);
      client.put(admin.resolve("delivery"), Map.of("when", "with"));
    }
  }

  private static void print(String what, Latencies of) {
    System.out.printf(
        "%-48s p50 %5.1f  p90 %5.1f  p99 %5.1f  max %5.1f  n %d%n",
        what, of.quantile(0.5), of.quantile(0.9), of.quantile(0.99), of.quantile(1), of.count());
  }

  private List<Timed<String>> book(BusyCompany company, int first, int calls)
      throws InterruptedException, ExecutionException {
    return loop.run(
        calls,
        n -> {
          byte[] body = company.functionCall(first + n);
          HttpRequest request =
              HttpRequest.newBuilder(addresses.gateway().resolve("/retell/functions"))
                  .header("Content-Type", "application/json")
                  .header(
                      RetellSignature.HEADER,
                      RetellSignature.of(
                          body,
                          stack.settings().secrets().retellApiKey(),
                          System.currentTimeMillis()))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build();
          return () -> answer(request);
        });
  }

  private String answer(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** The caller's time less Cal.com's, call by call; what was not booked is left out and told. */
  private Latencies own(List<Timed<String>> calls, long since) {
    Map<String, Long> held = new HashMap<>();
    URI log = addresses.calcom().resolve("/admin/log?since=" + since);
    for (JsonNode entry : client.get(log).path("entries")) {
      held.put(
          entry.path("uid").asString(),
          entry.path("answeredMicros").asLong() - entry.path("receivedMicros").asLong());
    }
    Latencies own = new Latencies();
    for (Timed<String> call : calls) {
      JsonNode answer = JsonMapper.shared().readTree(call.result());
      Long calcom = held.get(answer.path("calcom_uid").asString(""));
      if (calcom == null || !answer.path("status").asString("").equals("booked")) {
        System.out.println("not booked: " + call.result());
      } else {
        own.addMicros(call.micros() - calcom);
      }
    }
    return own;
  }

  private Latencies least(int bytes) throws InterruptedException, ExecutionException, SQLException {
    HttpRequest knock =
        HttpRequest.newBuilder(addresses.gateway().resolve("/actuator/health/liveness")).build();
    Latencies least = new Latencies();
    try (BareCommits commits = new BareCommits(stack, bytes)) {
      Callable<String> bare =
          () -> {
            commits.commit();
            commits.commit();
            return answer(knock);
          };
      loop.run(5 * PER_SECOND, n -> bare);
      loop.run(LIMIT_SECONDS * PER_SECOND, n -> bare).forEach(t -> least.addMicros(t.micros()));
    }
    return least;
  }
}
