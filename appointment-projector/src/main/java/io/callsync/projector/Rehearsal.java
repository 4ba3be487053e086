package io.callsync.projector;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.Personal;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.SchemaRegistry.RegistryException;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Before the first event, a call that never was goes to the rows and is rolled back, many times:
 * the first bookings after a start should be seen as fast as all others.
 */
final class Rehearsal {

  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

  /** So that it waits for no row of the live ones, and they for none of its. */
  private static final int NO_PARTITION = -1;

  private static final int TIMES = 150;
  private static final Duration AT_MOST = Duration.ofSeconds(4);

  private final SchemaRegistry registry;
  private final EventReader reader;
  private final ReadModelStore store;

  Rehearsal(URI registryUrl, EventReader reader, ReadModelStore store) {
    this.registry = new SchemaRegistry(registryUrl);
    this.reader = reader;
    this.store = store;
  }

  /** Where a part is away there is no rehearsal, and no harm. */
  void run() {
    long began = System.nanoTime();
    try {
      List<ConsumerRecord<byte[], byte[]>> records =
          List.of(
              record(Topic.CUSTOMER_EVENTS, customer()),
              record(Topic.BOOKING_EVENTS, booking()),
              record(Topic.CALL_EVENTS, call()));
      for (int n = 0; n < TIMES && System.nanoTime() - began < AT_MOST.toNanos(); n++) {
        store.rehearse(Batch.of(records.stream().map(reader::read).toList()));
      }
    } catch (RegistryException | SQLException away) {
      log.info("the rehearsal ended early: {}", away.getClass().getSimpleName());
    }
    log.info("rehearsed for {} ms", Duration.ofNanos(System.nanoTime() - began).toMillis());
  }

  private ConsumerRecord<byte[], byte[]> record(Topic topic, SpecificRecord event) {
    byte[] framed =
        WireFormat.frame(registry.idOf(topic, event.getSchema()), AvroBody.of(event).bytes());
    return new ConsumerRecord<>(topic.topicName(), NO_PARTITION, 0, new byte[0], framed);
  }

  private static Meta meta(String type) {
    return Meta.newBuilder()
        .setEventId("00000000-0000-0000-0000-000000000000")
        .setType(type)
        .setRevision(1)
        .setOccurredAt(Instant.EPOCH)
        .setReceivedAt(Instant.EPOCH)
        .setSource("rehearsal")
        .setCause("rehearsal")
        .setCompanyId(-1L)
        .build();
  }

  private static CustomerEvent customer() {
    return new CustomerEvent(
        meta("CustomerRegistered"),
        Customer.newBuilder()
            .setCustomerId(-1)
            .setCompanyId(-1)
            .setIdentifiedBy("call")
            .setPersonal(Personal.seal(Map.of("name", "-")))
            .build());
  }

  private static BookingEvent booking() {
    return new BookingEvent(
        meta("BookingConfirmed"),
        Booking.newBuilder()
            .setBookingId("00000000-0000-0000-0000-000000000000")
            .setAppointmentId(-1)
            .setCalcomAccount("rehearsal")
            .setCalcomBookingId(-1L)
            .setCalcomUid("-")
            .setUidChain(List.of("-"))
            .setCallId(-1L)
            .setRetellCallId("rehearsal")
            .setCustomerId(-1L)
            .setCompanyId(-1L)
            .setServiceId(-1L)
            .setEventTypeId(-1L)
            .setStartsAt(Instant.EPOCH)
            .setEndsAt(Instant.EPOCH.plusSeconds(60))
            .setTimezone("UTC")
            .setStatus("confirmed")
            .setSource("rehearsal")
            .setAttendee(Personal.seal(Map.of("name", "-")))
            .build());
  }

  private static CallEvent call() {
    return new CallEvent(
        meta("CallLinked"),
        Call.newBuilder()
            .setCallId(-1)
            .setRetellCallId("rehearsal")
            .setCompanyId(-1L)
            .setCustomerId(-1L)
            .setDirection("inbound")
            .setStartedAt(Instant.EPOCH)
            .setStatus("ongoing")
            .setBookingConfirmed(true)
            .setPersonal(
                Personal.seal(
                    Map.of("booking_details", Map.of("calcom_booking", Map.of("uid", "-")))))
            .build());
  }
}
