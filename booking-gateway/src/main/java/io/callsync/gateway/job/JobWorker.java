package io.callsync.gateway.job;

import io.callsync.gateway.job.JobKind.Page;
import io.callsync.gateway.job.JobKind.Work;
import io.callsync.ops.Audit;
import io.callsync.ops.Audit.Outcome;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.job.JobState;
import io.callsync.ops.job.Pace;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Does the jobs page by page. What was broken off with its gateway goes on behind its last page, or
 * ends and says so where it cannot.
 */
@Component
public class JobWorker {

  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);

  private static final Duration UNTIL_A_PAGE_ENDS = Duration.ofSeconds(5);
  private static final long REST_NANOS = 1_000_000_000;

  private static final String INTERRUPTED =
      "Its gateway was stopped over it; the same command again goes on where it was.";

  private final Jobs jobs;
  private final Audit audit;
  private final Map<String, JobKind> kinds;

  /** One claimed job at a time: callers go before. */
  private final Semaphore free = new Semaphore(1);

  private final Map<Long, Thread> running = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  JobWorker(Jobs jobs, Audit audit, List<JobKind> kinds) {
    this.jobs = jobs;
    this.audit = audit;
    this.kinds = kinds.stream().collect(Collectors.toMap(JobKind::name, Function.identity()));
  }

  /** Begins a job at once that nobody else could do: its work is in this gateway's memory. */
  public Job begin(JobOrder order, OperatorRequest operator, Work work) {
    UUID lease = UUID.randomUUID();
    Job job = jobs.add(order, operator, lease);
    start(job, work, lease, () -> {});
    return job;
  }

  @Scheduled(fixedDelay = 500)
  void look() {
    try {
      say();
      if (!stopping && free.tryAcquire()) {
        boolean started = false;
        try {
          started = goOn();
        } finally {
          if (!started) {
            free.release();
          }
        }
      }
    } catch (DataAccessException | TransactionException away) {
      log.debug("jobs wait for the database", away);
    }
  }

  /** Whether there was something to do. */
  private boolean goOn() {
    UUID lease = UUID.randomUUID();
    Optional<Job> claimed = jobs.claim(lease, running.keySet());
    if (claimed.isEmpty()) {
      return false;
    }
    Job job = claimed.get();
    Optional<Work> work = Optional.ofNullable(kinds.get(job.kind())).flatMap(k -> k.work(job));
    if (work.isEmpty()) {
      boolean asked = job.cancelRequested();
      end(job, lease, asked ? JobState.CANCELLED : JobState.FAILED, asked ? null : INTERRUPTED);
      return false;
    }
    start(job, work.get(), lease, free::release);
    return true;
  }

  private void start(Job job, Work work, UUID lease, Runnable afterwards) {
    log.info("job {}: {}, {} {} done", job.name(), job.kind(), job.progress().done(), job.unit());
    Thread thread =
        Thread.ofVirtual()
            .name("job-" + job.name())
            .unstarted(
                () -> {
                  try {
                    carryOut(job, work, lease);
                  } finally {
                    running.remove(job.id());
                    afterwards.run();
                  }
                });
    running.put(job.id(), thread);
    thread.start();
  }

  private void carryOut(Job begun, Work work, UUID lease) {
    Optional<Job> job = Optional.of(begun);
    var pace = new Pace(begun.progress().done());
    while (job.isPresent() && !job.get().state().hasEnded()) {
      Job now = job.get();
      try {
        if (now.cancelRequested()) {
          end(now, lease, JobState.CANCELLED, null);
          return;
        }
        if (stopping) {
          jobs.release(now.id(), lease);
          log.info("job {} goes on after the restart", now.name());
          return;
        }
        Page page = work.page(now);
        job = jobs.through(now.id(), lease, page, pace.perSecond(page.done()));
      } catch (DataAccessException | TransactionException away) {
        log.warn("job {} waits: {}", now.name(), away.getClass().getSimpleName());
        job = stands(now, lease, away);
      } catch (JobFailure e) {
        end(now, lease, JobState.FAILED, e.getMessage());
        return;
      } catch (RuntimeException e) {
        log.error("job {} failed", now.name(), e);
        end(now, lease, JobState.FAILED, "The gateway's log says why; what was done before stays.");
        return;
      }
    }
    job.ifPresentOrElse(
        done -> log.info("job {} is {}", done.name(), done.state().word()),
        () -> log.info("job {} is another gateway's now", begun.name()));
  }

  /** The job as it was left, once the database answers; it may have been asked to end meanwhile. */
  private Optional<Job> stands(Job job, UUID lease, RuntimeException why) {
    // Its kind only: the message may quote a value.
    String sentence =
        "The database does not answer or refuses (%s); the job goes on by itself."
            .formatted(why.getClass().getSimpleName());
    while (!stopping) {
      LockSupport.parkNanos(REST_NANOS);
      try {
        return jobs.stands(job.id(), lease, sentence);
      } catch (DataAccessException | TransactionException away) {
        log.debug("job {} waits", job.name(), away);
      }
    }
    return Optional.empty();
  }

  private void end(Job job, UUID lease, JobState state, @Nullable String trouble) {
    jobs.end(job.id(), lease, state, trouble);
    log.info("job {} is {}", job.name(), state.word());
  }

  /**
   * Ends the actions of jobs that have ended, whoever did them, and whenever that one was killed.
   */
  private void say() {
    jobs.endedUnsaid()
        .forEach(
            (action, job) -> {
              boolean done = job.state() == JobState.DONE;
              audit.end(action, done ? Outcome.OK : Outcome.FAILED, came(job));
            });
  }

  private String came(Job job) {
    JobKind kind = kinds.get(job.kind());
    if (job.state() == JobState.DONE && kind != null) {
      return kind.outcome(job);
    }
    String trouble = job.trouble();
    return "%s after %d of %d %s%s"
        .formatted(
            job.state().word(),
            job.progress().done(),
            job.progress().total(),
            job.unit(),
            trouble == null ? "" : ": " + trouble);
  }

  @PreDestroy
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : List.copyOf(running.values())) {
      thread.join(UNTIL_A_PAGE_ENDS);
    }
  }
}
