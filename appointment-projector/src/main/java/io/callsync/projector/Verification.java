package io.callsync.projector;

import io.callsync.projector.Jobs.Job;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Holds all rows against the log once a day, at a quiet hour: a rebuild that only looks, as an
 * operator may order it. What it finds the validator reports.
 */
final class Verification {

  private static final Logger log = LoggerFactory.getLogger(Verification.class);

  private static final JobOrder ORDER =
      new JobOrder(
          JobOrder.REBUILD,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          true,
          Jobs.SCHEDULE,
          "regular verification");

  private final Jobs jobs;
  private final JobWorker worker;

  Verification(JdbcClient jdbc, JobWorker worker) {
    this.jobs = new Jobs(jdbc);
    this.worker = worker;
  }

  /** Every instance wants it at the same time; one orders it. */
  @Scheduled(cron = "${callsync.verification-cron}", zone = "Europe/Berlin")
  void order() {
    try {
      Optional<Job> job = jobs.addScheduled(ORDER);
      job.ifPresent(j -> log.info("job {} verifies all rows", j.id()));
      worker.wake();
    } catch (DataAccessException away) {
      log.warn("the regular verification is left out: {}", away.getMessage());
    }
  }
}
