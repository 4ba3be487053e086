package io.callsync.systemtests;

import io.callsync.localstack.LocalStack;
import io.callsync.localstack.calcom.CalcomSignature;
import io.callsync.localstack.retell.RetellSignature;
import io.callsync.systemtests.Http.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A gateway's doors, as the two sides of one connection and an operator use them. */
final class Gateway {

  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private final LocalStack stack;
  private final URI base;
  private final String connection;
  private final String retellKey;
  private final String calcomSecret;

  /** The default connection's. */
  Gateway(LocalStack stack, URI base) {
    this(
        stack,
        base,
        "",
        stack.settings().secrets().retellApiKey(),
        stack.settings().secrets().calcomWebhookSecret());
  }

  /**
   * @param connection its name; empty for the default one
   */
  Gateway(LocalStack stack, URI base, String connection, String retellKey, String calcomSecret) {
    this.stack = stack;
    this.base = base;
    this.connection = connection;
    this.retellKey = retellKey;
    this.calcomSecret = calcomSecret;
  }

  Gateway withKeys(String otherRetellKey, String otherCalcomSecret) {
    return new Gateway(stack, base, connection, otherRetellKey, otherCalcomSecret);
  }

  private URI at(String path) {
    return base.resolve(path);
  }

  /** As Retell sends it: signed now, with the workspace's key. */
  Answer retell(String path, Object body) {
    byte[] bytes = Http.bytes(body);
    return retell(path, bytes, retellSignature(bytes, System.currentTimeMillis()));
  }

  /** With that signature, or with none where it is null. */
  Answer retell(String path, byte[] body, String signature) {
    return post(
        connection.isEmpty() ? path : path.replace("/retell/", "/retell/" + connection + "/"),
        body,
        signature == null ? Map.of() : Map.of("X-Retell-Signature", signature));
  }

  String retellSignature(byte[] body, long epochMillis) {
    return RetellSignature.of(body, retellKey, epochMillis);
  }

  /** As Cal.com sends it. */
  Answer calcom(Object body) {
    byte[] bytes = Http.bytes(body);
    return calcom(bytes, CalcomSignature.of(bytes, calcomSecret));
  }

  /** With that signature, or with none where it is null. */
  Answer calcom(byte[] body, String signature) {
    return post(
        connection.isEmpty() ? "/calcom/webhook" : "/calcom/" + connection + "/webhook",
        body,
        signature == null ? Map.of() : Map.of("X-Cal-Signature-256", signature));
  }

  private Answer post(String path, byte[] body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(JSON);
    headers.putAll(more);
    return Http.send("POST", at(path), headers, body);
  }

  Answer post(String path, byte[] body, String contentType, String retellSignature) {
    return Http.send(
        "POST",
        at(path),
        Map.of("Content-Type", contentType, "X-Retell-Signature", retellSignature),
        body);
  }

  JsonNode importDirectory(String yaml) {
    Answer answer = operator("POST", "/ops/directory", yaml.getBytes(StandardCharsets.UTF_8));
    if (!answer.isSuccess()) {
      throw new IllegalStateException("the directory was refused: " + answer.text());
    }
    return answer.json();
  }

  /** As an operator, whatever the answer. */
  Answer operator(String method, String path, byte[] body) {
    return Http.send(
        method,
        at(path),
        Map.of(
            "Authorization",
            "Bearer " + stack.settings().secrets().operatorToken(),
            "Content-Type",
            "application/octet-stream"),
        body);
  }

  /** As appointments reconcile does. */
  void reconciles() {
    operator("POST", "/ops/reconciliation");
  }

  void reconcilesSince(Instant since) {
    operator("POST", "/ops/reconciliation?since=" + since);
  }

  /** How the default account stands. */
  JsonNode reconciliation() {
    return operator("GET", "/ops/reconciliation")
        .path("accounts")
        .valueStream()
        .filter(a -> a.path("calcomAccount").asString().equals("default"))
        .findFirst()
        .orElseThrow();
  }

  /** One of its jobs, by its name. */
  JsonNode job(String name) {
    return operator("GET", "/ops/jobs/" + name);
  }

  private JsonNode operator(String method, String path) {
    return Http.require(
        method,
        at(path),
        Map.of("Authorization", "Bearer " + stack.settings().secrets().operatorToken()),
        new byte[0]);
  }

  /** What became of all deliveries so far. */
  JsonNode ledger() {
    return operator("GET", "/ops/deliveries/summary");
  }

  JsonNode get(String path) {
    return Http.send("GET", at(path), Map.of(), new byte[0]).json();
  }

  JsonNode health() {
    return Http.send("GET", at("/actuator/health"), Map.of(), new byte[0]).json();
  }

  /** A counter's value; 0 where it has never counted. */
  double count(String meter) {
    Answer answer = Http.send("GET", at("/actuator/metrics/" + meter), Map.of(), new byte[0]);
    return answer.status() == 404
        ? 0
        : answer.json().path("measurements").path(0).path("value").asDouble();
  }
}
