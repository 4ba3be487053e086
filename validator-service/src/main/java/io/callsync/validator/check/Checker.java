package io.callsync.validator.check;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.company.CompanyWatch;
import io.callsync.validator.position.Positions;
import io.callsync.validator.position.Positions.Position;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Validation;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.Violations;
import io.callsync.validator.violation.Violations.Findings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks at the chains whose time has come. While the rows are behind what was read of the events,
 * for instance because the read model is being rebuilt, it looks at none: that is one violation,
 * PROJECTION_STALLED, and not one per chain.
 */
@Component
public class Checker implements SmartLifecycle {

  /** Reported on the service that stands still, not on a chain. */
  static final String PROJECTION_STALLED = "PROJECTION_STALLED";

  private static final Logger log = LoggerFactory.getLogger(Checker.class);
  private static final int BATCH = 500;
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration TEND_EVERY = Duration.ofSeconds(1);
  private static final Duration COMPANY_GRACE = Duration.ofMinutes(5);
  private static final String PROJECTOR = "service:appointment-projector";

  private final ChainLoader loader;
  private final Due due;
  private final Violations violations;
  private final Verdicts verdicts;
  private final Sweep sweep;
  private final CompanyWatch companies;
  private final Schedule schedule;
  private final Positions positions;
  private final ReadModel readModel;
  private final ValidatorProperties.Times times;
  private final Set<Rule> armed;
  private final TransactionTemplate transaction;
  private final Clock clock;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile @Nullable String trouble = "not started";
  private Instant lastTended = Instant.EPOCH;

  Checker(
      ChainLoader loader,
      Due due,
      Violations violations,
      Verdicts verdicts,
      Sweep sweep,
      CompanyWatch companies,
      Schedule schedule,
      Positions positions,
      ReadModel readModel,
      ValidatorProperties properties,
      TransactionTemplate transaction,
      Clock clock) {
    this.loader = loader;
    this.due = due;
    this.violations = violations;
    this.verdicts = verdicts;
    this.sweep = sweep;
    this.companies = companies;
    this.schedule = schedule;
    this.positions = positions;
    this.readModel = readModel;
    this.times = properties.validator();
    this.armed = times.armedRules();
    this.transaction = transaction;
    this.clock = clock;
  }

  /** What is wrong, null where all is well. */
  public @Nullable String trouble() {
    return trouble;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("validator-checks").start(this::run);
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
    Duration wait = Duration.ZERO;
    try {
      while (!stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        wait = step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round; how long to wait until the next. */
  private Duration step() {
    try {
      Instant now = clock.instant();
      int looked = due.any(now) || sweep.running() || tendingDue(now) ? round(now) : 0;
      if (trouble != null) {
        log.info("chains are checked");
        trouble = null;
      }
      return looked == BATCH ? Duration.ZERO : IDLE;
    } catch (RuntimeException e) {
      String now = e.getClass().getSimpleName() + ": " + e.getMessage();
      if (!Objects.equals(trouble, now)) {
        log.warn("chains cannot be checked, will go on trying: {}", now);
      }
      trouble = now;
      return RETRY;
    }
  }

  private boolean tendingDue(Instant now) {
    return !lastTended.plus(TEND_EVERY).isAfter(now);
  }

  /** Does what is due now; how many chains were looked at. */
  int round(Instant now) {
    Map<TopicPartition, Position> read = positions.all();
    boolean behind = behind(read, readModel.projectorPositions());
    boolean waiting = Positions.waitingSince(read).isPresent();
    boolean tending = tendingDue(now);
    if (tending) {
      lastTended = now;
      tend(now, behind || waiting);
    }
    if (behind) {
      return 0;
    }
    sweep.step(now);
    if (tending) {
      watchCompanies(now);
      watchProjection(now);
    }
    return check(now, Positions.readUpTo(read, Positions.EVENTS));
  }

  /** True where the rows show less than was read of the events. */
  private static boolean behind(
      Map<TopicPartition, Position> read, Map<TopicPartition, Long> shown) {
    return Positions.EVENTS.stream()
        .anyMatch(
            topic ->
                read.entrySet().stream()
                    .filter(e -> e.getKey().topic().equals(topic.topicName()))
                    .anyMatch(e -> e.getValue().nextOffset() > shown.getOrDefault(e.getKey(), 0L)));
  }

  /** The grace of a standing projector is longer, and the same for every instance. */
  private void tend(Instant now, boolean standsStill) {
    var look = new Findings(PROJECTOR, null, null, standsStill ? List.of(stalled()) : List.of());
    transaction.executeWithoutResult(
        status -> {
          violations.record(List.of(look), now, times.stalledAfter(), now);
          violations.forgetResolved(now, BATCH);
        });
  }

  /** Longer than a repair under way. */
  private void watchCompanies(Instant now) {
    transaction.executeWithoutResult(
        status -> {
          if (schedule.claim("companies", now, times.recheck())) {
            violations.record(companies.look(now), now, COMPANY_GRACE, now);
          }
        });
  }

  private void watchProjection(Instant now) {
    transaction.executeWithoutResult(
        status -> {
          if (schedule.claim("projection", now, times.grace())) {
            violations.record(
                List.of(ProjectionWatch.look(readModel.drifts())), now, times.grace(), now);
          }
        });
  }

  private static Violation stalled() {
    return new Violation(
        PROJECTION_STALLED,
        Severity.WARNING,
        "service",
        "appointment-projector",
        new TreeMap<>(),
        "The rows do not follow the events; nothing is said about single chains until they do.",
        "appointments status");
  }

  private int check(Instant now, Instant readUpTo) {
    return Objects.requireNonNull(
        transaction.execute(
            status -> {
              List<ChainKey> keys = due.claim(now, BATCH);
              if (!keys.isEmpty()) {
                look(loader.load(keys, now), now, readUpTo);
              }
              return keys.size();
            }));
  }

  private void look(List<Chain> chains, Instant now, Instant readUpTo) {
    List<Findings> looks = new ArrayList<>();
    for (Chain chain : chains) {
      looks.add(
          new Findings(
              chain.key().text(),
              chain.companyId(),
              chain.callId(),
              Validation.validate(chain, armed)));
    }
    Violations.Outcome outcome = violations.record(looks, now, times.grace(), readUpTo);
    List<Verdicts.Line> said = new ArrayList<>();
    Map<ChainKey, Instant> timers = new HashMap<>();
    for (Chain chain : chains) {
      String key = chain.key().text();
      if (chain.callId() != null) {
        boolean broken =
            outcome.open().getOrDefault(key, List.of()).stream()
                .anyMatch(v -> v.violation().error());
        boolean suspect =
            outcome.suspected().getOrDefault(key, List.of()).stream().anyMatch(Violation::error);
        said.add(
            new Verdicts.Line(key, chain.bookingCall(), Verdict.of(chain, broken, suspect).word()));
      }
      nextLook(chain, outcome.lookAgain().get(key), now)
          .ifPresent(at -> timers.put(chain.key(), at));
    }
    verdicts.keep(said);
    due.arm(timers);
  }

  /** When time alone may change the verdict: a grace or the patience with a wish is over. */
  private Optional<Instant> nextLook(Chain chain, @Nullable Instant graceOver, Instant now) {
    return Stream.concat(
            Stream.ofNullable(graceOver),
            chain.wishes().stream()
                .map(ExpectedBooking::requestedAt)
                .filter(Objects::nonNull)
                .map(requested -> requested.plus(times.requestLimit()))
                .filter(limit -> limit.isAfter(now)))
        .min(Instant::compareTo);
  }
}
