package io.callsync.gateway.calcom;

import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.calcom.CalcomOutcome.Answered;
import io.callsync.gateway.calcom.CalcomOutcome.InDoubt;
import io.callsync.gateway.calcom.CalcomOutcome.Refusal;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cal.com API v2. The version header is sent with every request: without it Cal.com silently
 * answers in an older shape. Nothing here is called inside a transaction.
 */
@Component
public class CalcomClient {

  /** The one account of this gateway. */
  public static final String ACCOUNT = "default";

  private static final String BOOKINGS_VERSION = "2024-08-13";

  /** The client could not learn what it asked for; the question may be put again. */
  public static final class CalcomUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    CalcomUnavailable(String message) {
      super(message);
    }
  }

  /** What we ask Cal.com to book. */
  public record Order(
      long eventTypeId,
      Instant start,
      String name,
      @Nullable String email,
      @Nullable String phone,
      String timezone,
      String language,
      @Nullable String notes,
      Map<String, String> metadata) {}

  private final URI base;
  private final String apiKey;
  private final JsonMapper json;
  private final HttpClient http;

  CalcomClient(CalcomProperties properties, JsonMapper json) {
    this.base = properties.apiBase();
    this.apiKey = properties.apiKey();
    this.json = json;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
  }

  /** Books; never repeats by itself, since Cal.com knows no idempotency key. */
  public CalcomOutcome book(Order order, Duration budget) {
    HttpRequest request =
        request("/v2/bookings", budget)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body(order))))
            .build();
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return read(response.statusCode(), response.body());
    } catch (ConnectException | HttpConnectTimeoutException neverSent) {
      // The connection was not made, yet a retry policy must not depend on that guess.
      return new InDoubt("no connection");
    } catch (IOException e) {
      return new InDoubt(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new InDoubt("interrupted");
    }
  }

  /** The booking with that uid, empty where Cal.com knows none. */
  public Optional<JsonNode> find(String uid) throws CalcomUnavailable {
    return get("/v2/bookings/" + URLEncoder.encode(uid, StandardCharsets.UTF_8))
        .map(answer -> answer.path("data"));
  }

  /** All bookings of an event type within a window, whatever their status. */
  public List<JsonNode> search(long eventTypeId, Instant from, Instant to)
      throws CalcomUnavailable {
    List<JsonNode> found = new ArrayList<>();
    get("/v2/bookings?eventTypeId=%d&afterStart=%s&beforeEnd=%s&take=250"
            .formatted(eventTypeId, encode(from), encode(to)))
        .ifPresent(answer -> answer.path("data").forEach(found::add));
    return found;
  }

  private Optional<JsonNode> get(String path) throws CalcomUnavailable {
    try {
      HttpResponse<String> response =
          http.send(
              request(path, Duration.ofSeconds(10)).GET().build(),
              HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() == 404) {
        return Optional.empty();
      }
      if (response.statusCode() != 200) {
        throw new CalcomUnavailable("Cal.com answered " + response.statusCode());
      }
      return Optional.of(json.readTree(response.body()));
    } catch (IOException | JacksonException e) {
      throw new CalcomUnavailable("Cal.com could not be asked: " + e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CalcomUnavailable("interrupted");
    }
  }

  private CalcomOutcome read(int status, String body) {
    JsonNode answer;
    try {
      answer = json.readTree(body);
    } catch (JacksonException notJson) {
      return new InDoubt("unreadable answer with status " + status);
    }
    if (status == 200 || status == 201) {
      return CalcomMessages.booking(ACCOUNT, answer.path("data"))
          .<CalcomOutcome>map(fact -> new Answered(fact, answer.path("data")))
          .orElse(new InDoubt("answer without a booking"));
    }
    String nested = text(answer.path("error"), "message");
    String message = nested == null ? text(answer, "message") : nested;
    return refusal(status, message == null ? "" : message.toLowerCase(Locale.ROOT))
        .<CalcomOutcome>map(refusal -> new Refused(refusal, status))
        .orElse(new InDoubt("status " + status));
  }

  /** Cal.com says "taken" with 400 as it says "invalid": the message decides. */
  private static Optional<Refusal> refusal(int status, String message) {
    return switch (status) {
      case 400 -> {
        if (message.contains("already has booking") || message.contains("not available")) {
          yield Optional.of(Refusal.SLOT_TAKEN);
        }
        yield Optional.of(
            message.contains("can't be booked") || message.contains("in the past")
                ? Refusal.OUT_OF_WINDOW
                : Refusal.INVALID);
      }
      case 401, 403 -> Optional.of(Refusal.NOT_AUTHORISED);
      case 404, 422 -> Optional.of(Refusal.EVENT_TYPE_INVALID);
      case 409 -> Optional.of(Refusal.SLOT_TAKEN);
      case 429 -> Optional.of(Refusal.RATE_LIMITED);
      default -> Optional.empty();
    };
  }

  private Map<String, Object> body(Order order) {
    Map<String, Object> attendee = new LinkedHashMap<>();
    attendee.put("name", order.name());
    if (order.email() != null) {
      attendee.put("email", order.email());
    }
    if (order.phone() != null) {
      attendee.put("phoneNumber", order.phone());
    }
    attendee.put("timeZone", order.timezone());
    attendee.put("language", order.language());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("start", order.start().toString());
    body.put("eventTypeId", order.eventTypeId());
    body.put("attendee", attendee);
    if (order.notes() != null) {
      body.put("bookingFieldsResponses", Map.of("notes", order.notes()));
    }
    body.put("metadata", order.metadata());
    return body;
  }

  private HttpRequest.Builder request(String path, Duration timeout) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(timeout)
        .header("Authorization", "Bearer " + apiKey)
        .header("cal-api-version", BOOKINGS_VERSION)
        .header("Accept", "application/json");
  }

  private static String encode(Instant instant) {
    return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
  }
}
