package io.callsync.projector;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Branch;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.Company;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.DirectoryEvent;
import io.callsync.events.Meta;
import io.callsync.events.PhoneNumber;
import io.callsync.events.Service;
import io.callsync.events.Staff;
import io.callsync.schemas.Personal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;

/** Makes event streams: single events for examples, and small crowded worlds for properties. */
final class Universe {

  private static final Instant DAY = Instant.parse("2025-10-24T12:00:00Z");
  private static final List<String> STATUSES =
      List.of(
          "requested",
          "pending",
          "confirmed",
          "confirmed",
          "confirmed",
          "declined",
          "failed",
          "cancelled",
          "completed",
          "no_show");

  private final Random random;

  Universe(long seed) {
    this.random = new Random(seed);
  }

  /**
   * All revisions of a few aggregates that get in each other's way wherever the schema lets them.
   */
  static List<SpecificRecord> world(long seed) {
    return new Universe(seed).world();
  }

  /** The events in any order, some of them more than once. */
  static List<SpecificRecord> shuffled(List<SpecificRecord> events, long seed) {
    var random = new Random(seed);
    var shuffled = new ArrayList<>(events);
    for (int i = random.nextInt(events.size() + 1); i > 0; i--) {
      shuffled.add(events.get(random.nextInt(events.size())));
    }
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  static UUID bookingId(int number) {
    return UUID.nameUUIDFromBytes(("booking " + number).getBytes(StandardCharsets.UTF_8));
  }

  static Meta meta(long revision, String type) {
    return Meta.newBuilder()
        .setEventId(
            UUID.nameUUIDFromBytes((type + revision).getBytes(StandardCharsets.UTF_8)).toString())
        .setType(type)
        .setRevision(revision)
        .setOccurredAt(DAY.plusSeconds(revision))
        .setReceivedAt(DAY.plusSeconds(revision + 1))
        .setSource("retell_phone")
        .setCause("delivery:" + revision)
        .setCompanyId(1L)
        .build();
  }

  /** A confirmed booking of Erika Beispiel. */
  static Booking.Builder booking(int number) {
    return Booking.newBuilder()
        .setBookingId(bookingId(number).toString())
        .setAppointmentId(500 + number)
        .setCalcomAccount("default")
        .setCalcomBookingId(9000L + number)
        .setCalcomUid("uid" + number)
        .setUidChain(List.of("uid" + number))
        .setCallId(700L + number)
        .setRetellCallId("call_" + number)
        .setCustomerId(1L)
        .setCompanyId(1L)
        .setServiceId(1001L)
        .setStartsAt(DAY)
        .setEndsAt(DAY.plusSeconds(55 * 60))
        .setTimezone("Europe/Berlin")
        .setStatus("confirmed")
        .setSource("retell_phone")
        .setRequestId("req-" + number)
        .setRequestedAt(DAY.minusSeconds(60))
        .setWishedStart(DAY)
        .setAttendee(
            Personal.seal(
                Map.of(
                    "name",
                    "Erika Beispiel",
                    "phone",
                    "+491713920001",
                    "email",
                    "erika@example.org")));
  }

  static BookingEvent event(long revision, String type, Booking.Builder booking) {
    return BookingEvent.newBuilder()
        .setMeta(meta(revision, type))
        .setBooking(booking.build())
        .build();
  }

  static Call.Builder call(int number) {
    return Call.newBuilder()
        .setCallId(700 + number)
        .setRetellCallId("call_" + number)
        .setCompanyId(1L)
        .setDirection("inbound")
        .setToNumber("+493023125001")
        .setStartedAt(DAY.minusSeconds(120))
        .setStatus("ongoing")
        .setPersonal(Personal.seal(Map.of("from_number", "+491713920001")));
  }

  static CallEvent event(long revision, String type, Call.Builder call) {
    return CallEvent.newBuilder().setMeta(meta(revision, type)).setCall(call.build()).build();
  }

  static CustomerEvent customer(long revision, int number, String name) {
    return CustomerEvent.newBuilder()
        .setMeta(meta(revision, "CustomerChanged"))
        .setCustomer(
            Customer.newBuilder()
                .setCustomerId(number)
                .setCompanyId(1)
                .setIdentifiedBy("phone")
                .setPersonal(Personal.seal(Map.of("name", name, "phone", "+491713920001")))
                .build())
        .build();
  }

  static DirectoryEvent directory(long revision, boolean deleted, SpecificRecord entry) {
    DirectoryTable table = DirectoryTable.of(entry);
    return DirectoryEvent.newBuilder()
        .setMeta(meta(revision, "DirectoryChanged"))
        .setEntityType(table.entityType())
        .setEntityId(table.idOf(entry))
        .setDeleted(deleted)
        .setEntry(entry)
        .build();
  }

  private List<SpecificRecord> world() {
    var events = new ArrayList<SpecificRecord>();
    for (int number = 1; number <= 5; number++) {
      for (long revision = 1; revision <= 1 + random.nextInt(5); revision++) {
        events.add(event(revision, "BookingCorrected", crowdedBooking(number)));
      }
    }
    for (int number = 1; number <= 3; number++) {
      for (long revision = 1; revision <= 1 + random.nextInt(4); revision++) {
        events.add(event(revision, "CallLinked", anyCall(number)));
        events.add(customer(revision, number, "Name \"" + random.nextInt(9) + "\\,{}'"));
        events.add(directory(revision, chance(4), anyEntry(number)));
      }
    }
    return events;
  }

  /**
   * Three ids at Cal.com for five bookings, wrong guesses among them, further calls that come and
   * go.
   */
  private Booking.Builder crowdedBooking(int number) {
    Booking.Builder booking =
        booking(number)
            .setStatus(STATUSES.get(random.nextInt(STATUSES.size())))
            .setCalcomBookingId(chance(4) ? null : 9000L + random.nextInt(3))
            .setSeatUid(chance(6) ? "seat" : "")
            .setCallId(chance(3) ? null : 700L + random.nextInt(3))
            .setFurtherCallIds(
                IntStream.range(0, random.nextInt(3))
                    .mapToObj(i -> 800L + random.nextInt(3))
                    .toList())
            .setStartsAt(chance(5) ? null : DAY.plusSeconds(random.nextInt(1000)))
            .setInDoubt(chance(3))
            .setMetadata(Map.of("host", "h" + random.nextInt(3)));
    if (chance(8)) {
      booking.setAliases(List.of(bookingId(1 + random.nextInt(5)).toString()));
    }
    if (chance(12)) {
      booking.setStatus("aliased").setAliasOf(bookingId(1 + random.nextInt(5)).toString());
    }
    return booking;
  }

  private Call.Builder anyCall(int number) {
    return call(number)
        .setCustomerId(chance(2) ? null : 1L + random.nextInt(3))
        .setStatus(chance(2) ? "ended" : "ongoing")
        .setCallSuccessful(chance(3) ? null : chance(2))
        .setBookingConfirmed(chance(2))
        .setBookingIds(
            IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> "b\"\\, {}" + random.nextInt(3))
                .toList())
        .setMetadata(Map.of("k", "v" + random.nextInt(5)))
        .setPersonal(
            Personal.seal(
                chance(2)
                    ? Map.of("summary", "said \\ so")
                    : Map.of(
                        "booking_details",
                        Map.of("calcom_booking", Map.of("id", random.nextInt(9))))));
  }

  private SpecificRecord anyEntry(int number) {
    return switch (random.nextInt(5)) {
      case 0 -> Company.newBuilder().setId(number).setName("Company " + random.nextInt(9)).build();
      case 1 ->
          Branch.newBuilder()
              .setId("b" + number)
              .setCompanyId(1)
              .setName("Branch " + random.nextInt(9))
              .build();
      case 2 ->
          PhoneNumber.newBuilder()
              .setId("p" + number)
              .setCompanyId(1)
              .setNumber("+4930" + random.nextInt(9))
              .build();
      case 3 ->
          Service.newBuilder()
              .setId(number)
              .setCompanyId(1)
              .setName("Beratung")
              .setSynonyms(List.of("Rat", "\"Gespräch\""))
              .setDurationMinutes(random.nextInt(90))
              .setEventTypeId(1003)
              .build();
      default ->
          Staff.newBuilder()
              .setId("s" + number)
              .setCompanyId(1)
              .setPersonal(Personal.seal(Map.of("name", "Staff " + random.nextInt(9))))
              .build();
    };
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }
}
