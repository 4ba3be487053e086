package io.callsync.validator.feed;

import io.callsync.ops.deadletter.DeadLetters;
import io.callsync.schemas.Topic;
import io.callsync.validator.position.Positions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads topics into our database. A batch is taken in the transaction that moves the positions, so
 * it counts exactly once. What cannot be taken becomes a dead letter. While its gate is closed a
 * batch is held and nothing further is read.
 */
final class Feed implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Feed.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration HELD_POLL = Duration.ofMillis(20);
  private static final Duration LONG_HELD_POLL = Duration.ofMillis(250);
  private static final Duration MARK_EVERY = Duration.ofSeconds(1);
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final String name;
  private final List<Topic> topics;
  private final Properties consumerProperties;
  private final Taking taking;
  private final DeadLetters letters;
  private final Gate gate;
  private final Positions positions;
  private final Clock clock;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private @Nullable Thread thread;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
  private volatile @Nullable String trouble = "no partition is assigned yet";

  // Of the reading thread alone.
  private ConsumerRecords<byte[], byte[]> held = ConsumerRecords.empty();
  private Instant heldSince = Instant.EPOCH;
  private boolean waitSaid;
  private boolean rewind = true;
  private @Nullable Mark mark;
  private Instant lastMark = Instant.EPOCH;

  /** The ends of all partitions at one time: once they are read, all of that time is. */
  private record Mark(Instant at, Map<TopicPartition, Long> ends) {}

  Feed(
      String name,
      List<Topic> topics,
      String bootstrap,
      Taking taking,
      DeadLetters letters,
      Gate gate,
      Positions positions,
      Clock clock) {
    this.name = name;
    this.topics = topics;
    this.taking = taking;
    this.letters = letters;
    this.gate = gate;
    this.positions = positions;
    this.clock = clock;
    this.consumerProperties = new Properties();
    consumerProperties.putAll(
        Map.ofEntries(
            Map.entry(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
            Map.entry(ConsumerConfig.GROUP_ID_CONFIG, name),
            Map.entry(ConsumerConfig.CLIENT_ID_CONFIG, name),
            Map.entry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
            Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
            Map.entry(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false"),
            // Few larger reads cost less than many small ones; a check waits longer anyway.
            Map.entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "65536"),
            Map.entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100"),
            Map.entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "1000"),
            // A topic that is created after us is found soon.
            Map.entry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "10000"),
            // What was asked of a broker that died is asked again soon.
            Map.entry(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000"),
            Map.entry(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000"),
            // A killed instance hands over soon.
            Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000"),
            Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1500"),
            Map.entry(ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, "")));
  }

  String name() {
    return name;
  }

  /** What is wrong, null where all is well. */
  @Nullable String trouble() {
    return trouble;
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name(name).start(this::run);
  }

  @Override
  public void stop() {
    stopped.countDown();
    KafkaConsumer<byte[], byte[]> reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
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
    while (stopped.getCount() > 0) {
      try (var reading =
          new KafkaConsumer<>(
              consumerProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        consumer = reading;
        reading.subscribe(topics.stream().map(Topic::topicName).toList(), new Rewind());
        while (stopped.getCount() > 0) {
          step(reading);
        }
      } catch (RuntimeException e) {
        // For instance a bootstrap name that does not resolve yet.
        say(e);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void step(KafkaConsumer<byte[], byte[]> reading) {
    try {
      if (rewind) {
        rewind(reading);
      }
      var polled = reading.poll(held.isEmpty() ? POLL : waitSaid ? LONG_HELD_POLL : HELD_POLL);
      if (rewind) {
        return;
      }
      if (!polled.isEmpty()) {
        held = polled;
        heldSince = clock.instant();
        waitSaid = false;
        reading.pause(reading.assignment());
      }
      if (!held.isEmpty()) {
        takeOrWait(reading);
      }
      if (held.isEmpty()) {
        keepMark(reading);
      }
      if (trouble != null && !reading.assignment().isEmpty()) {
        log.info("{} reads", name);
        trouble = null;
      }
    } catch (WakeupException stopping) {
      // The loop ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      rewind = true;
      pause();
    } catch (RuntimeException e) {
      say(e);
      rewind = true;
      pause();
    }
  }

  private void takeOrWait(KafkaConsumer<byte[], byte[]> reading) throws InterruptedException {
    Map<TopicPartition, Long> ends = ends(held);
    if (gate.passed(ends)) {
      Map<TopicPartition, Positions.Position> next = next(held, ends);
      taking.take(held, letters::put, () -> positions.keep(next));
      held = ConsumerRecords.empty();
      reading.resume(reading.paused());
    } else if (!waitSaid && heldSince.plusSeconds(1).isBefore(clock.instant())) {
      positions.waiting(ends.keySet(), heldSince);
      waitSaid = true;
    }
  }

  /** Says once a second up to what time all has been read, also where nothing comes. */
  private void keepMark(KafkaConsumer<byte[], byte[]> reading) {
    Instant now = clock.instant();
    Mark current = mark;
    if (current == null && lastMark.plus(MARK_EVERY).isBefore(now)) {
      current = new Mark(now, reading.endOffsets(reading.assignment(), ASK_TIMEOUT));
      lastMark = now;
      mark = current;
    }
    if (current == null || current.ends().isEmpty()) {
      mark = null;
      return;
    }
    for (var end : current.ends().entrySet()) {
      if (reading.position(end.getKey(), ASK_TIMEOUT) < end.getValue()) {
        return;
      }
    }
    positions.keepReadUpTo(current.ends().keySet(), current.at());
    mark = null;
  }

  private void rewind(KafkaConsumer<byte[], byte[]> reading) {
    held = ConsumerRecords.empty();
    mark = null;
    Map<TopicPartition, Positions.Position> known = positions.all();
    for (TopicPartition partition : reading.assignment()) {
      Positions.Position position = known.get(partition);
      if (position == null) {
        reading.seekToBeginning(List.of(partition));
      } else {
        reading.seek(partition, position.nextOffset());
      }
    }
    reading.resume(reading.paused());
    rewind = false;
  }

  private static Map<TopicPartition, Long> ends(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      ends.put(partition, records.records(partition).getLast().offset() + 1);
    }
    return ends;
  }

  private Map<TopicPartition, Positions.Position> next(
      ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Positions.Position> next = new HashMap<>();
    Instant now = clock.instant();
    ends.forEach(
        (partition, end) -> {
          Instant sent = Instant.ofEpochMilli(records.records(partition).getLast().timestamp());
          next.put(partition, new Positions.Position(end, sent.isAfter(now) ? now : sent, null));
        });
    return next;
  }

  private void say(RuntimeException e) {
    String now = e.getClass().getSimpleName() + ": " + e.getMessage();
    if (!Objects.equals(trouble, now)) {
      log.warn("{} cannot read, will go on trying: {}", name, now);
    }
    trouble = now;
  }

  private void pause() {
    try {
      boolean stopping = stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
      if (stopping) {
        log.debug("{} stops", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Other partitions than before: go on from where our database says. */
  private final class Rewind implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      rewind = true;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      rewind = true;
    }
  }
}
