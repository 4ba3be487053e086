package io.callsync.localstack;

import java.net.URI;

/** Where the parts of a stack answer. */
public record Addresses(StackSettings settings) {

  private URI http(Part part) {
    return URI.create("http://127.0.0.1:" + settings.ports().of(part));
  }

  public URI gateway() {
    return http(Part.GATEWAY);
  }

  /** The second gateway, where somebody started it. */
  public URI secondGateway() {
    return http(Part.GATEWAY2);
  }

  public URI projector() {
    return http(Part.PROJECTOR);
  }

  public URI validator() {
    return http(Part.VALIDATOR);
  }

  /** Cal.com: the stand-in, or the real one where its key was given. */
  public URI calcom() {
    String real = settings.calcomApiBase();
    return real == null ? http(Part.CALCOM) : URI.create(real);
  }

  public URI retell() {
    return http(Part.RETELL);
  }

  /** The registry's Confluent-compatible base. */
  public URI registry() {
    return http(Part.REGISTRY).resolve("/apis/ccompat/v7");
  }

  /** Kafka's bootstrap address. */
  public String kafka() {
    return "127.0.0.1:" + settings.ports().of(Part.KAFKA);
  }

  public String jdbc(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s"
        .formatted(settings.ports().of(Part.POSTGRES), database);
  }

  public String jdbcUser() {
    return PostgresServer.USER;
  }

  public String readerUser() {
    return Databases.READER;
  }
}
