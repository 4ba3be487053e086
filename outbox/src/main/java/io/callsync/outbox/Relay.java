package io.callsync.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.callsync.outbox.Doubt.Resend;
import io.callsync.outbox.Doubt.Server;
import io.callsync.outbox.Doubt.Slot;
import io.callsync.outbox.RelayStatus.State;
import io.callsync.outbox.RelayTable.Position;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Carries what is committed in a database to Kafka: at least once, in order per key, one leader at
 * a time. For ever: whatever is away is tried again, and nothing is passed over.
 */
public final class Relay implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final int REHEARSED = 500;
  private static final Duration SIGN_OF_LIFE_EVERY = Duration.ofSeconds(5);
  private static final Duration UPKEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final RelayDatabase database;
  private final String kafkaBootstrap;
  private final SchemaRegistry registry;
  private final Source source;
  private final String slotName;
  private final String publication;
  private final Duration leaseLength;
  private final Duration window;

  private volatile RelayStatus status = RelayStatus.starting();
  private volatile @Nullable Running running;

  Relay(
      RelayDatabase database,
      String kafkaBootstrap,
      SchemaRegistry registry,
      Source source,
      String slotName,
      String publication,
      Duration leaseLength,
      Duration window) {
    this.database = database;
    this.kafkaBootstrap = kafkaBootstrap;
    this.registry = registry;
    this.source = source;
    this.slotName = slotName;
    this.publication = publication;
    this.leaseLength = leaseLength;
    this.window = window;
  }

  RelayStatus status() {
    return status;
  }

  String slotName() {
    return slotName;
  }

  @Override
  public synchronized void start() {
    if (running == null) {
      status = RelayStatus.starting();
      running = new Running();
    }
  }

  @Override
  public synchronized void stop() {
    Running current = running;
    if (current != null) {
      current.stop();
      running = null;
      status = status.now(State.STOPPED, null);
    }
  }

  @Override
  public boolean isRunning() {
    return running != null;
  }

  private void show(State state, @Nullable String cause) {
    RelayStatus before = status;
    status = before.now(state, cause);
    if (before.state() != state) {
      if (state == State.RETRYING) {
        LOG.warn("relay {}: retrying, {}", slotName, String.valueOf(cause));
      } else {
        LOG.info("relay {}: {}", slotName, state);
      }
    }
  }

  /** Everything that lives from start to stop. */
  private final class Running {

    private final HikariDataSource pool = database.pool(leaseLength.dividedBy(3));
    private final JdbcClient jdbc = JdbcClient.create(pool);
    private final RelayTable table =
        new RelayTable(
            jdbc,
            slotName,
            ManagementFactory.getRuntimeMXBean().getPid() + "-" + UUID.randomUUID());
    private final ReplicationSlot slot = new ReplicationSlot(jdbc, database, slotName);
    private final Lease lease = new Lease(table, leaseLength);
    private final PartitionUpkeep upkeep = new PartitionUpkeep(pool, window);
    private final Gauging gauging = new Gauging(jdbc, slotName, source instanceof OutboxSource);
    private final ScheduledExecutorService timer =
        Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("relay-timer-", 0).daemon().factory());
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread loop = Thread.ofPlatform().name("relay").daemon().start(this::loop);

    private volatile @Nullable Term term;
    private volatile boolean streaming;
    private @Nullable Long unacknowledged;
    private long lastSignOfLife;
    private long lastUpkeep = System.nanoTime() - UPKEEP_EVERY.toNanos();

    Running() {
      long tick = Math.min(1_000, leaseLength.toMillis() / 5);
      var _ = timer.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
    }

    private void loop() {
      Duration pause = Duration.ofMillis(100);
      boolean created = false;
      while (!stopped()) {
        long begun = System.nanoTime();
        try {
          if (!created) {
            table.create();
            created = true;
          }
          Long late = unacknowledged;
          if (late != null) {
            table.confess(late);
            unacknowledged = null;
          }
          if (lease.acquire()) {
            lead();
          } else {
            show(State.STANDBY, null);
            pause(Duration.ofSeconds(1));
          }
        } catch (Lease.Lost lost) {
          show(State.STANDBY, null);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        } catch (Exception e) {
          if (System.nanoTime() - begun > Duration.ofSeconds(20).toNanos()) {
            pause = Duration.ofMillis(100);
          }
          LOG.debug("relay {}", slotName, e);
          show(State.RETRYING, told(e));
          pause(pause);
          pause =
              pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                  ? LONGEST_PAUSE
                  : pause.multipliedBy(2);
        }
      }
    }

    private void lead() throws Exception {
      List<String> tables = source.prepare(jdbc);
      lease.require(deliverWithin());
      slot.free();
      Term current = null;
      try (OrderedProducer producer =
          new OrderedProducer(
              kafkaBootstrap, slotName, deliverWithin(), Topic.CHAIN_CHANGES.topicName())) {
        current =
            new Term(
                lease,
                table,
                source,
                new Framing(registry, jdbc),
                producer,
                deliverWithin(),
                timer,
                this::hindered);
        term = current;
        if (stopped()) {
          return;
        }
        Lsn from = position(current);
        current.stream(debezium(tables), from, this::leading, () -> requireSameSlot(from));
      } finally {
        streaming = false;
        term = null;
        unacknowledged = current == null ? null : current.oldestUnacknowledged();
      }
      if (!stopped()) {
        throw new IllegalStateException("the stream ended");
      }
    }

    /**
     * Where the slot vanishes while the stream starts, Debezium makes a new one, which begins
     * later.
     */
    private void requireSameSlot(Lsn from) {
      if (slot.find().filter(s -> s.confirmed().compareTo(from) <= 0).isEmpty()) {
        throw new IllegalStateException("the replication slot was made anew");
      }
    }

    private void leading() {
      rehearse();
      streaming = true;
      show(State.LEADING, null);
    }

    /**
     * The way of a record is walked often enough that the first real one is as fast as the last.
     */
    private void rehearse() {
      jdbc.sql("select pg_logical_emit_message(false, ?, ?) from generate_series(1, ?)")
          .param(signOfLife())
          .param(String.valueOf(System.currentTimeMillis()))
          .param(REHEARSED)
          .query()
          .listOfRows();
    }

    /** Half of the lease at most: what is sent is delivered or given up before another may lead. */
    private Duration deliverWithin() {
      return leaseLength.multipliedBy(4).dividedBy(10);
    }

    /** The position to stream from, after kept rows were sent again where that is needed. */
    private Lsn position(Term current) throws SQLException {
      Server server = slot.server();
      Optional<Slot> found = slot.find();
      Optional<Resend> doubt = Doubt.decide(table.remembered(), server, found.orElse(null));
      if (doubt.isEmpty()) {
        return found.orElseThrow().confirmed();
      }
      Resend resend = doubt.get();
      LOG.warn(
          "relay {}: sends kept rows again, from row {} on: {}",
          slotName,
          resend.from(),
          resend.reason());
      if (!table.beginResend(resend.from())) {
        throw new Lease.Lost();
      }
      if (found.isPresent() && found.get().lost()) {
        slot.drop();
        found = Optional.empty();
      }
      if (found.isEmpty()) {
        slot.create();
        found = slot.find();
      }
      upkeep.forget();
      Lsn from = found.orElseThrow().confirmed();
      show(State.LEADING, "sending kept rows again: " + resend.reason());
      long rowId = current.resend(pool, resend.from(), from);
      if (!table.finishResend(resend.from(), server, new Position(from, null, rowId))) {
        throw new Lease.Lost();
      }
      return from;
    }

    private Properties debezium(List<String> tables) {
      Properties settings = database.debezium();
      settings.setProperty("name", slotName);
      settings.setProperty("connector.class", PromptConnector.class.getName());
      settings.setProperty("offset.storage", KnownStart.class.getName());
      settings.setProperty("topic.prefix", "relay");
      settings.setProperty("plugin.name", "pgoutput");
      settings.setProperty("slot.name", slotName);
      settings.setProperty("slot.max.retries", "0");
      settings.setProperty("publication.name", publication);
      settings.setProperty("publication.autocreate.mode", "disabled");
      settings.setProperty("snapshot.mode", "no_data");
      settings.setProperty("table.include.list", String.join(",", tables).replace(".", "\\."));
      settings.setProperty("message.prefix.include.list", signOfLife());
      settings.setProperty("tombstones.on.delete", "false");
      settings.setProperty("binary.handling.mode", "bytes");
      settings.setProperty("decimal.handling.mode", "string");
      settings.setProperty("lsn.flush.mode", "connector");
      settings.setProperty("status.update.interval.ms", "5000");
      settings.setProperty("errors.max.retries", "0");
      settings.setProperty("statistics.metrics.enabled", "false");
      // One record at a time is handed over at once, see PromptConnector.
      settings.setProperty("poll.interval.ms", "500");
      settings.setProperty("max.batch.size", "1");
      settings.setProperty("max.queue.size", "1000");
      settings.setProperty("record.processing.threads", "1");
      settings.setProperty("record.processing.shutdown.timeout.ms", "500");
      settings.setProperty("task.management.timeout.ms", "30000");
      return settings;
    }

    private String signOfLife() {
      return Term.SIGN_OF_LIFE + "-" + slotName;
    }

    private void hindered(@Nullable Exception cause) {
      if (cause == null) {
        show(State.LEADING, null);
      } else {
        show(State.RETRYING, told(cause));
      }
    }

    private void tick() {
      try {
        Term current = term;
        if (lease.held()) {
          renew(current);
        }
        measure();
        if (lease.held()) {
          heed(current);
          giveSignOfLife();
          keepPartitions();
        }
      } catch (RuntimeException e) {
        LOG.debug("relay {}", slotName, e);
        status = status.measured(null, null);
      }
    }

    private void renew(@Nullable Term current) {
      try {
        lease.renew();
      } catch (Lease.Lost lost) {
        if (current != null) {
          current.end(lost);
        }
        throw lost;
      }
    }

    /** Begins anew where a leader of before says that it was late. */
    private void heed(@Nullable Term current) {
      if (streaming && current != null && table.remembered().resendFrom() != null) {
        current.end(new IllegalStateException("an earlier leader was late"));
      }
    }

    private void measure() {
      Gauging.Measured measured = gauging.measure();
      status = status.measured(measured.oldestUnsentMillis(), measured.slotLagBytes());
    }

    /**
     * A message in the log that says: everything before is relayed. It moves the slot on where only
     * others write, so that the server keeps no log for nothing.
     */
    private void giveSignOfLife() {
      if (streaming && System.nanoTime() - lastSignOfLife > SIGN_OF_LIFE_EVERY.toNanos()) {
        lastSignOfLife = System.nanoTime();
        jdbc.sql("select pg_logical_emit_message(false, ?, ?)")
            .param(signOfLife())
            .param(String.valueOf(System.currentTimeMillis()))
            .query()
            .listOfRows();
      }
    }

    private void keepPartitions() {
      if (System.nanoTime() - lastUpkeep > UPKEEP_EVERY.toNanos()) {
        lastUpkeep = System.nanoTime();
        upkeep.run(Instant.now(), table.remembered().relayed());
      }
    }

    private boolean stopped() {
      return stopping.getCount() == 0;
    }

    private void pause(Duration duration) {
      try {
        var _ = stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void stop() {
      stopping.countDown();
      Term current = term;
      if (current != null) {
        current.end(null);
      }
      try {
        if (!loop.join(STOP_WITHIN)) {
          loop.interrupt();
          LOG.warn("relay {} did not stop in time", slotName);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      timer.shutdownNow();
      try {
        lease.release();
      } catch (RuntimeException e) {
        LOG.debug("the lease runs out by itself", e);
      }
      pool.close();
    }
  }

  /** The root of an error in one line, for people. */
  private static String told(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName()
        + ": "
        + String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
