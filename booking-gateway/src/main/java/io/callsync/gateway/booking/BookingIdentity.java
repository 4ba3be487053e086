package io.callsync.gateway.booking;

import io.callsync.gateway.delivery.Chain;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Which booking a Cal.com uid or a request id of ours leads to. */
@Repository
public class BookingIdentity {

  private final JdbcTemplate jdbc;

  BookingIdentity(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  public Optional<UUID> ofUid(String calcomAccount, String uid) {
    return jdbc
        .query(
            "select booking_id from booking_uid where calcom_account = ? and uid = ?",
            (row, n) -> row.getObject(1, UUID.class),
            calcomAccount,
            uid)
        .stream()
        .findFirst();
  }

  public Optional<UUID> ofRequest(UUID requestId) {
    return jdbc
        .query(
            "select booking_id from booking where request_id = ?",
            (row, n) -> row.getObject(1, UUID.class),
            requestId)
        .stream()
        .findFirst();
  }

  /** The booking that owns the uid from now on: the given one, or whoever was first. */
  public UUID claim(String calcomAccount, String uid, UUID bookingId) {
    int claimed =
        jdbc.update(
            """
            insert into booking_uid (calcom_account, uid, booking_id) values (?, ?, ?)
            on conflict (calcom_account, uid) do nothing
            """,
            calcomAccount,
            uid,
            bookingId);
    return claimed == 1 ? bookingId : ofUid(calcomAccount, uid).orElseThrow();
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
