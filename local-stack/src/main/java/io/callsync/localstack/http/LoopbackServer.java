package io.callsync.localstack.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * An HTTP server, on the loopback interface unless said otherwise, a virtual thread for each
 * request.
 */
public final class LoopbackServer implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param port the port, or 0 for a free one
   */
  public LoopbackServer(int port, Function<Request, Reply> handler) throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), handler);
  }

  public LoopbackServer(InetSocketAddress address, Function<Request, Reply> handler)
      throws IOException {
    server = HttpServer.create(address, 1024);
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, handler));
    server.start();
  }

  /**
   * Where a process of its own listens: SERVER_ADDRESS, or loopback, and SERVER_PORT, or a free
   * one.
   */
  public static InetSocketAddress addressIn(Map<String, String> environment) {
    int port = Integer.parseInt(environment.getOrDefault("SERVER_PORT", "0"));
    String host = environment.get("SERVER_ADDRESS");
    return host == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(host, port);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private static void serve(HttpExchange exchange, Function<Request, Reply> handler)
      throws IOException {
    try (exchange) {
      long received = nowMicros();
      Map<String, String> headers = new HashMap<>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              headers,
              exchange.getRequestBody().readAllBytes(),
              received);
      switch (reply(handler, request)) {
        case Reply.Cut cut -> {}
        case Reply.Json json -> {
          send(exchange, json);
          json.afterwards().accept(nowMicros());
        }
      }
    }
  }

  private static Reply reply(Function<Request, Reply> handler, Request request) {
    try {
      return handler.apply(request);
    } catch (RuntimeException e) {
      e.printStackTrace();
      return Reply.json(500, Map.of("statusCode", 500, "message", "Internal server error"));
    }
  }

  private static void send(HttpExchange exchange, Reply.Json json) throws IOException {
    byte[] body = JSON.writeValueAsBytes(json.body());
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    json.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(json.status(), body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** Microseconds since the epoch. */
  public static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
