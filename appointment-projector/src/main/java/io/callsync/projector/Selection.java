package io.callsync.projector;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/** Which aggregates are replayed: those of which at least one of these events is. */
sealed interface Selection {

  /** A condition on the index of events. */
  String condition();

  /** The condition's parameters, in their order. */
  List<Object> parameters();

  /** Events said in this span of time, its end excluded. */
  record Span(Instant from, Instant to) implements Selection {
    @Override
    public String condition() {
      return "recorded_at >= ? and recorded_at < ?";
    }

    @Override
    public List<Object> parameters() {
      return List.of(java.sql.Timestamp.from(from), java.sql.Timestamp.from(to));
    }
  }

  /** Events at these offsets of a partition, both included. */
  record Offsets(TopicPartition partition, long first, long last) implements Selection {
    @Override
    public String condition() {
      return "topic = ? and partition = ? and record_offset between ? and ?";
    }

    @Override
    public List<Object> parameters() {
      return List.of(partition.topic(), partition.partition(), first, last);
    }
  }

  /** One booking. */
  record OfBooking(UUID bookingId) implements Selection {
    @Override
    public String condition() {
      return "topic = 'booking-events' and aggregate = ?";
    }

    @Override
    public List<Object> parameters() {
      return List.of(bookingId.toString());
    }
  }

  /** A call by our id, its bookings, and the customers that these name. */
  record OfCall(long callId) implements Selection {
    @Override
    public String condition() {
      return """
          (call_id = ? or topic = 'customer-events' and aggregate in (
             select customer_id::text from projected_event where call_id = ?))""";
    }

    @Override
    public List<Object> parameters() {
      return List.of(callId, callId);
    }
  }
}
