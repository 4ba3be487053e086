package io.callsync.projector;

import io.callsync.projector.Change.BookingChange;
import io.callsync.projector.Change.CallRow;
import io.callsync.projector.Change.CustomerRow;
import io.callsync.projector.Change.DirectoryRow;
import io.callsync.projector.Incoming.Understood;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where one event of an aggregate lies in the log.
 *
 * @param aggregate the topic's key: booking id, Retell's call id, or customer id
 * @param callId our id of the call that it is of or about
 * @param recordedAt when it was said, by the outbox's clock
 */
record IndexEntry(
    String topic,
    int partition,
    long offset,
    String aggregate,
    long revision,
    @Nullable Long callId,
    @Nullable Long customerId,
    Instant recordedAt) {

  /** The entry of an event; none for the directory's, whose topic is compacted. */
  static Stream<IndexEntry> of(Understood event) {
    return switch (event.change()) {
      case BookingChange b ->
          Stream.of(
              entry(event, b.row().bookingId().toString(), b.row().callId(), b.row().customerId()));
      case CallRow call ->
          Stream.of(entry(event, call.retellCallId(), call.id(), call.customerId()));
      case CustomerRow customer ->
          Stream.of(entry(event, String.valueOf(customer.id()), null, customer.id()));
      case DirectoryRow _ -> Stream.empty();
    };
  }

  private static IndexEntry entry(
      Understood event, String aggregate, @Nullable Long callId, @Nullable Long customerId) {
    ConsumerRecord<byte[], byte[]> source = event.source();
    return new IndexEntry(
        source.topic(),
        source.partition(),
        source.offset(),
        aggregate,
        event.change().revision(),
        callId,
        customerId,
        Instant.ofEpochMilli(source.timestamp()));
  }
}
