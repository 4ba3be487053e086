package io.callsync.gateway.booking;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one Cal.com uid. A reschedule makes a new uid, so a booking is a chain of
 * links and a link's own times never change.
 *
 * @param calcomBookingId Cal.com's numeric id
 * @param previousUid the uid this one replaced
 * @param previousStartsAt the start before the reschedule, as Cal.com told it
 * @param hostId Cal.com's user id of the host
 * @param recurringUid what the occurrences of a series have in common
 * @param attendeeName as booked
 * @param reason cancellation or rejection reason, free text
 * @param absences by e-mail address in lower case, as the host marked them
 * @param expected the e-mail addresses of all attendees in lower case
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
    @Nullable String reason,
    NavigableSet<LinkMark> marks,
    NavigableMap<String, Absence> absences,
    NavigableSet<String> expected) {

  /** A state that was stored before marks were known has none. */
  @SuppressWarnings("NullAway") // Jackson gives null for what an older state lacks.
  public Link {
    marks = marks == null ? new TreeSet<>() : marks;
    absences = absences == null ? new TreeMap<>() : absences;
    expected = expected == null ? new TreeSet<>() : expected;
  }

  /** A uid that is only known as somebody's predecessor. */
  public static Link stub(String uid) {
    return of(uid, null);
  }

  /** A uid that is only spoken of. */
  public static Link of(String uid, @Nullable Long calcomBookingId) {
    return of(uid, LinkStatus.UNKNOWN, calcomBookingId, null);
  }

  /** A uid that is only spoken of, as the successor of another one where that is known. */
  public static Link of(String uid, @Nullable Long calcomBookingId, @Nullable String previousUid) {
    Link alone = of(uid, calcomBookingId);
    return previousUid == null || previousUid.equals(uid) ? alone : alone.after(previousUid);
  }

  private Link after(String previous) {
    return new Link(
        uid,
        status,
        calcomBookingId,
        previous,
        previousStartsAt,
        startsAt,
        endsAt,
        eventTypeId,
        hostId,
        hostEmail,
        recurringUid,
        attendeeName,
        attendeeEmail,
        attendeePhone,
        reason,
        marks,
        absences,
        expected);
  }

  private static Link of(
      String uid, LinkStatus status, @Nullable Long calcomBookingId, @Nullable String reason) {
    return new Link(
        uid,
        status,
        calcomBookingId,
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
        reason,
        new TreeSet<>(),
        new TreeMap<>(),
        new TreeSet<>());
  }

  /** A uid that Cal.com does not know any more. */
  public static Link gone(String uid) {
    return of(uid, LinkStatus.CANCELLED, null, "deleted at Cal.com");
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
        Merge.greater(reason, other.reason),
        Merge.union(marks, other.marks),
        Merge.union(absences, other.absences, Absence::later),
        Merge.union(expected, other.expected));
  }

  public Link marked(LinkMark... more) {
    var all = new TreeSet<>(marks);
    all.addAll(List.of(more));
    return with(all, absences, expected);
  }

  public Link marked(Map<String, Absence> more) {
    var all = new TreeMap<String, Absence>();
    more.forEach((email, absence) -> all.merge(folded(email), absence, Absence::later));
    return with(marks, all, expected);
  }

  public Link expecting(Collection<String> emails) {
    var all = new TreeSet<String>();
    emails.forEach(email -> all.add(folded(email)));
    return with(marks, absences, all);
  }

  /** What the same message says of one of the seats. */
  public Link of(Seat seat) {
    Link marked = marked(LinkMark.SEATED);
    var alone = new TreeSet<String>();
    if (seat.email() != null) {
      alone.add(folded(seat.email()));
    }
    return new Link(
        uid,
        status,
        calcomBookingId,
        previousUid,
        previousStartsAt,
        startsAt,
        endsAt,
        eventTypeId,
        hostId,
        hostEmail,
        recurringUid,
        seat.name(),
        seat.email(),
        seat.phone(),
        reason,
        marked.marks,
        absences,
        alone);
  }

  /** What is true of every seat of the uid, also of one that was not known when it was said. */
  public Link ofAllSeats() {
    var whole = new TreeSet<>(marks);
    whole.retainAll(EnumSet.of(LinkMark.ENDED, LinkMark.SEATED));
    return of(uid, calcomBookingId).with(whole, absences, new TreeSet<>());
  }

  public boolean is(LinkMark mark) {
    return marks.contains(mark);
  }

  boolean isOf(Seat seat) {
    return seat.isOf(attendeePhone, attendeeEmail);
  }

  /** True once nobody came: of several attendees all have to be absent, for else it took place. */
  boolean noShow() {
    var awaited = expected.isEmpty() ? absences.keySet() : expected;
    return !awaited.isEmpty()
        && awaited.stream()
            .map(absences::get)
            .allMatch(absence -> absence != null && absence.noShow());
  }

  private Link with(
      NavigableSet<LinkMark> newMarks,
      NavigableMap<String, Absence> newAbsences,
      NavigableSet<String> newExpected) {
    return new Link(
        uid,
        status,
        calcomBookingId,
        previousUid,
        previousStartsAt,
        startsAt,
        endsAt,
        eventTypeId,
        hostId,
        hostEmail,
        recurringUid,
        attendeeName,
        attendeeEmail,
        attendeePhone,
        reason,
        newMarks,
        newAbsences,
        newExpected);
  }

  private static String folded(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }
}
