package io.callsync.systemtests;

import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.ChainViolation;
import io.callsync.events.OperatorAction;
import io.callsync.localstack.Addresses;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What is on the topics, read from the start by a plain consumer. */
final class Topics implements AutoCloseable {

  /** One topic, as far as it has been read. */
  private static final class Tail {
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<String, SpecificRecord> consumer;
    private final List<ConsumerRecord<String, SpecificRecord>> records = new ArrayList<>();

    Tail(Topic topic, Addresses addresses) {
      partitions =
          IntStream.range(0, Topic.PARTITIONS)
              .mapToObj(p -> new TopicPartition(topic.topicName(), p))
              .toList();
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  "bootstrap.servers",
                  addresses.kafka(),
                  "enable.auto.commit",
                  false,
                  "auto.offset.reset",
                  "earliest",
                  "default.api.timeout.ms",
                  5000,
                  "request.timeout.ms",
                  4000),
              new StringDeserializer(),
              new EventDeserializer(new SchemaRegistry(addresses.registry())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }

    /** Everything that was there when it was asked. */
    List<ConsumerRecord<String, SpecificRecord>> read() {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return List.copyOf(records);
    }
  }

  private final Addresses addresses;
  private final Map<Topic, Tail> tails = new EnumMap<>(Topic.class);

  Topics(Addresses addresses) {
    this.addresses = addresses;
  }

  private synchronized List<ConsumerRecord<String, SpecificRecord>> read(Topic topic) {
    return tails.computeIfAbsent(topic, t -> new Tail(t, addresses)).read();
  }

  private <E> List<E> withKey(Topic topic, String key, Class<E> type) {
    return read(topic).stream()
        .filter(record -> key.equals(record.key()) && record.value() != null)
        .map(record -> type.cast(record.value()))
        .toList();
  }

  /** All events of a booking, in the order of the topic. */
  List<BookingEvent> booking(String bookingId) {
    return withKey(Topic.BOOKING_EVENTS, bookingId, BookingEvent.class);
  }

  List<String> typesOfBooking(String bookingId) {
    return booking(bookingId).stream().map(e -> e.getMeta().getType()).toList();
  }

  List<CallEvent> call(Caller caller) {
    return withKey(Topic.CALL_EVENTS, caller.callId(), CallEvent.class);
  }

  List<String> typesOfCall(Caller caller) {
    return call(caller).stream().map(e -> e.getMeta().getType()).toList();
  }

  /** Every state that violations went through, oldest first. */
  List<ChainViolation> violations() {
    return read(Topic.CHAIN_VIOLATIONS).stream()
        .filter(record -> record.value() != null)
        .map(record -> (ChainViolation) record.value())
        .toList();
  }

  /** What operators did, as told by one service and number. */
  List<OperatorAction> actions(String actionId) {
    return withKey(Topic.OPERATOR_ACTIONS, actionId, OperatorAction.class);
  }

  /** The state of a violation today: OPEN, RESOLVED, or none where it never was. */
  String violation(String rule, String subjectType, Object subjectId) {
    String id = rule + ":" + subjectType + ":" + subjectId;
    Map<String, String> states = new LinkedHashMap<>();
    violations().forEach(v -> states.put(v.getViolationId(), v.getState()));
    return states.getOrDefault(id, "none");
  }

  /** All that were ever open about a call or an appointment. */
  List<ChainViolation> violationsAbout(long callId, long appointmentId) {
    return violations().stream()
        .filter(
            v ->
                Long.valueOf(callId).equals(v.getCallId())
                    || (v.getSubjectType().equals("call")
                        && v.getSubjectId().equals(String.valueOf(callId)))
                    || (v.getSubjectType().equals("appointment")
                        && v.getSubjectId().equals(String.valueOf(appointmentId))))
        .toList();
  }

  @Override
  public synchronized void close() {
    tails.values().forEach(tail -> tail.consumer.close());
    tails.clear();
  }
}
