package io.callsync.localstack.calcom;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A booking as the stand-in keeps it.
 *
 * @param attendee who booked, with seats the first who did
 * @param seats all who share the time; empty where the event type has no seats
 * @param absent the addresses of those whom the host marked absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Booking(
    long id,
    String uid,
    int eventTypeId,
    int hostId,
    Status status,
    Instant start,
    Instant end,
    Attendee attendee,
    List<String> guests,
    Map<String, String> metadata,
    Map<String, Object> responses,
    String icsUid,
    int icsSequence,
    @Nullable String cancellationReason,
    @Nullable String cancelledByEmail,
    @Nullable String reschedulingReason,
    @Nullable String rescheduledByEmail,
    @Nullable String rescheduledFromUid,
    @Nullable String rescheduledToUid,
    Instant createdAt,
    @Nullable Instant updatedAt,
    List<Seat> seats,
    @Nullable Series series,
    List<String> absent) {

  /** Lines that were kept before there were seats have none. */
  @SuppressWarnings("NullAway") // Jackson gives null for what an older line lacks.
  Booking {
    seats = seats == null ? List.of() : seats;
    absent = absent == null ? List.of() : absent;
  }

  enum Status {
    ACCEPTED,
    PENDING,
    CANCELLED,
    REJECTED
  }

  /** One of the people who share a booking, with the metadata of their own request. */
  record Seat(String uid, Attendee attendee, Map<String, String> metadata) {}

  /** What the occurrences of a recurring booking have in common. */
  record Series(String uid, int count) {}

  record Attendee(
      String name, String email, @Nullable String phoneNumber, String timeZone, String language) {

    boolean isSamePersonAs(Attendee other) {
      return email.equalsIgnoreCase(other.email)
          || (phoneNumber != null && phoneNumber.equals(other.phoneNumber));
    }
  }

  boolean isLive() {
    return status == Status.ACCEPTED || status == Status.PENDING;
  }

  boolean overlaps(Instant otherStart, Instant otherEnd) {
    return start.isBefore(otherEnd) && otherStart.isBefore(end);
  }

  Booking withStatus(Status changed, @Nullable String reason, @Nullable String by, Instant now) {
    return new Booking(
        id,
        uid,
        eventTypeId,
        hostId,
        changed,
        start,
        end,
        attendee,
        guests,
        metadata,
        responses,
        icsUid,
        icsSequence + 1,
        reason,
        by,
        reschedulingReason,
        rescheduledByEmail,
        rescheduledFromUid,
        rescheduledToUid,
        createdAt,
        now,
        seats,
        series,
        absent);
  }

  /** The old link of the chain after a reschedule. */
  Booking replacedBy(Booking next, Instant now) {
    return new Booking(
        id,
        uid,
        eventTypeId,
        hostId,
        Status.CANCELLED,
        start,
        end,
        attendee,
        guests,
        metadata,
        responses,
        icsUid,
        icsSequence,
        cancellationReason,
        cancelledByEmail,
        reschedulingReason,
        next.rescheduledByEmail,
        rescheduledFromUid,
        next.uid,
        createdAt,
        now,
        seats,
        series,
        absent);
  }

  /** The address of those who did not come, and nothing else, has changed. */
  Booking withAbsent(String email, boolean noShow) {
    Set<String> marked = new TreeSet<>(absent);
    if (noShow) {
      marked.add(email);
    } else {
      marked.remove(email);
    }
    return with(seats, List.copyOf(marked), updatedAt);
  }

  Booking withSeats(List<Seat> taken, Instant now) {
    return with(List.copyOf(taken), absent, now);
  }

  private Booking with(List<Seat> taken, List<String> marked, @Nullable Instant updated) {
    return new Booking(
        id,
        uid,
        eventTypeId,
        hostId,
        status,
        start,
        end,
        attendee,
        guests,
        metadata,
        responses,
        icsUid,
        icsSequence,
        cancellationReason,
        cancelledByEmail,
        reschedulingReason,
        rescheduledByEmail,
        rescheduledFromUid,
        rescheduledToUid,
        createdAt,
        updated,
        taken,
        series,
        marked);
  }
}
