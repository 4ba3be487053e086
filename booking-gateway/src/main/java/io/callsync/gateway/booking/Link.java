package io.callsync.gateway.booking;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one Cal.com uid. A reschedule makes a new uid, so a booking is a chain of
 * links and a link's own times never change.
 *
 * @param calcomBookingId Cal.com's numeric id
 * @param previousUid the uid this one replaced
 * @param previousStartsAt the start before the reschedule, as Cal.com told it
 * @param hostId Cal.com's user id of the host
 * @param attendeeName as booked
 * @param reason cancellation or rejection reason, free text
 */
public record Link(
    String uid,
    LinkStatus status,
    @Nullable Long calcomBookingId,
    @Nullable String previousUid,
    @Nullable Instant previousStartsAt,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Long eventTypeId,
    @Nullable Long hostId,
    @Nullable String hostEmail,
    @Nullable String recurringUid,
    @Nullable String attendeeName,
    @Nullable String attendeeEmail,
    @Nullable String attendeePhone,
    @Nullable String reason) {

  /** A uid that is only known as somebody's predecessor. */
  public static Link stub(String uid) {
    return new Link(
        uid,
        LinkStatus.UNKNOWN,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** A uid that Cal.com does not know any more. */
  public static Link gone(String uid) {
    return new Link(
        uid,
        LinkStatus.CANCELLED,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        "deleted at Cal.com");
  }

  /** Commutative, associative and idempotent. */
  public Link merge(Link other) {
    return new Link(
        uid,
        status.later(other.status),
        Merge.greater(calcomBookingId, other.calcomBookingId),
        Merge.greater(previousUid, other.previousUid),
        Merge.greater(previousStartsAt, other.previousStartsAt),
        Merge.greater(startsAt, other.startsAt),
        Merge.greater(endsAt, other.endsAt),
        Merge.greater(eventTypeId, other.eventTypeId),
        Merge.greater(hostId, other.hostId),
        Merge.greater(hostEmail, other.hostEmail),
        Merge.greater(recurringUid, other.recurringUid),
        Merge.greater(attendeeName, other.attendeeName),
        Merge.greater(attendeeEmail, other.attendeeEmail),
        Merge.greater(attendeePhone, other.attendeePhone),
        Merge.greater(reason, other.reason));
  }
}
