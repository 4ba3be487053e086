package io.callsync.projector;

import io.callsync.ops.job.JobProgress;
import io.callsync.ops.job.JobState;
import io.callsync.projector.EventLog.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table of jobs. */
final class Jobs {

  /**
   * A job.
   *
   * @param trouble what keeps it from going on, or why it failed
   * @param differences how many rows were found to differ; put right where the order says so and
   *     the state is DONE
   * @param missingRevisions how many revisions no event of the log carries, as a rebuild counts
   *     them
   */
  record Job(
      long id,
      JobOrder order,
      JobState state,
      boolean cancelRequested,
      String phase,
      JobProgress events,
      long differences,
      long missingRevisions,
      @Nullable String trouble,
      Instant createdAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      Place at) {}

  /** A row that is not what the log says. */
  record Difference(String table, String row, String kind, JsonNode columns) {}

  /** The author of what nobody ordered; only one of its jobs is added in a minute. */
  static final String SCHEDULE = "(schedule)";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final JdbcClient jdbc;

  Jobs(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** As {@link #add}; empty where another instance has added it in this minute. */
  Optional<Job> addScheduled(JobOrder order) {
    return jdbc.sql(
            """
            insert into job (kind, wanted, author, reason)
            select w ->> 'kind', w, w ->> 'author', w ->> 'reason' from (select ?::jsonb as w) as given
            on conflict do nothing returning id""")
        .param(JSON.writeValueAsString(order))
        .query(Long.class)
        .optional()
        .flatMap(this::find);
  }

  /**
   * @param actionId the audit's row that ends with the job; null for a dry run
   */
  Job add(JobOrder order, @Nullable Long actionId) {
    long id =
        jdbc.sql(
                """
                insert into job (kind, wanted, author, reason, action_id)
                select w ->> 'kind', w, w ->> 'author', w ->> 'reason', ?::bigint from (select ?::jsonb as w) as given
                returning id""")
            .param(actionId)
            .param(JSON.writeValueAsString(order))
            .query(Long.class)
            .single();
    return find(id).orElseThrow();
  }

  Optional<Job> find(long id) {
    return jdbc.sql("select * from job where id = ?").param(id).query(Jobs::job).optional();
  }

  /** The newest first. */
  List<Job> newest(int most) {
    return jdbc.sql("select * from job order by id desc limit ?")
        .param(most)
        .query(Jobs::job)
        .list();
  }

  /** What has to go on, before what has to begin. */
  Optional<Job> next() {
    return jdbc.sql(
            "select * from job where state in ('waiting', 'running') order by state = 'waiting', id limit 1")
        .query(Jobs::job)
        .optional();
  }

  /** Jobs that have ended whose action has not, by the action; an order is answered first. */
  Map<Long, Job> endedUnsaid() {
    var unsaid = new HashMap<Long, Job>();
    jdbc.sql(
            """
            select j.* from operator_action a join job j on j.action_id = a.id
            where a.goes_on and a.outcome is null and j.state in ('done', 'failed', 'cancelled')""")
        .query(
            row -> {
              unsaid.put(row.getLong("action_id"), job(row, 0));
            });
    return unsaid;
  }

  /** Asks a job to end; false where it has ended already or never was. */
  boolean cancel(long id) {
    return jdbc.sql(
                """
                update job set cancel_requested = true,
                  state = case state when 'waiting' then 'cancelled' else state end,
                  ended_at = case state when 'waiting' then now() end
                where id = ? and state in ('waiting', 'running')""")
            .param(id)
            .update()
        > 0;
  }

  void begin(long id) {
    jdbc.sql(
            "update job set state = 'running', started_at = coalesce(started_at, now()) where id = ?")
        .param(id)
        .update();
  }

  void progress(long id, String phase, long done, long total, double perSecond) {
    jdbc.sql(
            "update job set phase = ?, events_done = ?, events_total = ?, events_per_second = ?, trouble = null where id = ?")
        .params(phase, done, total, perSecond, id)
        .update();
  }

  /** A replay is through with the events up to this place. */
  void through(long id, Place last, long events, long differences) {
    jdbc.sql(
            """
            update job set at_topic = ?, at_partition = ?, at_offset = ?, events_done = events_done + ?,
              differences = differences + ? where id = ?""")
        .params(
            last.partition().topic(),
            last.partition().partition(),
            last.offset(),
            events,
            differences,
            id)
        .update();
  }

  void found(long id, long differences, long missingRevisions) {
    jdbc.sql("update job set differences = ?, missing_revisions = ? where id = ?")
        .params(differences, missingRevisions, id)
        .update();
  }

  void trouble(long id, String sentence) {
    jdbc.sql("update job set trouble = ? where id = ?").params(sentence, id).update();
  }

  void end(long id, JobState state, @Nullable String trouble) {
    jdbc.sql("update job set state = ?, trouble = ?, ended_at = now() where id = ?")
        .param(state.word())
        .param(trouble)
        .param(id)
        .update();
  }

  /** What a job found, the first of it. */
  List<Difference> differences(long id, int most) {
    return jdbc.sql(
            "select table_name, row_key, kind, columns from job_difference where job_id = ? order by id limit ?")
        .params(id, most)
        .query(
            (row, n) ->
                new Difference(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    JSON.readTree(row.getString(4))))
        .list();
  }

  private static Job job(ResultSet row, int n) throws SQLException {
    return new Job(
        row.getLong("id"),
        JSON.readValue(row.getString("wanted"), JobOrder.class),
        JobState.of(row.getString("state")),
        row.getBoolean("cancel_requested"),
        row.getString("phase"),
        new JobProgress(
            row.getLong("events_done"),
            row.getLong("events_total"),
            row.getDouble("events_per_second")),
        row.getLong("differences"),
        row.getLong("missing_revisions"),
        row.getString("trouble"),
        instant(row, "created_at"),
        instantOrNull(row, "started_at"),
        instantOrNull(row, "ended_at"),
        new Place(
            new TopicPartition(row.getString("at_topic"), row.getInt("at_partition")),
            row.getLong("at_offset")));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    var at = row.getTimestamp(column);
    return at == null ? null : at.toInstant();
  }
}
