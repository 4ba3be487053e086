package io.callsync.validator.monitor;

import io.callsync.ops.ProblemResponse;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.validator.ValidatorProperties;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls, bookings, violations and what operators do about them as it happens, a JSON object a line.
 */
@RestController
class MonitorController {

  /** Each holds a thread and a consumer. */
  private static final int MOST = 4;

  private static final Duration PULSE = Duration.ofSeconds(1);

  private final ValidatorProperties properties;
  private final EventDeserializer deserializer;
  private final Pulse pulse;
  private final JsonMapper json;
  private final Semaphore seats = new Semaphore(MOST);
  private volatile boolean stopping;

  MonitorController(ValidatorProperties properties, Pulse pulse, JsonMapper json) {
    this.properties = properties;
    this.deserializer = new EventDeserializer(new SchemaRegistry(properties.registryUrl()));
    this.pulse = pulse;
    this.json = json;
  }

  /**
   * Goes on until the reader goes away or the service stops. Between what happens a line a second
   * says how things stand, which also tells that all is alive.
   *
   * @param company only what concerns it, where it is given
   */
  @GetMapping("/ops/monitor")
  @Nullable ResponseEntity<ProblemDetail> monitor(
      @RequestParam(required = false) @Nullable Long company, HttpServletResponse response) {
    if (!seats.tryAcquire()) {
      return problem(
          "monitors_too_many", "%d monitors look on already: end one of them.".formatted(MOST));
    }
    try (var onlooker = new Onlooker(properties, deserializer)) {
      response.setContentType("application/x-ndjson");
      tell(onlooker, company, response.getOutputStream());
      return null;
    } catch (IOException readerWentAway) {
      return null;
    } catch (KafkaException away) {
      return response.isCommitted()
          ? null
          : problem("kafka_away", "Kafka does not answer: look at ./appointments status.");
    } finally {
      seats.release();
    }
  }

  private void tell(Onlooker onlooker, @Nullable Long company, OutputStream out)
      throws IOException {
    long last = System.nanoTime() - PULSE.toNanos();
    while (!stopping) {
      if (System.nanoTime() - last >= PULSE.toNanos()) {
        line(out, pulse.now());
        last = System.nanoTime();
      }
      for (Happening happening : onlooker.next(PULSE.dividedBy(4))) {
        if (company == null || Objects.equals(company, happening.companyId())) {
          line(out, happening);
        }
      }
      out.flush();
    }
  }

  private void line(OutputStream out, Object value) throws IOException {
    out.write((json.writeValueAsString(value) + '\n').getBytes(StandardCharsets.UTF_8));
  }

  /** A reader who looks on for ever must not hold up the stop. */
  @EventListener(ContextClosedEvent.class)
  void stop() {
    stopping = true;
  }

  private static ResponseEntity<ProblemDetail> problem(String code, String sentence) {
    return ResponseEntity.status(503).body(ProblemResponse.detail(503, code, sentence));
  }
}
