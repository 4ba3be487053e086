package io.callsync.gateway.predecessor;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** How far each import is, by the hash of its files; one gateway at a time works on one. */
@Repository
class ImportProgress {

  /** An import as stored; {@code tally} is of the steps that are done. */
  record Stored(long done, Tally tally) {}

  /** Renewed with every transaction of the import. */
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final JdbcTemplate jdbc;
  private final JsonMapper json;
  private final Clock clock;

  ImportProgress(JdbcTemplate jdbc, JsonMapper json, Clock clock) {
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Takes the import, where it was when it was broken off; a finished one begins anew.
   *
   * @return empty where another gateway works on it
   */
  Optional<Stored> begin(
      String contentHash, UUID run, long total, String reason, boolean fromStart) {
    Timestamp now = Timestamp.from(clock.instant());
    return jdbc
        .query(
            """
            insert into import_progress as p
              (content_hash, reason, started_at, leased_by, leased_until, done, total, tally)
            values (?, ?, ?, ?, ?, 0, ?, ?::json)
            on conflict (content_hash) do update
            set leased_by = excluded.leased_by, leased_until = excluded.leased_until, total = excluded.total,
                reason = excluded.reason, finished_at = null,
                started_at = case when p.finished_at is null and not ? then p.started_at else excluded.started_at end,
                done = case when p.finished_at is null and not ? then p.done else 0 end,
                tally = case when p.finished_at is null and not ? then p.tally else excluded.tally end
            where p.leased_until < ? or p.finished_at is not null
            returning done, tally
            """,
            (row, n) -> new Stored(row.getLong(1), json.readValue(row.getString(2), Tally.class)),
            contentHash,
            reason,
            now,
            run,
            until(),
            total,
            json.writeValueAsString(Tally.empty()),
            fromStart,
            fromStart,
            fromStart,
            now)
        .stream()
        .findFirst();
  }

  /** In the transaction of what was done; false where another gateway has taken the import over. */
  boolean advance(String contentHash, UUID run, long done, Tally tally, boolean finished) {
    return jdbc.update(
            """
            update import_progress set done = ?, tally = ?::json, leased_until = ?, finished_at = ?
            where content_hash = ? and leased_by = ?
            """,
            done,
            json.writeValueAsString(tally),
            until(),
            finished ? Timestamp.from(clock.instant()) : null,
            contentHash,
            run)
        == 1;
  }

  private Timestamp until() {
    Instant end = clock.instant().plus(LEASE);
    return Timestamp.from(end);
  }
}
