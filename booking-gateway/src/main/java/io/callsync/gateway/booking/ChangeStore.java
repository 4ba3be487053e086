package io.callsync.gateway.booking;

import io.callsync.gateway.delivery.Chain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The rows of wishes to change a booking; at most one of a booking is open. */
@Repository
public class ChangeStore {

  /**
   * A wish to change a booking.
   *
   * @param callId our id of the call that wants it
   * @param uid the link at Cal.com that is to be changed
   * @param startsAt where it is to be moved to, null where it is to be cancelled
   */
  public record Change(
      UUID requestId,
      UUID bookingId,
      long callId,
      String retellCallId,
      String uid,
      @Nullable Instant startsAt,
      Instant createdAt) {}

  private static final String COLUMNS =
      "request_id, booking_id, call_id, retell_call_id, uid, starts_at, created_at";

  private final JdbcTemplate jdbc;

  ChangeStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** False where another change of the booking is open. */
  public boolean open(Change change, Instant lookUpAt) {
    return jdbc.update(
            """
            insert into change_wish (request_id, booking_id, call_id, retell_call_id, uid, starts_at, state, created_at, next_attempt_at)
            values (?, ?, ?, ?, ?, ?, 'open', ?, ?)
            on conflict (booking_id) where state = 'open' do nothing
            """,
            change.requestId(),
            change.bookingId(),
            change.callId(),
            change.retellCallId(),
            change.uid(),
            change.startsAt() == null ? null : Timestamp.from(change.startsAt()),
            Timestamp.from(change.createdAt()),
            Timestamp.from(lookUpAt))
        == 1;
  }

  public Optional<Change> ofRequest(UUID requestId) {
    return jdbc
        .query(
            "select " + COLUMNS + " from change_wish where request_id = ?",
            ChangeStore::row,
            requestId)
        .stream()
        .findFirst();
  }

  public boolean anyOpen(UUID bookingId) {
    return !jdbc.queryForList(
            "select 1 from change_wish where booking_id = ? and state = 'open'", bookingId)
        .isEmpty();
  }

  /** Whether that call moved the booking. */
  public boolean movedBy(String retellCallId, UUID bookingId) {
    return !jdbc.queryForList(
            """
            select 1 from change_wish
            where booking_id = ? and retell_call_id = ? and state = 'done' and starts_at is not null
            """,
            bookingId,
            retellCallId)
        .isEmpty();
  }

  /** The outcome is known; a later word of a slower thread changes nothing. */
  public void settle(Chain chain, UUID requestId, boolean done) {
    chain.later(
        "update change_wish set state = ? where request_id = ? and state = 'open'",
        done ? "done" : "refused",
        requestId);
  }

  /** Takes what is due out of the others' sight for {@code lease}. */
  public List<Change> claimDue(Instant now, Duration lease, int limit) {
    return jdbc.query(
        """
        update change_wish set next_attempt_at = ?, attempts = attempts + 1
        where request_id in (select request_id from change_wish where state = 'open' and next_attempt_at <= ?
                             order by next_attempt_at limit ? for update skip locked)
        returning\s"""
            + COLUMNS,
        ChangeStore::row,
        Timestamp.from(now.plus(lease)),
        Timestamp.from(now),
        limit);
  }

  public void lookUpAgain(UUID requestId, Instant at) {
    jdbc.update(
        "update change_wish set next_attempt_at = ? where request_id = ? and state = 'open'",
        Timestamp.from(at),
        requestId);
  }

  private static Change row(ResultSet row, int number) throws SQLException {
    Timestamp start = row.getTimestamp(6);
    return new Change(
        row.getObject(1, UUID.class),
        row.getObject(2, UUID.class),
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        start == null ? null : start.toInstant(),
        row.getTimestamp(7).toInstant());
  }
}
