package io.callsync.localstack.demo;

import io.callsync.events.ChainChanged;
import io.callsync.localstack.Addresses;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.Personal;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;

/**
 * Listens to the rows as they are committed and keeps the first time at which each was linked: from
 * then on people see it.
 */
final class ChainChanges implements AutoCloseable {

  private final KafkaConsumer<String, SpecificRecord> consumer;
  private final Thread thread;
  private final Map<String, Long> linkedAppointments = new HashMap<>();
  private final Map<String, Long> confirmedCalls = new HashMap<>();
  private final Map<String, Long> customers = new HashMap<>();

  /** From now on. */
  ChainChanges(Addresses addresses) {
    consumer =
        new KafkaConsumer<>(
            // The records carry their times, so they may be fetched in bulk: looking on should cost
            // little.
            Map.of(
                "bootstrap.servers",
                addresses.kafka(),
                "enable.auto.commit",
                "false",
                "fetch.min.bytes",
                65_536,
                "fetch.max.wait.ms",
                200),
            new StringDeserializer(),
            new EventDeserializer(new SchemaRegistry(addresses.registry())));
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topic.CHAIN_CHANGES.topicName()).stream()
            .map(p -> new TopicPartition(p.topic(), p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Seeking is lazy: asked for now, it is the end as it is now.
    partitions.forEach(consumer::position);
    thread = Thread.ofPlatform().name("chain-changes").start(this::listen);
  }

  private void listen() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<String, SpecificRecord> record :
            consumer.poll(Duration.ofMillis(500))) {
          if (record.value() instanceof ChainChanged change) {
            take(change);
          }
        }
      }
    } catch (WakeupException e) {
      // Closed.
    }
  }

  private synchronized void take(ChainChanged change) {
    if (change.getAfter() == null || change.getOp().equals("r")) {
      return;
    }
    JsonNode row = Personal.open(change.getAfter());
    long at = change.getCommitTimeMicros();
    switch (change.getTable()) {
      case "appointments" -> {
        if (!row.path("call_id").isNull() && row.path("status").asString("").equals("confirmed")) {
          linkedAppointments.putIfAbsent(change.getRowId(), at);
        }
      }
      case "calls" -> {
        if (row.path("booking_confirmed").asBoolean(false) && !row.path("customer_id").isNull()) {
          confirmedCalls.putIfAbsent(row.path("retell_call_id").asString(""), at);
        }
      }
      case "customers" -> {
        if (change.getOp().equals("c")) {
          customers.putIfAbsent(change.getRowId(), at);
        }
      }
      default -> {}
    }
  }

  /**
   * When the last of the three rows was committed: the appointment with its call, the call with its
   * customer, and the customer where it is new; empty while one is missing.
   */
  synchronized OptionalLong linkedAtMicros(
      String appointmentId, String retellCallId, String customerId) {
    Long appointment = linkedAppointments.get(appointmentId);
    Long call = confirmedCalls.get(retellCallId);
    if (appointment == null || call == null) {
      return OptionalLong.empty();
    }
    long customer = Optional.ofNullable(customers.get(customerId)).orElse(0L);
    return OptionalLong.of(Math.max(Math.max(appointment, call), customer));
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
