package io.callsync.validator.repair;

import io.callsync.ops.OperatorProperties;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.ChainKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code appointments backfill} does, by the same operators' API: the log is folded again, and
 * what it lacks is asked of the gateway, which asks Cal.com.
 */
final class OperatorsRemedies implements Remedies {

  private static final Duration TO_CONNECT = Duration.ofSeconds(3);
  private static final Duration TO_ANSWER = Duration.ofSeconds(60);
  private static final Duration UNTIL_FOLDED = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Set<String> GOING_ON = Set.of("waiting", "running");
  private static final int NOT_FOUND = 404;

  private final @Nullable URI gateway;
  private final @Nullable URI projector;
  private final String token;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TO_CONNECT).build();

  OperatorsRemedies(ValidatorProperties properties, OperatorProperties operator) {
    this.gateway = properties.gatewayUrl();
    this.projector = properties.projectorUrl();
    this.token = operator.operatorToken();
  }

  @Override
  public void apply(Attempt attempt) throws NotApplied, InterruptedException {
    switch (attempt.chain()) {
      case ChainKey.OfCall(long id) -> {
        boolean inTheLog = replay(Map.of("call", String.valueOf(id)), attempt.reason());
        backfill(id, !inTheLog);
      }
      case ChainKey.OfBooking(UUID id) -> {
        if (!replay(Map.of("booking", id.toString()), attempt.reason())) {
          throw new NotApplied("the log has no event of the booking");
        }
      }
    }
  }

  /** False where the log has no event of it. */
  private boolean replay(Map<String, String> of, String reason)
      throws NotApplied, InterruptedException {
    var order = JsonMapper.shared().createObjectNode();
    order.put("kind", "replay").put("dryRun", false);
    order.put("author", "(self-repair)").put("reason", reason);
    of.forEach(order::put);
    HttpResponse<String> ordered =
        send("projector", post(projector, "/ops/jobs", order.toString()));
    if (ordered.statusCode() == NOT_FOUND) {
      return false;
    }
    String path = "/ops/jobs/" + answer("projector", ordered).path("id").asLong();
    long end = System.nanoTime() + UNTIL_FOLDED.toNanos();
    while (System.nanoTime() < end) {
      String state =
          answer("projector", send("projector", to(projector, path).GET()))
              .path("state")
              .asString("");
      if (state.equals("done")) {
        return true;
      }
      if (!GOING_ON.contains(state)) {
        throw new NotApplied("the replay is " + state);
      }
      Thread.sleep(LOOK_EVERY);
    }
    throw new NotApplied("the replay takes longer than " + UNTIL_FOLDED.toSeconds() + " s");
  }

  private void backfill(long call, boolean tellAgain) throws NotApplied, InterruptedException {
    JsonNode told =
        answer(
            "gateway",
            send(
                "gateway", post(gateway, "/ops/backfill/" + call + "?tellAgain=" + tellAgain, "")));
    Objects.requireNonNull(told);
  }

  private HttpRequest.Builder to(@Nullable URI base, String path) {
    String address = Objects.requireNonNull(base).toString().replaceAll("/+$", "");
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(TO_ANSWER)
        .header("Authorization", "Bearer " + token)
        .header("Accept", "application/json, application/problem+json");
  }

  private HttpRequest.Builder post(@Nullable URI base, String path, String body) {
    return to(base, path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(String service, HttpRequest.Builder request)
      throws NotApplied, InterruptedException {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException away) {
      throw new NotApplied("the " + service + " does not answer");
    }
  }

  private static JsonNode answer(String service, HttpResponse<String> response) throws NotApplied {
    try {
      JsonNode body = JsonMapper.shared().readTree(response.body());
      if (response.statusCode() == 200) {
        return body;
      }
      throw new NotApplied(
          "the %s answered %d %s"
              .formatted(service, response.statusCode(), body.path("code").asString(""))
              .strip());
    } catch (JacksonException unreadable) {
      throw new NotApplied("the %s answered %d".formatted(service, response.statusCode()));
    }
  }
}
