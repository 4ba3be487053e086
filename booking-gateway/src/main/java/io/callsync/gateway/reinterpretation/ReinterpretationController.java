package io.callsync.gateway.reinterpretation;

import io.callsync.gateway.delivery.DeliveryLedger;
import io.callsync.gateway.job.Job;
import io.callsync.gateway.job.JobOrder;
import io.callsync.gateway.job.JobView;
import io.callsync.gateway.job.Jobs;
import io.callsync.gateway.reinterpretation.Reinterpretation.Window;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The operator's way to have kept deliveries read once more; the answer is the job that does it.
 */
@RestController
class ReinterpretationController {

  private static final Logger log = LoggerFactory.getLogger(ReinterpretationController.class);

  private final Jobs jobs;
  private final DeliveryLedger ledger;
  private final Clock clock;

  ReinterpretationController(Jobs jobs, DeliveryLedger ledger, Clock clock) {
    this.jobs = jobs;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * What is wanted.
   *
   * @param from of what was received then or later
   * @param to and before that time, by default now
   * @param dryRun whether what differs is only shown
   * @param reason why
   */
  record Order(
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Boolean dryRun,
      @Nullable String reason) {}

  @PostMapping("/ops/reinterpretation")
  ResponseEntity<?> order(
      @RequestBody Order order,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.because(order.reason());
    operator.is(Reinterpretation.NAME, "");
    if (order.from() == null) {
      return wrong();
    }
    // What comes yet is read with today's mapping as it comes.
    Instant now = clock.instant();
    Instant to = order.to() == null || order.to().isAfter(now) ? now : order.to();
    var window = new Window(order.from(), to);
    Job job =
        jobs.add(
            new JobOrder(
                Reinterpretation.NAME,
                window,
                !Boolean.TRUE.equals(order.dryRun()),
                "deliveries",
                0,
                ledger.countBetween(window.from(), window.to())),
            operator);
    operator.is(
        Reinterpretation.NAME, "from %s to %s, job %s".formatted(order.from(), to, job.name()));
    return ResponseEntity.ok(JobView.of(job));
  }

  @ExceptionHandler
  ResponseEntity<?> unreadable(HttpMessageNotReadableException e) {
    log.debug("an order could not be read", e);
    return wrong();
  }

  private static ResponseEntity<?> wrong() {
    return ResponseEntity.badRequest()
        .body(
            ProblemResponse.detail(
                400,
                "time_unreadable",
                "from is a time such as 2026-03-10T09:30:00Z, and to another one or none."));
  }
}
