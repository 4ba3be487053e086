package io.callsync.gateway.booking;

import io.callsync.gateway.delivery.Chain;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Which booking a Cal.com uid or a request id of ours leads to. */
@Repository
public class BookingIdentity {

  private final JdbcTemplate jdbc;

  BookingIdentity(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** The bookings of a uid, oldest first: one, or one for each seat. */
  public List<UUID> ofUid(String calcomAccount, String uid) {
    return jdbc.query(
        """
        select u.booking_id from booking_uid u left join booking b on b.booking_id = u.booking_id
        where u.calcom_account = ? and u.uid = ?
        group by u.booking_id, b.appointment_id order by b.appointment_id
        """,
        (row, n) -> row.getObject(1, UUID.class),
        calcomAccount,
        uid);
  }

  /** What stands for the uid where only Cal.com's number is known; no uid has such a sign. */
  public static String uidOfNumber(long calcomBookingId) {
    return "#" + calcomBookingId;
  }

  /** Whether the place of the one booking is taken whose seat is not known, or that has none. */
  public boolean hasOneWithoutSeat(String calcomAccount, String uid) {
    return !jdbc.queryForList(
            "select 1 from booking_uid where calcom_account = ? and uid = ? and seat_uid = ''",
            calcomAccount,
            uid)
        .isEmpty();
  }

  /** The seat of that booking became known: the place of the one without is free for another. */
  public void tellSeat(String calcomAccount, String uid, String seatUid, UUID bookingId) {
    jdbc.update(
        """
        update booking_uid u set seat_uid = ?
        where calcom_account = ? and uid = ? and seat_uid = '' and booking_id = ?
          and not exists (select from booking_uid o where o.calcom_account = u.calcom_account
                          and o.uid = u.uid and o.seat_uid = ?)
        """,
        seatUid,
        calcomAccount,
        uid,
        bookingId,
        seatUid);
  }

  /** Whose wish that is; another account's message cannot speak of it. */
  public Optional<UUID> ofRequest(String calcomAccount, UUID requestId) {
    return jdbc
        .query(
            "select booking_id from booking where request_id = ? and calcom_account = ?",
            (row, n) -> row.getObject(1, UUID.class),
            requestId,
            calcomAccount)
        .stream()
        .findFirst();
  }

  /**
   * The booking that owns the uid, or that seat of it, from now on: the given one, or the first.
   */
  public UUID claim(String calcomAccount, String uid, @Nullable String seatUid, UUID bookingId) {
    String seat = seatUid == null ? "" : seatUid;
    int claimed =
        jdbc.update(
            """
            insert into booking_uid (calcom_account, uid, seat_uid, booking_id) values (?, ?, ?, ?)
            on conflict (calcom_account, uid, seat_uid) do nothing
            """,
            calcomAccount,
            uid,
            seat,
            bookingId);
    return claimed == 1
        ? bookingId
        : Objects.requireNonNull(
            jdbc.queryForObject(
                "select booking_id from booking_uid where calcom_account = ? and uid = ? and seat_uid = ?",
                UUID.class,
                calcomAccount,
                uid,
                seat));
  }

  /** All uids of a wrong guess lead to the booking it really is. */
  public void move(UUID from, UUID to) {
    jdbc.update("update booking_uid set booking_id = ? where booking_id = ?", to, from);
  }

  /** Deliveries that wait for one of these uids are worth a new attempt. */
  public void wake(Chain chain, String calcomAccount, Collection<String> uids, Instant now) {
    String[] array = uids.toArray(String[]::new);
    chain.later(
        """
        update unresolved set next_attempt_at = ?
        where calcom_account = ? and (uid = any(?) or waits_for_uid = any(?)) and next_attempt_at > ?
        """,
        java.sql.Timestamp.from(now),
        calcomAccount,
        array,
        array,
        java.sql.Timestamp.from(now));
  }
}
