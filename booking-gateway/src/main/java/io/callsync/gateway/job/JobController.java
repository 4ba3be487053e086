package io.callsync.gateway.job;

import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The gateway's jobs for operators: watched and ended; each kind has its own way to order one. */
@RestController
@RequestMapping("/ops/jobs")
class JobController {

  private static final int LISTED = 50;

  private final Jobs jobs;

  JobController(Jobs jobs) {
    this.jobs = jobs;
  }

  /** The newest jobs, newest first, without what they found. */
  @GetMapping
  Map<String, List<JobView>> newest() {
    return Map.of("jobs", jobs.newest(LISTED).stream().map(JobView::of).toList());
  }

  /** One job with the first that it found to differ. */
  @GetMapping("/{name}")
  ResponseEntity<?> one(@PathVariable String name) {
    Optional<Job> job = find(name);
    return job.isEmpty()
        ? unknown(name)
        : ResponseEntity.ok(JobView.of(job.get(), jobs.differences(job.get().id())));
  }

  /** Asks the job to end; it does before its next page. */
  @DeleteMapping("/{name}")
  ResponseEntity<?> cancel(
      @PathVariable String name,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("jobs cancel", "job " + name);
    Optional<Job> job = find(name);
    if (job.isEmpty()) {
      return unknown(name);
    }
    if (!jobs.cancel(job.get().id())) {
      return problem(
          409,
          "job_ended",
          "Job %s is %s: there is nothing to cancel.".formatted(name, job.get().state().word()));
    }
    return one(name);
  }

  private Optional<Job> find(String name) {
    return Jobs.number(name).flatMap(jobs::find);
  }

  private static ResponseEntity<?> unknown(String name) {
    return problem(
        404, "job_unknown", "There is no job %s: ./appointments jobs lists them.".formatted(name));
  }

  private static ResponseEntity<?> problem(int status, String code, String sentence) {
    return ResponseEntity.status(status).body(ProblemResponse.detail(status, code, sentence));
  }
}
