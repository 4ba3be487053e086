package io.callsync.localstack.calcom;

import io.callsync.localstack.http.LoopbackServer;
import io.callsync.localstack.http.Reply;
import io.callsync.localstack.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * Stands in for Cal.com: API v2 under /v2, webhooks to the gateway, and everything that can go
 * wrong, switched under /admin.
 */
public final class CalcomStandIn implements AutoCloseable {

  private final Bookings bookings;
  private final Webhooks webhooks;
  private final Meetings meetings;
  private final ApiV2 api;
  private final Admin admin;
  private final LoopbackServer server;
  private volatile Settings settings;

  /**
   * @param port the port, or 0 for a free one
   * @param data the folder that holds its state
   * @param webhookUrl where webhooks go, or empty for nowhere
   */
  public CalcomStandIn(int port, Path data, String apiKey, String webhookUrl, String webhookSecret)
      throws IOException {
    this(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        data,
        apiKey,
        webhookUrl,
        webhookSecret);
  }

  private CalcomStandIn(
      InetSocketAddress address, Path data, String apiKey, String webhookUrl, String webhookSecret)
      throws IOException {
    Files.createDirectories(data);
    Clock clock = Clock.systemUTC();
    settings = Settings.of(webhookUrl, webhookSecret);
    bookings = new Bookings(data.resolve("bookings.jsonl"), clock, () -> settings);
    Timings timings = new Timings();
    webhooks = new Webhooks(() -> settings, timings);
    Announcer announcer = new Announcer(bookings, webhooks);
    meetings = new Meetings(bookings, announcer, clock);
    Faults faults = new Faults();
    RequestLog requests = new RequestLog();
    RateLimit rateLimit = new RateLimit(clock, () -> settings);
    api = new ApiV2(apiKey, bookings, announcer, timings, faults, rateLimit, requests, clock);
    admin =
        new Admin(
            bookings,
            announcer,
            webhooks,
            timings,
            faults,
            requests,
            () -> settings,
            changed -> settings = changed);
    server = new LoopbackServer(address, this::handle);
  }

  public int port() {
    return server.port();
  }

  private Reply handle(Request request) {
    String first = request.path().isEmpty() ? "" : request.path().getFirst();
    return switch (first) {
      case "v2" -> api.handle(request);
      case "admin" -> admin.handle(request);
      case "health" -> Reply.ok(Map.of("status", "UP"));
      default -> Reply.json(404, Map.of("statusCode", 404, "message", "Not Found"));
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
    meetings.close();
    webhooks.close();
    bookings.close();
  }

  /** Takes its settings from the environment: SERVER_PORT, SERVER_ADDRESS, STANDIN_DATA, others. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> env = System.getenv();
    CalcomStandIn standIn =
        new CalcomStandIn(
            LoopbackServer.addressIn(env),
            Path.of(env.getOrDefault("STANDIN_DATA", ".")),
            env.getOrDefault("STANDIN_API_KEY", ""),
            env.getOrDefault("STANDIN_GATEWAY", "") + "/calcom/webhook",
            env.getOrDefault("STANDIN_WEBHOOK_SECRET", ""));
    System.out.println("stand-in for Cal.com on port " + standIn.port());
  }
}
