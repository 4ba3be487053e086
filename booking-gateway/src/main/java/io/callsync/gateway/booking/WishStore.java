package io.callsync.gateway.booking;

import io.callsync.gateway.delivery.Chain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/**
 * The wishes' rows: what keeps a second booking from being made, and what the resolver works on.
 */
@Repository
public class WishStore {

  /**
   * A wish as stored.
   *
   * @param attempts how often the resolver has looked it up
   */
  public record StoredWish(
      UUID requestId,
      UUID bookingId,
      String calcomAccount,
      long eventTypeId,
      Instant startsAt,
      Instant endsAt,
      Instant createdAt,
      int attempts) {}

  private static final String COLUMNS =
      "request_id, booking_id, calcom_account, event_type_id, starts_at, ends_at, created_at, attempts";

  private final JdbcTemplate jdbc;

  WishStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * False where the same wish is open already or its booking stands.
   *
   * @param lookUpAt when the resolver takes over, should no outcome be recorded before
   */
  public boolean open(
      Wish wish, UUID bookingId, String calcomAccount, String intentKey, Instant lookUpAt) {
    return jdbc.update(
            """
            insert into wish (request_id, booking_id, retell_call_id, intent_key, calcom_account,
                              event_type_id, starts_at, ends_at, state, standing, created_at, next_attempt_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, 'open', true, ?, ?)
            on conflict (intent_key) where standing do nothing
            """,
            wish.requestId(),
            bookingId,
            wish.retellCallId(),
            intentKey,
            calcomAccount,
            wish.eventTypeId(),
            Timestamp.from(wish.startsAt()),
            Timestamp.from(wish.endsAt()),
            Timestamp.from(wish.requestedAt()),
            Timestamp.from(lookUpAt))
        == 1;
  }

  public Optional<UUID> standing(String intentKey) {
    return jdbc
        .query(
            "select request_id from wish where intent_key = ? and standing",
            (row, n) -> row.getObject(1, UUID.class),
            intentKey)
        .stream()
        .findFirst();
  }

  /** What a call asked for and has no outcome yet; few wishes are open at a time. */
  public Optional<UUID> openOf(String retellCallId) {
    return jdbc
        .query(
            "select request_id from wish where state = 'open' and retell_call_id = ? order by created_at desc limit 1",
            (row, n) -> row.getObject(1, UUID.class),
            retellCallId)
        .stream()
        .findFirst();
  }

  public Optional<UUID> bookingOf(UUID requestId) {
    return jdbc
        .query(
            "select booking_id from wish where request_id = ?",
            (row, n) -> row.getObject(1, UUID.class),
            requestId)
        .stream()
        .findFirst();
  }

  public boolean isSettled(UUID requestId) {
    return !jdbc.queryForList(
            "select 1 from wish where request_id = ? and state = 'settled'", requestId)
        .isEmpty();
  }

  /** The booking's state has spoken: an open wish is settled, and stands as long as the booking. */
  public void follow(Chain chain, UUID bookingId, BookingStatus status) {
    if (status != BookingStatus.REQUESTED) {
      chain.later(
          """
          update wish set state = 'settled', standing = ?
          where booking_id = ? and (state <> 'settled' or standing <> ?)
          """,
          status.keepsItsWish(),
          bookingId,
          status.keepsItsWish());
    }
  }

  /**
   * The times about that window which wishes without an outcome ask of an event type, for a new
   * booking or for a move: Cal.com still offers them, and may grant them at any moment.
   *
   * @param length of an appointment of that event type
   * @param except the wish that asks, null where none does
   */
  public List<Interval> inFlight(
      String calcomAccount,
      long eventTypeId,
      Duration length,
      Interval window,
      @Nullable UUID except) {
    return jdbc.query(
        """
        select starts_at from (
          select request_id, calcom_account, event_type_id, starts_at from wish where state = 'open'
          union all
          select c.request_id, b.calcom_account, b.event_type_id, c.starts_at
          from change_wish c join booking b using (booking_id) where c.state = 'open') asked
        where calcom_account = ? and event_type_id = ? and starts_at > ? and starts_at < ?
          and request_id is distinct from ?::uuid
        """,
        (row, n) -> {
          Instant start = row.getTimestamp(1).toInstant();
          return new Interval(start, start.plus(length));
        },
        calcomAccount,
        eventTypeId,
        Timestamp.from(window.start().minus(length)),
        Timestamp.from(window.end().plus(length)),
        except);
  }

  /** Whether a wish for that slot is waiting for Cal.com's word. */
  public boolean anyOpen(
      String calcomAccount, @Nullable Long eventTypeId, @Nullable Instant start) {
    return eventTypeId != null
        && start != null
        && Objects.requireNonNull(
            jdbc.queryForObject(
                """
                select exists (select from wish where state = 'open' and calcom_account = ?
                               and event_type_id = ? and starts_at = ?)
                """,
                Boolean.class,
                calcomAccount,
                eventTypeId,
                Timestamp.from(start)));
  }

  /**
   * Takes what is due out of the others' sight for {@code lease}; several gateways share the work.
   */
  public List<StoredWish> claimDue(Instant now, Duration lease, int limit) {
    return jdbc.query(
        """
        update wish set next_attempt_at = ?, attempts = attempts + 1
        where request_id in (select request_id from wish where state = 'open' and next_attempt_at <= ?
                             order by next_attempt_at limit ? for update skip locked)
        returning\s"""
            + COLUMNS,
        WishStore::row,
        Timestamp.from(now.plus(lease)),
        Timestamp.from(now),
        limit);
  }

  public void lookUpAgain(UUID requestId, Instant at) {
    jdbc.update(
        "update wish set next_attempt_at = ? where request_id = ? and state = 'open'",
        Timestamp.from(at),
        requestId);
  }

  private static StoredWish row(ResultSet row, int number) throws SQLException {
    return new StoredWish(
        row.getObject(1, UUID.class),
        row.getObject(2, UUID.class),
        row.getString(3),
        row.getLong(4),
        row.getTimestamp(5).toInstant(),
        row.getTimestamp(6).toInstant(),
        row.getTimestamp(7).toInstant(),
        row.getInt(8));
  }
}
