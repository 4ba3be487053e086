package io.callsync.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.outbox.RelayTable.Position;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * One uninterrupted stretch of leading: one producer, one stream. Whatever goes wrong ends it, and
 * the next one begins at the slot's position, so that there is one way to recover.
 */
final class Term implements DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> {

  /** The prefix of messages that the relay writes into the log for itself. */
  static final String SIGN_OF_LIFE = "callsync-relay";

  private static final Duration COMMIT_EVERY = Duration.ofMillis(200);

  private record Last(
      RecordChangeEvent<SourceRecord> event,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer) {}

  private final Lease lease;
  private final RelayTable table;
  private final Source source;
  private final Framing framing;
  private final OrderedProducer producer;
  private final Duration deliverWithin;
  private final ScheduledExecutorService timer;
  private final Consumer<@Nullable Exception> hindered;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** One acknowledgement at a time; taken before the monitor, which guards what is sent. */
  private final ReentrantLock acknowledging = new ReentrantLock();

  private @Nullable Runnable slotCheck;
  private @Nullable Last last;
  private @Nullable Instant until;
  private long rowId;
  private @Nullable Long oldestUnacknowledged;
  private @Nullable Long oldestSinceCommit;
  private boolean commitDue;

  /**
   * @param hindered told of what hinders the term without ending it, and null when that is over
   */
  Term(
      Lease lease,
      RelayTable table,
      Source source,
      Framing framing,
      OrderedProducer producer,
      Duration deliverWithin,
      ScheduledExecutorService timer,
      Consumer<@Nullable Exception> hindered) {
    this.lease = lease;
    this.table = table;
    this.source = source;
    this.framing = framing;
    this.producer = producer;
    this.deliverWithin = deliverWithin;
    this.timer = timer;
    this.hindered = hindered;
  }

  /** Ends the term; null where it is to end well. */
  void end(@Nullable Throwable cause) {
    if (cause == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(cause);
    }
  }

  /** Sends kept rows again; returns the highest outbox row of them. */
  long resend(DataSource database, long fromRow, Lsn from) {
    source.kept(database, fromRow, from, message -> send(message, framed(message)));
    producer.acknowledged();
    synchronized (this) {
      oldestUnacknowledged = null;
      oldestSinceCommit = null;
      return rowId;
    }
  }

  /** The oldest row that was sent and not acknowledged, so that it may arrive late; or null. */
  synchronized @Nullable Long oldestUnacknowledged() {
    return oldestUnacknowledged;
  }

  /**
   * Streams from a position until the term is ended.
   *
   * @param begun told when the stream runs
   * @param slotCheck done once before anything is told to the slot; throws where it is another one
   * @throws Exception what ended it, where it did not end well
   */
  void stream(Properties settings, Lsn from, Runnable begun, Runnable slotCheck) throws Exception {
    this.slotCheck = slotCheck;
    settings.setProperty(KnownStart.FROM, String.valueOf(from.value()));
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(settings)
            .using(OffsetCommitPolicy.always())
            .notifying(this)
            .using(
                new DebeziumEngine.ConnectorCallback() {
                  @Override
                  public void pollingStarted() {
                    begun.run();
                  }
                })
            .using(
                (success, message, error) ->
                    end(
                        success
                            ? null
                            : error == null ? new IllegalStateException(message) : error))
            .build();
    Thread running = Thread.ofPlatform().name("relay-engine").daemon().start(engine);
    try {
      end.get();
      commit();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      close(engine, running);
    }
  }

  @Override
  public void handleBatch(
      List<RecordChangeEvent<SourceRecord>> events,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer) {
    for (RecordChangeEvent<SourceRecord> event : events) {
      if (end.isDone()) {
        return;
      }
      Struct change = (Struct) event.record().value();
      var passed = new Last(event, committer);
      if ("m".equals(change.getString("op"))) {
        passed(passed, signOfLife(change));
      } else {
        Message message = source.message(change);
        if (message == null) {
          passed(passed, committedAt(change));
          continue;
        }
        ProducerRecord<byte[], byte @Nullable []> record = framed(message);
        synchronized (this) {
          send(message, record);
          passed(passed, message.committedAt());
        }
      }
    }
  }

  /** A record is sent only where the lease lasts until it is delivered or given up. */
  private synchronized void send(
      Message message, ProducerRecord<byte[], byte @Nullable []> record) {
    lease.require(deliverWithin);
    rowId = Math.max(rowId, message.rowId());
    if (oldestSinceCommit == null) {
      oldestSinceCommit = message.rowId();
      if (oldestUnacknowledged == null) {
        oldestUnacknowledged = oldestSinceCommit;
      }
    }
    producer.send(record);
  }

  private synchronized void passed(Last passed, Instant committedBefore) {
    last = passed;
    until = committedBefore;
    if (!commitDue) {
      commitDue = true;
      var _ = timer.schedule(this::commitInTime, COMMIT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void commitInTime() {
    if (!end.isDone()) {
      try {
        commit();
      } catch (RuntimeException e) {
        end(e);
      }
    }
  }

  /**
   * First Kafka has it all, then the relay's row says so, then the slot: in this order nothing is
   * lost, and a slot that stands further than the row was moved by somebody else. Sending goes on
   * meanwhile.
   */
  private void commit() {
    acknowledging.lock();
    try {
      Last reached;
      Position position;
      synchronized (this) {
        reached = last;
        if (reached == null) {
          return;
        }
        position = new Position(flushed(reached), until, rowId);
        last = null;
        commitDue = false;
        oldestSinceCommit = null;
      }
      producer.acknowledged();
      synchronized (this) {
        oldestUnacknowledged = oldestSinceCommit;
      }
      Runnable check = slotCheck;
      if (check != null) {
        check.run();
        slotCheck = null;
      }
      if (!table.relayed(position)) {
        throw new Lease.Lost();
      }
      reached.committer().markProcessed(reached.event());
      reached.committer().markBatchFinished();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      acknowledging.unlock();
    }
  }

  /** The position that Debezium will tell the slot: the last commit before the record's own. */
  private static Lsn flushed(Last last) {
    Object lsn = last.event().record().sourceOffset().get("lsn_commit");
    return new Lsn(((Number) Objects.requireNonNull(lsn)).longValue());
  }

  /** Waits as long as the registry is away; what was sent before stays as it is. */
  private ProducerRecord<byte[], byte @Nullable []> framed(Message message) {
    long pause = 100;
    while (true) {
      try {
        ProducerRecord<byte[], byte @Nullable []> record = framing.frame(message);
        if (pause > 100) {
          hindered.accept(null);
        }
        return record;
      } catch (RegistryException away) {
        hindered.accept(away);
        try {
          end.get(pause, TimeUnit.MILLISECONDS);
          throw new IllegalStateException("the relay is ending");
        } catch (TimeoutException again) {
          pause = Math.min(2 * pause, 5_000);
        } catch (InterruptedException | ExecutionException e) {
          throw new IllegalStateException("the relay is ending", e);
        }
      }
    }
  }

  private static Instant committedAt(Struct change) {
    return Instant.EPOCH.plus(change.getStruct("source").getInt64("ts_us"), ChronoUnit.MICROS);
  }

  private static Instant signOfLife(Struct change) {
    byte[] content = change.getStruct("message").getBytes("content");
    return Instant.ofEpochMilli(Long.parseLong(new String(content, UTF_8)));
  }

  /** An engine refuses to be closed while it is starting, which is soon over. */
  private static void close(DebeziumEngine<?> engine, Thread running) throws InterruptedException {
    for (int attempt = 0; attempt < 40 && running.isAlive(); attempt++) {
      try {
        engine.close();
      } catch (IllegalStateException | IOException notNow) {
        // Starting, or closing already.
      }
      running.join(Duration.ofMillis(100));
    }
  }
}
