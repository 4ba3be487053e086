package io.callsync.gateway.reconciliation;

import io.callsync.gateway.calcom.CalcomClient.Listing;
import io.callsync.gateway.calcom.ReconciliationWish;
import io.callsync.gateway.delivery.Chain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The watermarks and the last run of each Cal.com account. */
@Repository
class ReconciliationStore implements ReconciliationWish {

  /**
   * How an account stands.
   *
   * @param updatedUntil what changed before it, by Cal.com's clock, is known here
   * @param createdUntil what was booked before it is known here
   * @param finishedAt null while a run is under way or before the first one
   * @param changed bookings of the last run that were not as we thought
   * @param failure why the last run did not get to its end
   */
  record Standing(
      String calcomAccount,
      Instant updatedUntil,
      Instant createdUntil,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      long seen,
      long changed,
      @Nullable String failure) {

    Instant until(Listing listing) {
      return listing == Listing.UPDATED ? updatedUntil : createdUntil;
    }
  }

  private static final String COLUMNS =
      "calcom_account, updated_until, created_until, started_at, finished_at, seen, changed, failure";

  /** Cal.com sends its webhook before it writes what happened. */
  private static final Duration WRITTEN = Duration.ofSeconds(5);

  private final JdbcTemplate jdbc;
  private final Clock clock;

  ReconciliationStore(JdbcTemplate jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * Accounts that are new here begin at {@code from}: older bookings are asked for by an operator.
   */
  void know(Collection<String> accounts, Instant from) {
    for (String account : accounts) {
      jdbc.update(
          """
          insert into reconciliation (calcom_account, updated_until, created_until, due_at, leased_until)
          values (?, ?, ?, ?, ?) on conflict do nothing
          """,
          account,
          Timestamp.from(from),
          Timestamp.from(from),
          Timestamp.from(from),
          Timestamp.from(from));
    }
  }

  /**
   * Takes an account that is due out of the others' sight for {@code lease}.
   *
   * @param next when it is due again, unless somebody asks for it sooner
   */
  Optional<Standing> claimDue(Instant now, Duration lease, Instant next) {
    return jdbc
        .query(
            """
            update reconciliation
            set leased_until = ?, due_at = ?, started_at = ?, finished_at = null, seen = 0, changed = 0, failure = null
            where calcom_account = (select calcom_account from reconciliation where due_at <= ? and leased_until <= ?
                                    order by due_at limit 1 for update skip locked)
            returning\s"""
                + COLUMNS,
            ReconciliationStore::row,
            Timestamp.from(now.plus(lease)),
            Timestamp.from(next),
            Timestamp.from(now),
            Timestamp.from(now),
            Timestamp.from(now))
        .stream()
        .findFirst();
  }

  /** All before {@code until} is known: a run that breaks off goes on from here. */
  void advance(
      String account, Listing listing, Instant until, Instant leasedUntil, int seen, int changed) {
    String column = listing == Listing.UPDATED ? "updated_until" : "created_until";
    jdbc.update(
        "update reconciliation set "
            + column
            + " = greatest("
            + column
            + ", ?), leased_until = ?, seen = seen + ?, changed = changed + ? where calcom_account = ?",
        Timestamp.from(until),
        Timestamp.from(leasedUntil),
        seen,
        changed,
        account);
  }

  void finish(String account, Instant now, int changed) {
    jdbc.update(
        """
        update reconciliation set finished_at = ?, leased_until = ?, changed = changed + ?
        where calcom_account = ?
        """,
        Timestamp.from(now),
        Timestamp.from(now),
        changed,
        account);
  }

  void breakOff(String account, Instant now, Instant again, @Nullable String failure) {
    jdbc.update(
        """
        update reconciliation set finished_at = ?, leased_until = ?, failure = ?, due_at = least(due_at, ?)
        where calcom_account = ?
        """,
        Timestamp.from(now),
        Timestamp.from(now),
        failure,
        Timestamp.from(again),
        account);
  }

  /**
   * Makes all accounts due.
   *
   * @param since asks again for what changed since then; null goes on from the watermark
   */
  void ask(Instant now, @Nullable Instant since) {
    Timestamp from = since == null ? null : Timestamp.from(since);
    jdbc.update(
        """
        update reconciliation
        set due_at = ?, finished_at = null,
            updated_until = least(updated_until, ?), created_until = least(created_until, ?)
        """,
        Timestamp.from(now),
        from,
        from);
  }

  @Override
  public void soon(Chain chain, String account) {
    chain.later(
        "update reconciliation set due_at = least(due_at, ?) where calcom_account = ?",
        Timestamp.from(clock.instant().plus(WRITTEN)),
        account);
  }

  List<Standing> all() {
    return jdbc.query(
        "select " + COLUMNS + " from reconciliation order by calcom_account",
        ReconciliationStore::row);
  }

  private static Standing row(ResultSet row, int number) throws SQLException {
    return new Standing(
        row.getString(1),
        row.getTimestamp(2).toInstant(),
        row.getTimestamp(3).toInstant(),
        instant(row.getTimestamp(4)),
        instant(row.getTimestamp(5)),
        row.getLong(6),
        row.getLong(7),
        row.getString(8));
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
