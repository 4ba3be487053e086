package io.callsync.localstack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks each part whether it is ready to serve. */
final class Health {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final StackSettings settings;
  private final Addresses addresses;
  private final PostgresServer postgres;
  private final KafkaBroker kafka;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  Health(StackSettings settings, Addresses addresses, PostgresServer postgres) {
    this.settings = settings;
    this.addresses = addresses;
    this.postgres = postgres;
    this.kafka = new KafkaBroker(settings, new Jvm(settings));
  }

  /** Cheaper to ask than its health, which nothing has that does not listen. */
  boolean isListening(Part part) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().of(part)), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  boolean isHealthy(Part part) {
    return complaint(part).isEmpty();
  }

  /** What is wrong with the part, or an empty text. */
  String complaint(Part part) {
    return switch (part) {
      case KAFKA -> kafka.answers() ? "" : "it does not answer";
      case POSTGRES -> postgres.accepts() ? "" : "it accepts no connection";
      case REGISTRY -> complaint(URI.create(addresses.registry() + "/subjects"));
      case CALCOM -> complaint(addresses.calcom().resolve("/health"));
      case RETELL -> complaint(addresses.retell().resolve("/health"));
      case GATEWAY -> complaint(addresses.gateway().resolve("/actuator/health"));
      case GATEWAY2 -> complaint(addresses.secondGateway().resolve("/actuator/health"));
      case PROJECTOR -> complaint(addresses.projector().resolve("/actuator/health"));
      case VALIDATOR -> complaint(addresses.validator().resolve("/actuator/health"));
    };
  }

  private String complaint(URI uri) {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          ? ""
          : "%s answers %d %s".formatted(uri, response.statusCode(), shortened(response.body()));
    } catch (IOException e) {
      return uri + " does not answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted while asking " + uri;
    }
  }

  private static String shortened(String body) {
    String line = body.replaceAll("\\s+", " ");
    return line.substring(0, Math.min(300, line.length()));
  }
}
