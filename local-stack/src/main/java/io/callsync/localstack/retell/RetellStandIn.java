package io.callsync.localstack.retell;

import io.callsync.localstack.http.LoopbackServer;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Stands in for Retell: makes signed phone calls to the gateway.
 *
 * <pre>
 * POST /calls      {"rate":20,"rampSeconds":10,"calls":[{"fromNumber":..,"toNumber":..,"function":"book_appointment","args":{..}}]} answers with a run
 * GET  /runs/ID    progress; with ?results=true what became of each call
 * POST /send       {"path":"/retell/webhook","body":"..."} sends exactly this text, signed
 * </pre>
 */
public final class RetellStandIn implements AutoCloseable {

  private final SignedSender sender;
  private final Map<String, Run> runs = new ConcurrentHashMap<>();
  private final AtomicInteger lastRun = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LoopbackServer server;

  /**
   * @param port the port, or 0 for a free one
   */
  public RetellStandIn(int port, URI gateway, String apiKey) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), gateway, apiKey);
  }

  private RetellStandIn(InetSocketAddress address, URI gateway, String apiKey) throws IOException {
    sender = new SignedSender(gateway, apiKey);
    server = new LoopbackServer(address, this::handle);
  }

  public int port() {
    return server.port();
  }

  private Reply handle(Request request) {
    List<String> path = request.path();
    String first = path.isEmpty() ? "" : path.getFirst();
    try {
      return switch (first) {
        case "calls" -> calls(request.json());
        case "runs" -> run(path.size() > 1 ? path.get(1) : "", request);
        case "send" -> send(request.json());
        case "health" -> Reply.ok(Map.of("status", "UP"));
        default -> Reply.json(404, Map.of("message", "there is no /" + first));
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.Cut();
    }
  }

  private Reply calls(JsonNode body) {
    List<CallPlan> plans = new ArrayList<>();
    body.path("calls").forEach(n -> plans.add(CallPlan.of(n)));
    String id = String.valueOf(lastRun.incrementAndGet());
    Run run =
        new Run(
            id,
            plans,
            body.path("rate").asDouble(10),
            body.path("rampSeconds").asDouble(0),
            sender);
    runs.put(id, run);
    run.start(threads);
    return Reply.json(202, run.view(false));
  }

  private Reply run(String id, Request request) {
    Run run = runs.get(id);
    if (run == null) {
      return Reply.json(404, Map.of("message", "there is no run " + id));
    }
    return Reply.ok(run.view(request.query().containsKey("results")));
  }

  private Reply send(JsonNode body) throws InterruptedException {
    JsonNode text = body.path("body");
    byte[] bytes =
        (text.isString() ? text.asString() : text.toString()).getBytes(StandardCharsets.UTF_8);
    SignedSender.Answer answer =
        sender.send(
            body.path("path").asString("/retell/webhook"), bytes, SignedSender.FUNCTION_TIMEOUT);
    return Reply.ok(Map.of("status", answer.status(), "body", answer.body()));
  }

  @Override
  public void close() {
    server.close();
    threads.shutdownNow();
  }

  /**
   * Takes its settings from the environment: SERVER_PORT, SERVER_ADDRESS, STANDIN_GATEWAY,
   * STANDIN_API_KEY.
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> env = System.getenv();
    RetellStandIn standIn =
        new RetellStandIn(
            LoopbackServer.addressIn(env),
            URI.create(env.getOrDefault("STANDIN_GATEWAY", "http://127.0.0.1")),
            env.getOrDefault("STANDIN_API_KEY", ""));
    System.out.println("stand-in for Retell on port " + standIn.port());
  }
}
