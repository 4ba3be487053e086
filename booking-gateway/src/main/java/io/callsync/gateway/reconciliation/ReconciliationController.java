package io.callsync.gateway.reconciliation;

import io.callsync.gateway.reconciliation.ReconciliationStore.Standing;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The operator's way to have Cal.com asked now, and to see how far it is. */
@RestController
class ReconciliationController {

  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

  private final ReconciliationStore store;
  private final Clock clock;

  ReconciliationController(ReconciliationStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Makes all accounts due at once.
   *
   * @param since ISO-8601 with an offset; without it from the watermark on
   */
  @PostMapping("/ops/reconciliation")
  ResponseEntity<?> ask(
      @RequestParam(required = false) @Nullable String since,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("reconcile", since == null ? "from the watermark on" : "since " + since);
    Instant from = null;
    if (since != null) {
      try {
        from = OffsetDateTime.parse(since).toInstant();
      } catch (DateTimeException e) {
        return ResponseEntity.badRequest()
            .body(
                ProblemResponse.detail(
                    400, "time_unreadable", "since must be a time such as 2026-03-10T09:30:00Z."));
      }
    }
    Instant now = clock.instant();
    if (from != null && (from.isAfter(now) || from.isBefore(EARLIEST))) {
      return ResponseEntity.badRequest()
          .body(
              ProblemResponse.detail(
                  400,
                  "time_out_of_range",
                  "since must lie in the past, and after the year 2000."));
    }
    store.ask(now, from);
    operator.cameTo("asked; it runs by itself");
    return ResponseEntity.ok(standing());
  }

  /** Per account the watermarks and the last run. */
  @GetMapping("/ops/reconciliation")
  Map<String, List<Standing>> standing() {
    return Map.of("accounts", store.all());
  }
}
