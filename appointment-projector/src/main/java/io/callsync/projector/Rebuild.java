package io.callsync.projector;

import io.callsync.ops.job.JobState;
import io.callsync.projector.Jobs.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Folds the whole log into shadow tables while live events go on, and at the end, in one
 * transaction on one snapshot, up to exactly the event that the live rows show there: what differs
 * then is damage, and only that is put right.
 */
final class Rebuild {

  /** Records in one transaction. */
  private static final int BATCH = 5000;

  /** So few events are left for the last transaction, whose snapshot should not grow old. */
  private static final long CLOSE = 1000;

  private static final int WRITTEN_DOWN = 1000;

  private final DataSource database;
  private final EventReader reader;
  private final EventLog log;
  private final Job job;
  private final Shadow shadow;
  private final ReadModelStore live;
  private final ReadModelStore store;
  private final Projection projection;

  Rebuild(DataSource database, EventReader reader, EventLog log, Job job) {
    this.database = database;
    this.reader = reader;
    this.log = log;
    this.job = job;
    this.shadow = new Shadow(database, job.id());
    this.live = new ReadModelStore(database);
    this.store = new ReadModelStore(database, shadow.schema());
    // What cannot be shown went to the dead letters when it was live.
    this.projection =
        new Projection(reader::read, store::commit, letters -> {}, ProjectionLoop.RETRY_BUDGET);
  }

  /** Makes the shadow, or goes on with the one that was left. */
  void prepare() throws SQLException {
    shadow.prepare();
    log.goTo(live.positions().keySet(), store.positions());
  }

  /** How many events the live rows show. */
  long total() throws SQLException {
    return sum(live.positions());
  }

  /** How many the shadow shows. */
  long done() throws SQLException {
    return sum(store.positions());
  }

  /**
   * Folds the next events.
   *
   * @return whether there may be more than the last transaction should take
   */
  boolean fold() throws SQLException, InterruptedException {
    Map<TopicPartition, Long> until = live.positions();
    projection.project(log.next(until, BATCH));
    return log.remaining(until) > CLOSE;
  }

  /** Compares, applies where that is ordered, and ends the job, all in one transaction. */
  void compare() throws SQLException, InterruptedException {
    shadow.analyze();
    Snapshot.run(
        database,
        (connection, jdbc) -> {
          catchUp(connection, ReadModelStore.positions(connection));
          long differences =
              new Comparison(connection, job.id(), job.order().applies())
                  .withSchema(shadow.schema());
          var jobs = new Jobs(jdbc);
          jobs.found(job.id(), differences, missingRevisions(jdbc));
          jobs.end(job.id(), JobState.DONE, null);
          return differences;
        });
    drop();
  }

  /** Takes the shadow away; the live rows are not touched. */
  void drop() {
    shadow.drop();
  }

  private void catchUp(Connection connection, Map<TopicPartition, Long> shown) throws SQLException {
    searchPath(connection, shadow.schema());
    Map<TopicPartition, Long> folded = ReadModelStore.positions(connection);
    folded.forEach(
        (partition, next) -> {
          if (next > shown.getOrDefault(partition, 0L)) {
            throw new JobFailure(
                "%s was made anew while the rebuild ran: start it again.".formatted(partition));
          }
        });
    log.goTo(shown.keySet(), folded);
    while (log.remaining(shown) > 0) {
      List<ConsumerRecord<byte[], byte[]>> records = log.next(shown, BATCH);
      ReadModelStore.write(connection, Batch.of(records.stream().map(reader::read).toList()));
    }
    searchPath(connection, "default");
  }

  /** Revisions between the first and the newest that no event of the log carries. */
  private long missingRevisions(JdbcClient jdbc) {
    return jdbc.sql(
            """
            with gap as (
              select topic, aggregate, max(revision) as newest from %1$s.projected_event
              group by 1, 2 having count(distinct revision) <> max(revision)),
            found as (
              select topic, aggregate, r.revision from gap cross join lateral generate_series(1, newest) as r(revision)
              where not exists (
                select from %1$s.projected_event e
                where e.topic = gap.topic and e.aggregate = gap.aggregate and e.revision = r.revision)),
            written as (
              insert into job_difference (job_id, table_name, row_key, kind, columns)
              select ?, topic, aggregate, 'revision_missing', jsonb_build_object('revision', revision)
              from found order by 2, 3, found.revision limit %2$d)
            select count(*) from found"""
                .formatted(shadow.schema(), WRITTEN_DOWN))
        .param(job.id())
        .query(Long.class)
        .single();
  }

  private static void searchPath(Connection connection, String path) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set local search_path to " + path);
    }
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }
}
