package io.callsync.gateway.calcom;

import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.calcom.CalcomOutcome.Answered;
import io.callsync.gateway.calcom.CalcomOutcome.InDoubt;
import io.callsync.gateway.calcom.CalcomOutcome.Refusal;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.connection.Connection;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cal.com API v2 with one account's key, at that key's pace. The version header is sent with every
 * request: without it Cal.com silently answers in an older shape. Nothing here is called inside a
 * transaction.
 */
public final class CalcomClient {

  private static final String BOOKINGS_VERSION = "2024-08-13";
  private static final String SLOTS_VERSION = "2024-09-04";

  /** How far the time of a booking that is known by its number alone may be wrong. */
  private static final Duration AROUND = Duration.ofDays(7);

  private static final String EVENT_TYPES_VERSION = "2024-06-14";

  /** The client could not learn what it asked for; the question may be put again. */
  public static final class CalcomUnavailable extends Exception {
    private static final long serialVersionUID = 1L;

    public CalcomUnavailable(String message) {
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

  private final String account;
  private final URI base;
  private final String apiKey;
  private final JsonMapper json;
  private final HttpClient http;
  private final Pace pace;
  private final CircuitBreaker circuit;

  CalcomClient(Connection connection, JsonMapper json) {
    this.account = connection.name();
    this.base = connection.calcom().apiBase();
    this.apiKey = connection.calcom().apiKey();
    this.json = json;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    this.pace = new Pace(connection.calcom().requestsPerMinute(), Duration.ofSeconds(3));
    this.circuit =
        CircuitBreaker.of(
            "calcom",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(20)
                .waitDurationInOpenState(Duration.ofSeconds(5))
                .permittedNumberOfCallsInHalfOpenState(3)
                .build());
  }

  /** Books; never repeats by itself, since Cal.com knows no idempotency key. */
  public CalcomOutcome book(Order order, Duration budget) {
    return effect("/v2/bookings", body(order), budget);
  }

  /** Moves a booking to another start, in one step; answers with the booking that replaces it. */
  public CalcomOutcome reschedule(String uid, Instant start, Duration budget) {
    return effect(
        "/v2/bookings/" + encode(uid) + "/reschedule", Map.of("start", start.toString()), budget);
  }

  public CalcomOutcome cancel(String uid, String reason, Duration budget) {
    return effect(
        "/v2/bookings/" + encode(uid) + "/cancel", Map.of("cancellationReason", reason), budget);
  }

  /** As cancel, when nobody waits for it; where Cal.com says no, that is no answer yet. */
  public CalcomOutcome cancelAgain(String uid, String reason) throws CalcomUnavailable {
    if (!pace.admitBackground(Duration.ofSeconds(10))) {
      throw new CalcomUnavailable("callers need all that the rate limit allows");
    }
    CalcomOutcome outcome = cancel(uid, reason, Duration.ofSeconds(10));
    return outcome instanceof Refused refused && refused.refusal() != Refusal.EVENT_TYPE_INVALID
        ? new InDoubt("refused with " + refused.status())
        : outcome;
  }

  /** The free starts of an event type, in order; for callers. */
  public List<Instant> slots(long eventTypeId, Instant from, Instant to, @Nullable String movedUid)
      throws CalcomUnavailable {
    String path =
        "/v2/slots?eventTypeId=%d&start=%s&end=%s".formatted(eventTypeId, encode(from), encode(to))
            + (movedUid == null ? "" : "&bookingUidToReschedule=" + encode(movedUid));
    List<Instant> free = new ArrayList<>();
    if (!pace.admitCaller()) {
      throw new CalcomUnavailable("too many requests");
    }
    get(path, SLOTS_VERSION, Duration.ofSeconds(4), true)
        .ifPresent(
            answer ->
                answer
                    .path("data")
                    .forEach(
                        day ->
                            day.forEach(
                                slot -> {
                                  Instant start = CalcomMessages.instant(slot, "start");
                                  if (start != null) {
                                    free.add(start);
                                  }
                                })));
    return free.stream().sorted().toList();
  }

  private CalcomOutcome effect(String path, Map<String, Object> body, Duration budget) {
    if (!pace.admitCaller()) {
      return new Refused(Refusal.RATE_LIMITED, 429);
    }
    HttpRequest request =
        request(path, BOOKINGS_VERSION, budget)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
            .build();
    try {
      HttpResponse<String> response = send(request);
      if (response.statusCode() == 429) {
        pace.tooMany(retryAfter(response));
      }
      return read(response.statusCode(), response.body());
    } catch (CalcomUnavailable open) {
      return new Refused(Refusal.UNAVAILABLE, 503);
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
    return inBackground("/v2/bookings/" + encode(uid)).map(answer -> answer.path("data"));
  }

  /** Whether Cal.com has an event type of that id, for this account. */
  public boolean hasEventType(long eventTypeId) throws CalcomUnavailable {
    return inBackground("/v2/event-types/" + eventTypeId, EVENT_TYPES_VERSION).isPresent();
  }

  /** The bookings of that time that carry our request id, whatever became of them. */
  public List<CalcomFact> ofRequest(UUID requestId, long eventTypeId, Instant from, Instant to)
      throws CalcomUnavailable {
    return search(eventTypeId, from, to.plusSeconds(1)).stream()
        .flatMap(booking -> CalcomMessages.booking(account, booking).stream())
        .filter(fact -> fact.carries(requestId))
        .toList();
  }

  /**
   * The booking of that number, which Cal.com has no address for: among those of the days about
   * that time. Empty where one of the two is not known.
   */
  public List<CalcomFact> ofNumber(@Nullable Long calcomBookingId, @Nullable Instant about)
      throws CalcomUnavailable {
    if (calcomBookingId == null || about == null) {
      return List.of();
    }
    return list(
            "afterStart=%s&beforeEnd=%s&take=250"
                .formatted(encode(about.minus(AROUND)), encode(about.plus(AROUND))))
        .stream()
        .flatMap(booking -> CalcomMessages.booking(account, booking).stream())
        .filter(fact -> calcomBookingId.equals(fact.link().calcomBookingId()))
        .toList();
  }

  private List<JsonNode> search(long eventTypeId, Instant from, Instant to)
      throws CalcomUnavailable {
    return list(
        "eventTypeId=%d&afterStart=%s&beforeEnd=%s&take=250"
            .formatted(eventTypeId, encode(from), encode(to)));
  }

  /** By which of Cal.com's times bookings are listed. */
  public enum Listing {
    UPDATED("afterUpdatedAt", "sortUpdatedAt", "updatedAt"),
    /** A booking that was never changed may have no time of change. */
    CREATED("afterCreatedAt", "sortCreated", "createdAt");

    private final String filter;
    private final String order;
    private final String field;

    Listing(String filter, String order, String field) {
      this.filter = filter;
      this.order = order;
      this.field = field;
    }

    public @Nullable Instant time(JsonNode booking) {
      return CalcomMessages.instant(booking, field);
    }
  }

  /** Bookings of that time or later, the oldest first. */
  public List<JsonNode> listed(Listing listing, Instant from, int take, int skip)
      throws CalcomUnavailable {
    return list(
        "%s=%s&%s=asc&take=%d&skip=%d"
            .formatted(listing.filter, encode(from), listing.order, take, skip));
  }

  /** Accepted and pending bookings to come. */
  public List<JsonNode> upcoming(int take, int skip) throws CalcomUnavailable {
    return list("status=upcoming,unconfirmed&sortStart=asc&take=%d&skip=%d".formatted(take, skip));
  }

  private List<JsonNode> list(String query) throws CalcomUnavailable {
    List<JsonNode> found = new ArrayList<>();
    inBackground("/v2/bookings?" + query)
        .orElseThrow(() -> new CalcomUnavailable("Cal.com lists no bookings at this address"))
        .path("data")
        .forEach(found::add);
    return found;
  }

  private Optional<JsonNode> inBackground(String path) throws CalcomUnavailable {
    return inBackground(path, BOOKINGS_VERSION);
  }

  private Optional<JsonNode> inBackground(String path, String version) throws CalcomUnavailable {
    if (!pace.admitBackground(Duration.ofSeconds(10))) {
      throw new CalcomUnavailable("callers need all that the rate limit allows");
    }
    return get(path, version, Duration.ofSeconds(10), false);
  }

  /**
   * @param forCaller whether a person waits: only then a failure counts for the circuit
   */
  private Optional<JsonNode> get(String path, String version, Duration timeout, boolean forCaller)
      throws CalcomUnavailable {
    try {
      HttpRequest request = request(path, version, timeout).GET().build();
      HttpResponse<String> response =
          forCaller
              ? send(request)
              : http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (response.statusCode() == 429) {
        pace.tooMany(retryAfter(response));
      }
      if (!forCaller && isNotFound(response)) {
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

  /**
   * Not documented at Cal.com; whatever stands before it may send it. In seconds, five minutes at
   * most.
   */
  private static @Nullable Duration retryAfter(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Math.min(300, Integer.parseInt(value))))
        .orElse(null);
  }

  /** Cal.com's own 404, and not that of a wrong address: bookings are given up for it. */
  private boolean isNotFound(HttpResponse<String> response) {
    return response.statusCode() == 404
        && "error".equals(text(json.readTree(response.body()), "status"));
  }

  /**
   * @throws CalcomUnavailable where the circuit is open and nothing was sent
   */
  private HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException, CalcomUnavailable {
    if (!circuit.tryAcquirePermission()) {
      throw new CalcomUnavailable("Cal.com has been failing, it is asked again in some seconds");
    }
    long began = System.nanoTime();
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      long took = System.nanoTime() - began;
      if (response.statusCode() >= 500) {
        circuit.onError(
            took, TimeUnit.NANOSECONDS, new IOException("status " + response.statusCode()));
      } else {
        circuit.onSuccess(took, TimeUnit.NANOSECONDS);
      }
      return response;
    } catch (IOException e) {
      circuit.onError(System.nanoTime() - began, TimeUnit.NANOSECONDS, e);
      throw e;
    } catch (InterruptedException e) {
      circuit.releasePermission();
      throw e;
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
      return CalcomMessages.booking(account, answer.path("data"))
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
        if (message.contains("already") || message.contains("cancelled")) {
          yield Optional.of(Refusal.ALREADY_DONE);
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

  private HttpRequest.Builder request(String path, String version, Duration timeout) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(timeout)
        .header("Authorization", "Bearer " + apiKey)
        .header("cal-api-version", version)
        .header("Accept", "application/json");
  }

  private static String encode(Object value) {
    return URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
  }
}
