package io.callsync.projector;

import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import io.callsync.projector.Jobs.Difference;
import io.callsync.projector.Jobs.Job;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Replays and rebuilds for operators: ordered, watched, cancelled. */
@RestController
@RequestMapping("/ops/jobs")
class JobController {

  private static final Logger log = LoggerFactory.getLogger(JobController.class);
  private static final int LISTED = 50;
  private static final int DIFFERENCES = 200;

  private final Jobs jobs;
  private final EventIndex index;
  private final JobWorker worker;
  private final Clock clock;

  JobController(JdbcClient jdbc, JobWorker worker, Clock clock) {
    this.jobs = new Jobs(jdbc);
    this.index = new EventIndex(jdbc);
    this.worker = worker;
    this.clock = clock;
  }

  /**
   * A job as it stands.
   *
   * @param applies whether what differs is put right, and not only shown
   * @param unit what is counted
   * @param secondsLeft null where nobody knows
   * @param differences how many rows differ or did
   * @param missingRevisions how many revisions no event of the log carries; only events mend that
   * @param trouble what keeps it from going on, or why it failed
   */
  record JobView(
      long id,
      @Nullable String kind,
      JobOrder order,
      boolean applies,
      String state,
      boolean cancelRequested,
      String phase,
      String unit,
      long done,
      long total,
      long perSecond,
      @Nullable Long secondsLeft,
      long differences,
      long missingRevisions,
      @Nullable String trouble,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      List<Difference> found) {

    static JobView of(Job job, List<Difference> found) {
      return new JobView(
          job.id(),
          job.order().kind(),
          job.order(),
          job.order().applies(),
          job.state().word(),
          job.cancelRequested(),
          job.phase(),
          "events",
          job.events().done(),
          job.events().total(),
          Math.round(job.events().perSecond()),
          job.events().secondsLeft(job.state()),
          job.differences(),
          job.missingRevisions(),
          job.trouble(),
          job.createdAt(),
          job.startedAt(),
          job.endedAt(),
          found);
    }
  }

  /** Takes an order; the job begins when those before it have ended. */
  @PostMapping
  JobView order(
      @RequestBody JobOrder order,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.because(order.reason());
    String kind = order.kind() == null ? "jobs" : order.kind();
    operator.is(kind, Orders.subject(order));
    if (!order.applies()) {
      operator.onlyShows();
    }
    JobOrder accepted = Orders.accepted(order, index, clock.instant());
    Job job = jobs.add(accepted, order.applies() ? operator.actionId() : null);
    operator.is(kind, Orders.subject(accepted) + ", job " + job.id());
    operator.goesOn();
    worker.wake();
    return JobView.of(job, List.of());
  }

  /** The newest jobs, newest first, without what they found. */
  @GetMapping
  Map<String, List<JobView>> jobs() {
    return Map.of(
        "jobs", jobs.newest(LISTED).stream().map(job -> JobView.of(job, List.of())).toList());
  }

  /** One job with the first rows that it found to differ. */
  @GetMapping("/{id}")
  JobView job(@PathVariable long id) {
    return jobs.find(id)
        .map(job -> JobView.of(job, jobs.differences(id, DIFFERENCES)))
        .orElseThrow(() -> unknown(id));
  }

  /** Asks the job to end; it does before its next transaction. */
  @DeleteMapping("/{id}")
  JobView cancel(
      @PathVariable long id,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("jobs cancel", "job " + id);
    Job job = jobs.find(id).orElseThrow(() -> unknown(id));
    if (!jobs.cancel(id)) {
      throw new OrderRefused(
          409,
          "job_ended",
          "Job %d is %s: there is nothing to cancel.".formatted(id, job.state().word()));
    }
    worker.wake();
    return job(id);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(OrderRefused e) {
    return ResponseEntity.status(e.status())
        .body(ProblemResponse.detail(e.status(), e.code(), e.sentence()));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
    log.debug("an order could not be read", e);
    return ResponseEntity.badRequest()
        .body(
            ProblemResponse.detail(
                400,
                "order_unreadable",
                "The order is no JSON that a job is made of; times are as in 2026-01-31T12:00:00Z."));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> databaseAway(DataAccessException e) {
    log.warn("a request about jobs could not be answered: {}", e.getMessage());
    return ResponseEntity.status(503)
        .body(
            ProblemResponse.detail(
                503, "database_away", "The read model's database does not answer; try again."));
  }

  private static OrderRefused unknown(long id) {
    return new OrderRefused(
        404, "job_unknown", "There is no job %d: ./appointments jobs lists them.".formatted(id));
  }
}
