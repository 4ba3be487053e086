package io.callsync.gateway.job;

import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.job.JobKind.Page;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.job.JobProgress;
import io.callsync.ops.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table of jobs. Leases are by the database's clock, which all gateways share. */
@Repository
public class Jobs {

  /** How many of the differences are kept. */
  private static final int KEPT = 200;

  /** Renewed with every page. */
  private static final String LEASE = "now() + interval '10 seconds'";

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  Jobs(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** A job that waits for a gateway that has the time. */
  public Job add(JobOrder order, OperatorRequest operator) {
    return add(order, operator, null);
  }

  /**
   * Its action in the audit ends with the job; the request's answer comes first.
   *
   * @param lease of whoever does it from now on; null where it waits
   */
  Job add(JobOrder order, OperatorRequest operator, @Nullable UUID lease) {
    if (order.applies()) {
      operator.goesOn();
    } else {
      operator.onlyShows();
    }
    return one(
        """
        insert into job (kind, wanted, applies, operator, reason, action_id, unit, done, total,
                         state, started_at, leased_by, leased_until)
        select ?, ?::jsonb, ?, ?, ?, ?::bigint, ?, ?, ?,
               case when lease is null then 'waiting' else 'running' end,
               case when lease is not null then now() end, lease, case when lease is not null then %s end
        from (select ?::uuid as lease) as given returning *
        """
            .formatted(LEASE),
        order.kind(),
        json.writeValueAsString(order.wanted()),
        order.applies(),
        operator.operator(),
        operator.reason(),
        order.applies() ? operator.actionId() : null,
        order.unit(),
        order.done(),
        order.total(),
        lease);
  }

  /** The number in a job's name; empty where it is no name of one. */
  static Optional<Long> number(String name) {
    return name.matches("g\\d{1,18}")
        ? Optional.of(Long.parseLong(name.substring(1)))
        : Optional.empty();
  }

  public Optional<Job> find(long id) {
    return query("select * from job where id = ?", id).stream().findFirst();
  }

  /** The newest first. */
  List<Job> newest(int most) {
    return query("select * from job order by id desc limit ?", most);
  }

  /** Asks a job to end; false where it has ended already or never was. */
  boolean cancel(long id) {
    return jdbc.update(
            """
            update job set cancel_requested = true,
              state = case state when 'waiting' then 'cancelled' else state end,
              ended_at = case state when 'waiting' then now() end
            where id = ? and state in ('waiting', 'running')
            """,
            id)
        > 0;
  }

  /**
   * Takes what has to go on, before what has to begin.
   *
   * @param ours jobs that this gateway works on, also where it was too slow for the lease
   */
  Optional<Job> claim(UUID lease, Collection<Long> ours) {
    return query(
            """
            update job set state = 'running', started_at = coalesce(started_at, now()), leased_by = ?, leased_until = %s
            where id = (select id from job
                        where (state = 'waiting' or (state = 'running' and leased_until < now())) and id <> all (?)
                        order by state = 'waiting', id limit 1 for update skip locked)
            returning *
            """
                .formatted(LEASE),
            lease,
            ours.toArray(Long[]::new))
        .stream()
        .findFirst();
  }

  /** A page is done, perhaps the last; empty where another gateway has taken the job over. */
  Optional<Job> through(long id, UUID lease, Page page, double perSecond) {
    return query(
            """
            update job set done = ?, at = ?, per_second = ?, trouble = null, leased_until = %s,
              state = case when ? then 'running' else 'done' end, ended_at = case when ? then null else now() end
            where id = ? and leased_by = ? and state = 'running' returning *
            """
                .formatted(LEASE),
            page.done(),
            page.at(),
            perSecond,
            page.more(),
            page.more(),
            id,
            lease)
        .stream()
        .findFirst();
  }

  /**
   * Something differs: counted and kept in the transaction that puts it right, with how far the job
   * is then, so that it is never counted twice.
   */
  public void found(Chain chain, long id, long done, long at, Object difference) {
    chain.later(
        """
        with counted as (
          update job set differences = differences + 1, done = ?, at = ? where id = ? returning id, differences)
        insert into job_difference (job_id, found) select id, ?::jsonb from counted where differences <= ?
        """,
        done,
        at,
        id,
        json.writeValueAsString(difference),
        KEPT);
  }

  /** Lets go of it: another gateway, or this one after its restart, goes on. */
  void release(long id, UUID lease) {
    jdbc.update("update job set leased_until = now() where id = ? and leased_by = ?", id, lease);
  }

  /** Tells why it stands still, and keeps it. */
  Optional<Job> stands(long id, UUID lease, String trouble) {
    return query(
            "update job set trouble = ?, leased_until = %s where id = ? and leased_by = ? and state = 'running' returning *"
                .formatted(LEASE),
            trouble,
            id,
            lease)
        .stream()
        .findFirst();
  }

  void end(long id, UUID lease, JobState state, @Nullable String trouble) {
    jdbc.update(
        "update job set state = ?, trouble = ?, ended_at = now() where id = ? and leased_by = ? and state = 'running'",
        state.word(),
        trouble,
        id,
        lease);
  }

  /** Jobs that have ended whose action has not, by the action; an order is answered first. */
  Map<Long, Job> endedUnsaid() {
    Map<Long, Job> unsaid = new HashMap<>();
    jdbc.query(
        """
        select a.id as action, j.* from operator_action a join job j on j.action_id = a.id
        where a.goes_on and a.outcome is null and j.state in ('done', 'failed', 'cancelled')
        """,
        row -> {
          unsaid.put(row.getLong("action"), job(row, 0));
        });
    return unsaid;
  }

  /** What a job found, the first of it. */
  List<JsonNode> differences(long id) {
    return jdbc.query(
        "select found from job_difference where job_id = ? order by id",
        (row, n) -> json.readTree(row.getString(1)),
        id);
  }

  private List<Job> query(String sql, @Nullable Object... arguments) {
    return jdbc.query(sql, this::job, arguments);
  }

  private Job one(String sql, @Nullable Object... arguments) {
    return Objects.requireNonNull(jdbc.queryForObject(sql, this::job, arguments));
  }

  private Job job(ResultSet row, int n) throws SQLException {
    return new Job(
        row.getLong("id"),
        row.getString("kind"),
        json.readTree(row.getString("wanted")),
        row.getBoolean("applies"),
        row.getString("operator"),
        row.getString("reason"),
        JobState.of(row.getString("state")),
        row.getBoolean("cancel_requested"),
        row.getString("unit"),
        new JobProgress(row.getLong("done"), row.getLong("total"), row.getDouble("per_second")),
        row.getLong("at"),
        row.getLong("differences"),
        row.getString("trouble"),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("started_at")),
        instant(row.getTimestamp("ended_at")));
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }
}
