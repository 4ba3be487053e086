package io.callsync.projector;

import io.callsync.ops.Audit;
import io.callsync.ops.Audit.Outcome;
import io.callsync.ops.job.JobState;
import io.callsync.ops.job.Pace;
import io.callsync.projector.Jobs.Job;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Does the jobs, one at a time over all instances. A job that was broken off, by a failure or with
 * its process, goes on where its last commit left it.
 */
final class JobWorker implements SmartLifecycle {

  /** Ends the work on a job without ending the job. */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Somebody asked for the job's end. */
  private static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration REST = Duration.ofSeconds(1);

  private static final String LOCK = "select pg_try_advisory_lock(2, 'job'::regclass::oid::int)";
  private static final String UNLOCK = "select pg_advisory_unlock(2, 'job'::regclass::oid::int)";

  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);

  private final ProjectorProperties properties;
  private final DataSource database;
  private final Jobs jobs;
  private final Audit audit;
  private final Semaphore asked = new Semaphore(0);
  private volatile boolean stopping;
  private final Thread thread = Thread.ofPlatform().name("jobs").unstarted(this::run);

  JobWorker(ProjectorProperties properties, DataSource database, Audit audit) {
    this.properties = properties;
    this.database = database;
    this.jobs = new Jobs(JdbcClient.create(database));
    this.audit = audit;
  }

  /** There is a new job: do not wait for the next look. */
  void wake() {
    asked.release();
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    stopping = true;
    wake();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread.isAlive();
  }

  private void run() {
    try {
      while (!stopping) {
        look();
        asked.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        asked.drainPermits();
      }
    } catch (InterruptedException e) {
      log.info("jobs interrupted");
    }
  }

  private void look() throws InterruptedException {
    try {
      jobs.endedUnsaid().forEach(this::say);
      if (jobs.next().isEmpty()) {
        return;
      }
      try (Connection lock = database.getConnection()) {
        if (!isTrue(lock, LOCK)) {
          return;
        }
        try {
          Optional<Job> next = jobs.next();
          while (next.isPresent() && !stopping) {
            work(next.get());
            jobs.endedUnsaid().forEach(this::say);
            next = jobs.next();
          }
        } finally {
          isTrue(lock, UNLOCK);
        }
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("jobs wait: {}", e.getMessage());
      pause();
    }
  }

  /** Whoever ended the job, and whenever the process did. */
  private void say(long actionId, Job job) {
    audit.end(
        actionId,
        job.state() == JobState.DONE ? Outcome.OK : Outcome.FAILED,
        job.state() == JobState.DONE
            ? job.differences() + " rows put right"
            : job.trouble() == null ? job.state().word() : job.trouble());
  }

  private void work(Job job) throws InterruptedException {
    log.info("job {}: {}", job.id(), job.order().kind());
    try (var eventLog = new EventLog(properties.kafkaBootstrap())) {
      var reader = new EventReader(properties.registryUrl());
      if (JobOrder.REBUILD.equals(job.order().kind())) {
        rebuild(job, new Rebuild(database, reader, eventLog, job));
      } else {
        replay(job, new Replay(database, reader, eventLog, job, Orders.selection(job.order())));
      }
    } catch (Stopped e) {
      log.info("job {} goes on after the restart", job.id());
    } catch (Cancelled e) {
      end(job, JobState.CANCELLED, null);
    } catch (JobFailure e) {
      end(job, JobState.FAILED, e.getMessage());
    } catch (SQLException | RuntimeException e) {
      log.warn("job {} is interrupted and goes on", job.id(), e);
      jobs.trouble(job.id(), sentence(e));
      pause();
    }
  }

  private void replay(Job job, Replay replay) throws SQLException, InterruptedException {
    var pace = new Pace(job.events().done());
    jobs.begin(job.id());
    long total = replay.total();
    do {
      checkpoint(job);
      long done = jobs.find(job.id()).orElseThrow().events().done();
      jobs.progress(job.id(), "replaying", done, total, pace.perSecond(done));
    } while (replay.page());
    end(job, JobState.DONE, null);
  }

  private void rebuild(Job job, Rebuild rebuild) throws SQLException, InterruptedException {
    jobs.begin(job.id());
    try {
      checkpoint(job);
      rebuild.prepare();
      long done = rebuild.done();
      var pace = new Pace(done);
      boolean more;
      do {
        checkpoint(job);
        more = rebuild.fold();
        done = rebuild.done();
        jobs.progress(job.id(), "folding", done, rebuild.total(), pace.perSecond(done));
      } while (more);
      checkpoint(job);
      jobs.progress(job.id(), "comparing", done, rebuild.total(), pace.perSecond(done));
      rebuild.compare();
      log.info(
          "job {}: {} events folded, {} a second",
          job.id(),
          done,
          Math.round(pace.perSecond(done)));
    } catch (Cancelled | JobFailure e) {
      rebuild.drop();
      throw e;
    }
  }

  private void checkpoint(Job job) {
    if (stopping) {
      throw new Stopped();
    }
    if (jobs.find(job.id()).orElseThrow().cancelRequested()) {
      throw new Cancelled();
    }
  }

  private void end(Job job, JobState state, @Nullable String trouble) {
    jobs.end(job.id(), state, trouble);
    log.info("job {} is {}", job.id(), state.word());
  }

  private void pause() throws InterruptedException {
    if (!stopping) {
      asked.tryAcquire(REST.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String sentence(Exception e) {
    return switch (e) {
      case RegistryException _ -> "The schema registry does not answer; the job goes on by itself.";
      case KafkaException _ -> "Kafka does not give the events; the job goes on by itself.";
      default ->
          "It was interrupted (%s) and goes on by itself: the projector's log says more."
              .formatted(e.getClass().getSimpleName());
    };
  }

  private static boolean isTrue(Connection connection, String question) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery(question)) {
      return answer.next() && answer.getBoolean(1);
    }
  }
}
