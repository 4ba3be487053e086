package io.callsync.gateway.retell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.gateway.calcom.CalcomClient.Order;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.calcom.CalcomOutcome;
import io.callsync.gateway.calcom.CalcomWebhooks;
import io.callsync.gateway.calcom.VerifiedWebhook;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.directory.Directory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Before the gateway says that it is ready, it takes some calls of a company that does not exist,
 * in one transaction that is rolled back: a caller on the phone should not wait for code that runs
 * for the first time. Numbers that people read are minted from sequences of that transaction's own.
 */
@Component
class Rehearsal implements ApplicationRunner {

  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

  private static final int CALLS = 80;
  private static final int KNOCKS = 300;
  private static final Duration AT_MOST = Duration.ofSeconds(6);
  private static final String LINE = "+4930000000";
  private static final long COMPANY = -1;
  private static final long EVENT_TYPE = -1;

  private static final List<String> OWN_SEQUENCES =
      List.of("call_id", "appointment_id", "customer_id");

  private final RetellWebhooks webhooks;
  private final BookAppointment bookAppointment;
  private final CalcomWebhooks calcomWebhooks;
  private final Connection connection;
  private final Directory directory;
  private final TransactionTemplate transactions;
  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Clock clock;
  private final Environment environment;

  Rehearsal(
      RetellWebhooks webhooks,
      BookAppointment bookAppointment,
      CalcomWebhooks calcomWebhooks,
      Connections connections,
      Directory directory,
      TransactionTemplate transactions,
      JdbcTemplate jdbc,
      JsonMapper json,
      Clock clock,
      Environment environment) {
    this.webhooks = webhooks;
    this.bookAppointment = bookAppointment;
    this.calcomWebhooks = calcomWebhooks;
    this.connection = connections.named(Connection.DEFAULT);
    this.directory = directory;
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
    this.environment = environment;
  }

  /** A rehearsal that fails is no reason not to open. */
  @Override
  public void run(ApplicationArguments arguments) {
    Instant began = clock.instant();
    knock(began.plus(AT_MOST));
    try {
      transactions.executeWithoutResult(
          status -> {
            status.setRollbackOnly();
            setTheStage();
            for (int n = 0; n < CALLS && clock.instant().isBefore(began.plus(AT_MOST)); n++) {
              play();
            }
          });
    } catch (RuntimeException e) {
      log.info("the rehearsal ended early: {}", e.getClass().getSimpleName());
      log.debug("the rehearsal ended early", e);
    } finally {
      directory.refresh();
    }
    log.info("rehearsed for {} ms", Duration.between(began, clock.instant()).toMillis());
  }

  /** The way through the web server, which the calls below do not take. */
  private void knock(Instant end) {
    String port = environment.getProperty("local.server.port");
    if (port == null) {
      return;
    }
    URI door = URI.create("http://127.0.0.1:" + port + "/actuator/health/liveness");
    try (var http = HttpClient.newHttpClient()) {
      for (int n = 0; n < KNOCKS && clock.instant().isBefore(end); n++) {
        http.send(HttpRequest.newBuilder(door).build(), HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException e) {
      log.debug("nobody opened", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void setTheStage() {
    OWN_SEQUENCES.forEach(
        sequence -> jdbc.execute("create temporary sequence " + sequence + " increment by -1"));
    entry(
        "company",
        COMPANY,
        "{\"id\": -1, \"name\": \"-\", \"timezone\": \"Europe/Berlin\", \"language\": \"de\"}");
    entry(
        "phone_number",
        LINE,
        "{\"id\": \"%1$s\", \"companyId\": -1, \"number\": \"%1$s\"}".formatted(LINE));
    entry(
        "service",
        EVENT_TYPE,
        """
        {"id": -1, "companyId": -1, "name": "-", "synonyms": [], "durationMinutes": 30,
         "eventTypeId": -1, "calcomAccount": "%s", "active": true}
        """
            .formatted(Connection.DEFAULT));
  }

  private void entry(String type, Object id, String content) {
    jdbc.update(
        """
        insert into directory_entry (entity_type, entity_id, company_id, revision, deleted, entry)
        values (?, ?, ?, 1, false, ?::jsonb)
        """,
        type,
        id.toString(),
        COMPANY,
        content);
  }

  private void play() {
    directory.refresh();
    String callId = "rehearsal-" + UUID.randomUUID();
    webhooks.accept(signed(event("call_started", callId)));
    VerifiedRequest wish = signed(wish(callId));
    bookAppointment.answer(wish, FunctionCall.of(wish.json(), null), this::booked);
    webhooks.accept(signed(event("call_ended", callId)));
    webhooks.accept(signed(event("call_analyzed", callId)));
  }

  private VerifiedRequest signed(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    Instant now = clock.instant();
    return VerifiedRequest.verify(
            bytes,
            VerifiedRequest.sign(bytes, connection.retell().apiKeys().getFirst(), now),
            connection,
            now)
        .orElseThrow();
  }

  private static String call(String callId) {
    return """
        {"call_id": "%s", "call_type": "phone_call", "direction": "inbound", "to_number": "%s",
         "from_number": "+4930111%05d", "start_timestamp": 1700000000000, "end_timestamp": 1700000060000,
         "transcript_with_tool_calls": [{"role": "agent", "content": "-"},
           {"role": "tool_call_invocation", "tool_call_id": "1", "name": "book_appointment"}],
         "call_analysis": {"call_summary": "-", "custom_analysis_data": {"appointment_booked": true}}}"""
        .formatted(callId, LINE, Math.floorMod(callId.hashCode(), 100_000));
  }

  private static String event(String name, String callId) {
    return "{\"event\": \"%s\", \"call\": %s}".formatted(name, call(callId));
  }

  private String wish(String callId) {
    return """
        {"name": "book_appointment", "call": %s,
         "args": {"start": "%s", "service": "-", "name": "Probe"}}"""
        .formatted(call(callId), clock.instant().plus(1, ChronoUnit.DAYS));
  }

  /** Cal.com's webhook arrives inside the answer to our request, as it may. */
  private CalcomOutcome booked(String account, Order order, Duration budget) {
    String uid = UUID.randomUUID().toString();
    String end = order.start().plus(30, ChronoUnit.MINUTES).toString();
    String metadata = json.writeValueAsString(order.metadata());
    byte[] webhook =
        """
        {"triggerEvent": "BOOKING_CREATED", "createdAt": "%s",
         "payload": {"uid": "%s", "bookingId": -1, "eventTypeId": -1, "startTime": "%s", "endTime": "%s",
                     "attendees": [{"name": "Probe"}], "organizer": {"id": -1}, "metadata": %s}}"""
            .formatted(clock.instant(), uid, order.start(), end, metadata)
            .getBytes(UTF_8);
    calcomWebhooks.accept(
        VerifiedWebhook.verify(
                webhook,
                VerifiedWebhook.sign(webhook, connection.calcom().webhookSecrets().getFirst()),
                connection)
            .orElseThrow());
    JsonNode answer =
        json.readTree(
            """
            {"uid": "%s", "id": -1, "status": "accepted", "start": "%s", "end": "%s", "eventTypeId": -1,
             "attendees": [{"name": "Probe"}], "hosts": [{"id": -1}], "metadata": %s}"""
                .formatted(uid, order.start(), end, metadata));
    return new CalcomOutcome.Answered(
        CalcomMessages.booking(account, answer).orElseThrow(), answer);
  }
}
