package io.callsync.gateway.predecessor;

import io.callsync.gateway.predecessor.ImportRun.Stage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** How far each import is, by the hash of its files; one run at a time works on one. */
@Repository
class ImportProgress {

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
   * @param name of its jobs
   * @return empty where another gateway works on it
   */
  Optional<Stage> begin(
      String contentHash, String name, UUID run, long total, String reason, boolean fromStart) {
    return jdbc
        .query(
            """
            insert into import_progress as p (content_hash, reason, started_at, leased_by, done, total, tally)
            values (?, ?, ?, ?, 0, ?, ?::json)
            on conflict (content_hash) do update
            set leased_by = excluded.leased_by, total = excluded.total, reason = excluded.reason, finished_at = null,
                started_at = case when p.finished_at is null and not ? then p.started_at else excluded.started_at end,
                done = case when p.finished_at is null and not ? then p.done else 0 end,
                tally = case when p.finished_at is null and not ? then p.tally else excluded.tally end
            where not exists (select from job where kind = ? and wanted ->> 'name' = ? and state = 'running' and leased_until > now())
            returning done, tally
            """,
            this::stage,
            contentHash,
            reason,
            Timestamp.from(clock.instant()),
            run,
            total,
            json.writeValueAsString(Tally.empty()),
            fromStart,
            fromStart,
            fromStart,
            PredecessorImport.NAME,
            name)
        .stream()
        .findFirst();
  }

  /** What is committed of it; empty where another run has taken the import over. */
  Optional<Stage> find(String contentHash, UUID run) {
    return jdbc
        .query(
            "select done, tally from import_progress where content_hash = ? and leased_by = ?",
            this::stage,
            contentHash,
            run)
        .stream()
        .findFirst();
  }

  /** In the transaction of what was done; false where another run has taken the import over. */
  boolean advance(String contentHash, UUID run, Stage stage, boolean finished) {
    return jdbc.update(
            """
            update import_progress set done = ?, tally = ?::json, finished_at = ?
            where content_hash = ? and leased_by = ?
            """,
            stage.done(),
            json.writeValueAsString(stage.tally()),
            finished ? Timestamp.from(clock.instant()) : null,
            contentHash,
            run)
        == 1;
  }

  private Stage stage(ResultSet row, int n) throws SQLException {
    return new Stage(row.getLong(1), json.readValue(row.getString(2), Tally.class));
  }
}
