package io.callsync.projector;

import io.callsync.ops.deadletter.DeadLetters;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Polls the event topics and takes each batch to the rows. Where a partition goes on is what the
 * database says, in the same transaction as its rows; the offsets in Kafka are a hint for people
 * and tools. After any failure the batch is forgotten, every partition goes back to its position in
 * the database, and the loop tries again.
 */
final class ProjectionLoop implements SmartLifecycle {

  static final String GROUP = "appointment-projector";

  static final List<String> TOPICS =
      List.of(
          Topic.BOOKING_EVENTS.topicName(),
          Topic.CALL_EVENTS.topicName(),
          Topic.CUSTOMER_EVENTS.topicName(),
          Topic.DIRECTORY_EVENTS.topicName());

  /** How long a record is tried again that may be refused for another reason than its own. */
  static final Duration RETRY_BUDGET = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration HINT_EVERY = Duration.ofSeconds(1);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(ProjectionLoop.class);

  private final ProjectorProperties properties;
  private final String instance;
  private final ReadModelStore store;
  private final DeadLetters letters;
  private final Timer commits;
  private final DistributionSummary batches;
  private final Counter deadLetters;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Assigned, but not yet at its position; paused until then. Of the loop's thread. */
  private final Set<TopicPartition> unpositioned = new HashSet<>();

  private final Map<TopicPartition, OffsetAndMetadata> hints = new HashMap<>();
  private Instant hinted = Instant.EPOCH;
  private Duration backoff = FIRST_BACKOFF;

  private volatile ProjectionStatus status = ProjectionStatus.starting();
  private volatile @Nullable Consumer<byte[], byte[]> polling;
  private @Nullable Thread thread;

  /**
   * @param instance this instance's name, the same after a restart
   */
  ProjectionLoop(
      ProjectorProperties properties,
      String instance,
      ReadModelStore store,
      DeadLetters letters,
      MeterRegistry metrics) {
    this.properties = properties;
    this.instance = instance;
    this.store = store;
    this.letters = letters;
    this.commits =
        Timer.builder("callsync.projection.commit")
            .description("from the records in hand to their rows committed")
            .publishPercentiles(0.5, 0.99)
            .register(metrics);
    this.batches =
        DistributionSummary.builder("callsync.projection.batch")
            .description("records in a transaction")
            .register(metrics);
    this.deadLetters =
        Counter.builder("callsync.projection.dead.letters")
            .description("records that could not be handled")
            .register(metrics);
  }

  ProjectionStatus status() {
    return status;
  }

  /** How long ago Kafka was last told that this instance lives; a lost broker is told nothing. */
  Duration kafkaSilence() {
    Consumer<byte[], byte[]> consumer = polling;
    if (consumer != null) {
      for (var metric : consumer.metrics().entrySet()) {
        if (metric.getKey().name().equals("last-heartbeat-seconds-ago")) {
          return Duration.ofSeconds(((Number) metric.getValue().metricValue()).longValue());
        }
      }
    }
    return Duration.ZERO;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("projection").start(this::run);
  }

  @Override
  public void stop() {
    stopping.countDown();
    Consumer<byte[], byte[]> consumer = polling;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      if (thread != null) {
        thread.join(Duration.ofSeconds(10));
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
    try {
      var reader = new EventReader(properties.registryUrl());
      new Rehearsal(properties.registryUrl(), reader, store).run();
      var projection = new Projection(reader::read, store::commit, letters::put, RETRY_BUDGET);
      while (!isStopping()) {
        consume(projection);
      }
    } catch (InterruptedException e) {
      log.info("projection interrupted");
    }
  }

  private void consume(Projection projection) throws InterruptedException {
    var consumer = new KafkaConsumer<>(configuration(), bytes(), bytes());
    polling = consumer;
    try {
      consumer.subscribe(TOPICS, positionFirst(consumer));
      while (!isStopping()) {
        turn(consumer, projection);
      }
    } catch (WakeupException e) {
      log.debug("woken to stop");
    } catch (FencedInstanceIdException e) {
      fail("another process uses the instance name " + instance, e);
      stopping.await();
    } catch (RuntimeException e) {
      fail("the consumer failed and is made anew: " + e.getClass().getSimpleName(), e);
      rest();
    } finally {
      polling = null;
      unpositioned.clear();
      consumer.close(
          CloseOptions.timeout(Duration.ofSeconds(3))
              .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
  }

  private void turn(Consumer<byte[], byte[]> consumer, Projection projection)
      throws InterruptedException {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      long polled = System.nanoTime();
      position(consumer);
      if (!records.isEmpty()) {
        deadLetters.increment(projection.project(records));
        commits.record(System.nanoTime() - polled, TimeUnit.NANOSECONDS);
        batches.record(records.count());
        hint(consumer, records);
        status = status.committed(Instant.now());
        backoff = FIRST_BACKOFF;
      }
      status = status.polled(lags(consumer), consumer.assignment().size());
    } catch (WakeupException | FencedInstanceIdException e) {
      throw e;
    } catch (OffsetOutOfRangeException e) {
      log.warn("{}; going back to the positions", e.getMessage());
      retreat(consumer);
    } catch (SQLException e) {
      fail("Postgres does not take the rows (SQLSTATE %s)".formatted(e.getSQLState()), e);
      retreat(consumer);
      rest();
    } catch (RegistryException e) {
      fail("the schema registry does not answer, or has lost the schemas", e);
      retreat(consumer);
      rest();
    } catch (RuntimeException e) {
      fail("the batch could not be handled: " + e.getClass().getSimpleName(), e);
      retreat(consumer);
      rest();
    }
  }

  /** Holds what was assigned until the database has said where to go on. */
  private ConsumerRebalanceListener positionFirst(Consumer<byte[], byte[]> consumer) {
    return new ConsumerRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        partitions.forEach(p -> consumer.seek(p, 0));
        unpositioned.addAll(partitions);
        status = status.joined();
      }

      @Override
      public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        unpositioned.removeAll(partitions);
        hints.keySet().removeAll(partitions);
      }
    };
  }

  private void position(Consumer<byte[], byte[]> consumer) throws SQLException {
    if (unpositioned.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> shown = store.positions();
    Map<TopicPartition, Long> first = consumer.beginningOffsets(unpositioned);
    Map<TopicPartition, Long> end = consumer.endOffsets(unpositioned);
    for (TopicPartition partition : unpositioned) {
      long begin = first.getOrDefault(partition, 0L);
      long next = shown.getOrDefault(partition, begin);
      if (next > end.getOrDefault(partition, 0L)) {
        // The fold may always start over: revisions keep what stands.
        log.warn(
            "{} is shown up to {} but ends before: the topic was made anew and is folded from its start",
            partition,
            next);
        store.forget(List.of(partition));
        next = begin;
      }
      consumer.seek(partition, Math.max(next, begin));
    }
    consumer.resume(unpositioned);
    unpositioned.clear();
  }

  private void retreat(Consumer<byte[], byte[]> consumer) {
    consumer.pause(consumer.assignment());
    unpositioned.addAll(consumer.assignment());
  }

  private void hint(Consumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
    hints.putAll(records.nextOffsets());
    Instant now = Instant.now();
    if (now.isAfter(hinted.plus(HINT_EVERY))) {
      consumer.commitAsync(Map.copyOf(hints), (offsets, refusal) -> {});
      hints.clear();
      hinted = now;
    }
  }

  private static Map<String, Long> lags(Consumer<byte[], byte[]> consumer) {
    var lags = new TreeMap<String, Long>();
    for (TopicPartition partition : consumer.assignment()) {
      consumer.currentLag(partition).ifPresent(lag -> lags.put(partition.toString(), lag));
    }
    return lags;
  }

  private void fail(String sentence, Exception e) {
    if (!sentence.equals(status.failure())) {
      log.error("{}", sentence, e);
    }
    status = status.failed(sentence);
  }

  private void rest() throws InterruptedException {
    if (!stopping.await(backoff.toMillis(), TimeUnit.MILLISECONDS)) {
      Duration longer = backoff.multipliedBy(2);
      backoff = longer.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : longer;
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private Map<String, Object> configuration() {
    return Map.ofEntries(
        Map.entry("bootstrap.servers", properties.kafkaBootstrap()),
        Map.entry("group.id", GROUP),
        // A restart under the same name takes its partitions over from its former self at once.
        Map.entry("group.instance.id", instance),
        Map.entry("client.id", instance),
        Map.entry("session.timeout.ms", 6000),
        Map.entry("heartbeat.interval.ms", 2000),
        Map.entry("partition.assignment.strategy", CooperativeStickyAssignor.class.getName()),
        Map.entry("enable.auto.commit", false),
        Map.entry("auto.offset.reset", "none"),
        Map.entry("allow.auto.create.topics", false),
        Map.entry("metadata.max.age.ms", 30_000),
        // What was asked of a broker that died is asked again soon, not after 30 s.
        Map.entry("request.timeout.ms", 5000),
        Map.entry("default.api.timeout.ms", 10_000),
        Map.entry("fetch.min.bytes", 1),
        Map.entry("max.poll.records", 500));
  }

  private static ByteArrayDeserializer bytes() {
    return new ByteArrayDeserializer();
  }
}
