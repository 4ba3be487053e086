package io.callsync.projector;

import static io.callsync.projector.Universe.bookingId;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.Personal;
import io.callsync.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

/**
 * Lives of many calls with their customers and bookings: reschedules, cancellations, wishes that
 * fail, wrong guesses, two that claim one booking of Cal.com for a while; told by three sources,
 * some twice, some late, some out of order.
 */
final class Histories {

  /** An event and where it is said. */
  record Said(Topic topic, String key, SpecificRecord event) {}

  private static final List<String> SOURCES = List.of("retell_phone", "calcom_webhook", "backfill");
  private static final Instant DAY = Instant.parse("2025-10-24T12:00:00Z");
  private static final int FAR = 3000;

  private final Random random;
  private final List<Said> said = new ArrayList<>();

  private Histories(long seed) {
    this.random = new Random(seed);
  }

  /** So many events, or a few more, as they may come. */
  static List<Said> of(int events, long seed) {
    var histories = new Histories(seed);
    for (int number = 1; histories.said.size() < events * 9 / 10; number++) {
      histories.live(number);
    }
    return histories.asTheyCome(events);
  }

  private List<Said> asTheyCome(int events) {
    var coming = new ArrayList<>(said);
    for (int i = 0; i < coming.size(); i += 10) {
      int late = Math.min(coming.size() - 1, i + random.nextInt(FAR));
      coming.add(late, coming.remove(i));
    }
    while (coming.size() < events) {
      int at = random.nextInt(coming.size());
      coming.add(Math.min(coming.size(), at + random.nextInt(FAR)), coming.get(at));
    }
    return coming;
  }

  private void live(int number) {
    for (long revision = 1; revision <= 1 + random.nextInt(2); revision++) {
      customer(number, revision);
    }
    call(number, 1, "CallStarted", "ongoing", false);
    call(number, 2, "CallLinked", "ongoing", true);
    call(number, 3, "CallEnded", "ended", true);
    call(number, 4, "CallAnalyzed", "ended", true);
    long revision = 1;
    Booking.Builder wish = Universe.booking(number).setCalcomBookingId(null).setCalcomUid(null);
    booking(number, revision++, "BookingRequested", wish.setStatus("requested"));
    if (oneIn(20)) {
      booking(number, revision, "BookingFailed", wish.setStatus("failed"));
      return;
    }
    if (oneIn(50)) {
      // It claims what the one before it holds, until it is corrected.
      Booking.Builder rival = Universe.booking(number).setCalcomBookingId(9000L + number - 1);
      booking(number, revision++, "BookingConfirmed", rival);
    }
    Booking.Builder now = Universe.booking(number);
    booking(number, revision++, "BookingConfirmed", now);
    if (oneIn(50)) {
      UUID guess = bookingId(-number);
      now.setAliases(List.of(guess.toString()));
      Booking.Builder guessed =
          Universe.booking(number)
              .setBookingId(guess.toString())
              .setAppointmentId(10_000_000L + number)
              .setCalcomBookingId(null);
      booking(-number, 1, "BookingConfirmed", guessed);
      booking(number, revision++, "BookingIdentified", now);
    }
    for (int move = 1; move <= random.nextInt(4); move++) {
      now.setPreviousStartsAt(now.getStartsAt())
          .setStartsAt(now.getStartsAt().plusSeconds(3600L * move))
          .setEndsAt(now.getEndsAt().plusSeconds(3600L * move))
          .setCalcomBookingId(1_000_000L * move + number)
          .setCalcomUid("uid" + number + "-" + move)
          .setFurtherCallIds(List.of(700L + number + 1));
      booking(number, revision++, "BookingRescheduled", now);
    }
    if (oneIn(4)) {
      booking(number, revision, "BookingCancelled", now.setStatus("cancelled"));
    }
  }

  private void booking(int number, long revision, String type, Booking.Builder state) {
    Booking snapshot = state.build();
    said.add(
        new Said(
            Topic.BOOKING_EVENTS,
            snapshot.getBookingId(),
            new BookingEvent(meta("b" + number, revision, type), snapshot)));
  }

  private void call(int number, long revision, String type, String status, boolean booked) {
    said.add(
        new Said(
            Topic.CALL_EVENTS,
            "call_" + number,
            new CallEvent(
                meta("c" + number, revision, type),
                Universe.call(number)
                    .setStatus(status)
                    .setCustomerId(booked ? (long) number : null)
                    .setBookingConfirmed(booked)
                    .setAnalyzed(type.equals("CallAnalyzed"))
                    .setBookingIds(booked ? List.of(bookingId(number).toString()) : List.of())
                    .build())));
  }

  private void customer(int number, long revision) {
    said.add(
        new Said(
            Topic.CUSTOMER_EVENTS,
            String.valueOf(number),
            new CustomerEvent(
                meta("k" + number, revision, "CustomerChanged"),
                Customer.newBuilder()
                    .setCustomerId(number)
                    .setCompanyId(1)
                    .setIdentifiedBy("phone")
                    .setPersonal(Personal.seal(Map.of("name", "Kunde " + random.nextInt(9))))
                    .build())));
  }

  private static Meta meta(String subject, long revision, String type) {
    int turn = Math.floorMod(subject.hashCode() + (int) revision, SOURCES.size());
    return Meta.newBuilder()
        .setEventId(
            UUID.nameUUIDFromBytes((subject + revision).getBytes(StandardCharsets.UTF_8))
                .toString())
        .setType(type)
        .setRevision(revision)
        .setOccurredAt(DAY.plusSeconds(revision))
        .setReceivedAt(DAY.plusSeconds(revision + turn))
        .setSource(SOURCES.get(turn))
        .setCause("delivery:" + revision)
        .setCompanyId(1L)
        .build();
  }

  private boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }
}
