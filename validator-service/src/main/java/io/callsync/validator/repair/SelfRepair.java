package io.callsync.validator.repair;

import io.callsync.ops.OperatorProperties;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.check.Schedule;
import io.callsync.validator.repair.Remedies.NotApplied;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Applies the remedies to broken chains of the companies that want it, once an episode. Intent,
 * effect and outcome are apart: no transaction is open while a service is asked.
 */
@Component
class SelfRepair implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(SelfRepair.class);
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration STORM_SAID_EVERY = Duration.ofHours(1);

  private final Repairs repairs;
  private final Remedies remedies;
  private final Schedule schedule;
  private final ValidatorProperties.SelfRepair settings;
  private final TransactionTemplate transaction;
  private final Clock clock;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<Long, Instant> stormSaid = new HashMap<>();
  private @Nullable Thread thread;

  @Autowired
  SelfRepair(
      Repairs repairs,
      Schedule schedule,
      ValidatorProperties properties,
      OperatorProperties operator,
      TransactionTemplate transaction,
      Clock clock) {
    this(
        repairs,
        new OperatorsRemedies(properties, operator),
        schedule,
        properties,
        transaction,
        clock);
  }

  SelfRepair(
      Repairs repairs,
      Remedies remedies,
      Schedule schedule,
      ValidatorProperties properties,
      TransactionTemplate transaction,
      Clock clock) {
    this.repairs = repairs;
    this.remedies = remedies;
    this.schedule = schedule;
    this.settings = properties.validator().selfRepair();
    this.transaction = transaction;
    this.clock = clock;
  }

  @Override
  public void start() {
    if (settings.isOn()) {
      log.info("chains of companies {} mend themselves", settings.companies());
      thread = Thread.ofPlatform().name("self-repair").start(this::run);
    }
  }

  @Override
  public void stop() {
    stopped.countDown();
    try {
      if (thread != null) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null && thread.isAlive();
  }

  private void run() {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    try {
      while (!stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          for (Attempt attempt : round(clock.instant())) {
            workers.execute(() -> repair(attempt));
          }
        } catch (RuntimeException e) {
          log.warn("self-repair waits: {}", e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      // What is broken off is found by its row.
      workers.shutdownNow();
    }
  }

  /** Ends what is over, and begins what is due; one instance at a time. */
  List<Attempt> round(Instant now) {
    Set<Long> heldBack = new TreeSet<>();
    List<Attempt> attempts =
        Objects.requireNonNull(
            transaction.execute(
                status -> {
                  repairs.end(now);
                  return schedule.claim("self-repair", now, EVERY)
                      ? repairs.begin(now, heldBack)
                      : List.<Attempt>of();
                }));
    for (long company : heldBack) {
      Instant said = stormSaid.get(company);
      if (said == null || said.plus(STORM_SAID_EVERY).isBefore(now)) {
        stormSaid.put(company, now);
        log.warn(
            "company {} had {} self-repairs within an hour: the rest waits, and something else is broken",
            company,
            settings.mostPerHour());
      }
    }
    return attempts;
  }

  /** Applies the remedies to one chain. */
  void repair(Attempt attempt) {
    String trouble = null;
    try {
      log.info("self-repair of {}", attempt.chain().text());
      remedies.apply(attempt);
    } catch (NotApplied e) {
      trouble = e.getMessage();
      log.warn("self-repair of {}: {}", attempt.chain().text(), trouble);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      trouble = e.getClass().getSimpleName();
      log.warn("self-repair of {} failed", attempt.chain().text(), e);
    }
    String said = trouble;
    transaction.executeWithoutResult(status -> repairs.asked(attempt, clock.instant(), said));
  }
}
