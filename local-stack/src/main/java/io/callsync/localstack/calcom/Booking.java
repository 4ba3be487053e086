package io.callsync.localstack.calcom;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A booking as the stand-in keeps it. */
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
    @Nullable Instant updatedAt) {

  enum Status {
    ACCEPTED,
    PENDING,
    CANCELLED,
    REJECTED
  }

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
        now);
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
        now);
  }
}
