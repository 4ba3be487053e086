package io.callsync.schemas;

import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.ChainChanged;
import io.callsync.events.ChainViolation;
import io.callsync.events.CustomerEvent;
import io.callsync.events.DirectoryEvent;
import io.callsync.events.OperatorAction;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Every topic of the system: its name, schema, partitions and retention, in this one place. */
public enum Topic {
  BOOKING_EVENTS("booking-events", BookingEvent.SCHEMA$, Retention.FOR_EVER),
  CALL_EVENTS("call-events", CallEvent.SCHEMA$, Retention.FOR_EVER),
  CUSTOMER_EVENTS("customer-events", CustomerEvent.SCHEMA$, Retention.FOR_EVER),
  DIRECTORY_EVENTS("directory-events", DirectoryEvent.SCHEMA$, Retention.COMPACTED),
  CHAIN_CHANGES("chain-changes", ChainChanged.SCHEMA$, Retention.DAYS),
  CHAIN_VIOLATIONS("chain-violations", ChainViolation.SCHEMA$, Retention.COMPACTED),
  OPERATOR_ACTIONS("operator-actions", OperatorAction.SCHEMA$, Retention.FOR_EVER);

  /** How long records of a topic are kept. */
  public enum Retention {
    FOR_EVER(Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1")),
    DAYS(
        Map.of(
            "cleanup.policy",
            "delete",
            "retention.ms",
            String.valueOf(Duration.ofDays(7).toMillis()))),
    COMPACTED(Map.of("cleanup.policy", "compact"));

    private final Map<String, String> configuration;

    Retention(Map<String, String> configuration) {
      this.configuration = configuration;
    }

    public Map<String, String> configuration() {
      return configuration;
    }
  }

  /**
   * Enough to spread over three instances; a key never moves because the number is never changed.
   */
  public static final int PARTITIONS = 3;

  private final String topicName;
  private final Schema schema;
  private final Retention retention;

  Topic(String topicName, Schema schema, Retention retention) {
    this.topicName = topicName;
    this.schema = schema;
    this.retention = retention;
  }

  public String topicName() {
    return topicName;
  }

  public Schema schema() {
    return schema;
  }

  public Retention retention() {
    return retention;
  }

  /** The registry's subject, by the topic name strategy that every Confluent client knows. */
  public String subject() {
    return topicName + "-value";
  }

  /** Where a consumer puts what it cannot handle. */
  public String deadLetterTopicName() {
    return topicName + ".dlt";
  }

  public static Optional<Topic> named(String topicName) {
    return Arrays.stream(values()).filter(t -> t.topicName.equals(topicName)).findFirst();
  }
}
