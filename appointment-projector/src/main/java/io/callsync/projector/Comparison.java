package io.callsync.projector;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * Holds the live rows against what they should be, over all columns, writes down where they differ,
 * and puts right no more than that. Everything in the caller's transaction, whose snapshot both
 * sides must be of.
 */
final class Comparison {

  /** How many differences of a table a job writes down; all are counted. */
  private static final int WRITTEN_DOWN = 1000;

  /** Types whose values cannot be personal. The rest is only said to differ. */
  private static final Set<Column.Type> IMPERSONAL =
      Set.of(
          Column.Type.BIGINT,
          Column.Type.INTEGER,
          Column.Type.BOOLEAN,
          Column.Type.UUID,
          Column.Type.TIMESTAMPTZ,
          Column.Type.BIGINTS);

  private final Connection connection;
  private final long jobId;
  private final boolean apply;

  /**
   * @param apply whether what differs is put right
   */
  Comparison(Connection connection, long jobId, boolean apply) {
    this.connection = connection;
    this.jobId = jobId;
    this.apply = apply;
  }

  /** All live rows against those of another schema. Returns how many differ. */
  long withSchema(String schema) throws SQLException {
    long differences = 0;
    for (Shown<?> shown : Shown.ALL) {
      differences += compare(new WithSchema<>(shown, schema));
    }
    return differences;
  }

  /** The live rows of the folded aggregates against the fold. Returns how many differ. */
  long withFold(ReadModel fold) throws SQLException {
    long differences = 0;
    for (Shown<?> shown : Shown.ALL) {
      differences += compareFold(shown, fold);
    }
    return differences;
  }

  private <R> long compareFold(Shown<R> shown, ReadModel fold) throws SQLException {
    var rows = shown.rows();
    return rows == null ? 0 : compare(new WithFold<>(shown, rows.apply(fold)));
  }

  /** What a table is held against: two relations in SQL, should and live, and their parameters. */
  private sealed interface Sides<R> {
    Shown<R> shown();

    String sql();

    void bind(Connection connection, PreparedStatement statement) throws SQLException;
  }

  private record WithSchema<R>(Shown<R> shown, String schema) implements Sides<R> {
    @Override
    public String sql() {
      Table<R> table = shown.table();
      return "with should as (select %1$s from %2$s.%3$s), live as (select %1$s from %3$s)"
          .formatted(table.names(), schema, table.name());
    }

    @Override
    public void bind(Connection connection, PreparedStatement statement) {}
  }

  private record WithFold<R>(Shown<R> shown, Shown.Rows<R> rows) implements Sides<R> {
    @Override
    public String sql() {
      Table<R> table = shown.table();
      return """
      with should as (%s),
      live as (select %s from %s t, (select ?::bigint[] as ids, ?::text[] as keys) s where %s)"""
          .formatted(
              table.select(),
              table.columns().stream().map(c -> "t." + c.name()).collect(joining(", ")),
              table.name(),
              rows.owned());
    }

    @Override
    public void bind(Connection connection, PreparedStatement statement) throws SQLException {
      shown.table().bind(connection, statement, 1, rows.rows());
      int next = shown.table().columns().size() + 1;
      statement.setArray(next, connection.createArrayOf("bigint", rows.ids().toArray()));
      statement.setArray(next + 1, connection.createArrayOf("text", rows.keys().toArray()));
    }
  }

  private <R> long compare(Sides<R> sides) throws SQLException {
    long differences = writeDown(sides);
    if (differences > 0 && apply) {
      Table<R> table = sides.shown().table();
      run(
          sides,
          "delete from %1$s t using live where %2$s and not exists (select from should where %3$s)"
              .formatted(table.name(), same(sides, "t", "live"), same(sides, "should", "live")));
      run(
          sides,
          "update %s t set %s from should, live where %s and %s and (%s) is distinct from (%s)"
              .formatted(
                  table.name(),
                  rest(sides).stream()
                      .map(c -> "%1$s = should.%1$s".formatted(c.name()))
                      .collect(joining(", ")),
                  same(sides, "t", "should"),
                  same(sides, "live", "should"),
                  all(sides, "live"),
                  all(sides, "should")));
      run(
          sides,
          "insert into %s (%s) select %s from should where not exists (select from live where %s)"
              .formatted(
                  table.name(),
                  table.names(),
                  all(sides, "should"),
                  same(sides, "live", "should")));
    }
    return differences;
  }

  private <R> long writeDown(Sides<R> sides) throws SQLException {
    String found =
        """
        %1$s,
        found as (
          select concat_ws(':', %2$s) as row_key,
            case when live.%3$s is null then 'missing' when should.%3$s is null then 'extra' else 'changed' end as kind,
            case when live.%3$s is null or should.%3$s is null then '{}'::jsonb else jsonb_strip_nulls(jsonb_build_object(%4$s)) end as columns
          from live full join should on %5$s
          where (%6$s) is distinct from (%7$s)),
        written as (
          insert into job_difference (job_id, table_name, row_key, kind, columns)
          select %8$d, '%9$s', row_key, kind, columns from found order by row_key limit %10$d)
        select count(*) from found"""
            .formatted(
                sides.sql(),
                identity(sides).stream()
                    .map(c -> "coalesce(live.%1$s, should.%1$s)".formatted(c.name()))
                    .collect(joining(", ")),
                identity(sides).getFirst().name(),
                rest(sides).stream().map(Comparison::told).collect(joining(", ")),
                same(sides, "live", "should"),
                all(sides, "live"),
                all(sides, "should"),
                jobId,
                sides.shown().table().name(),
                WRITTEN_DOWN);
    try (PreparedStatement statement = connection.prepareStatement(found)) {
      sides.bind(connection, statement);
      try (ResultSet count = statement.executeQuery()) {
        count.next();
        return count.getLong(1);
      }
    }
  }

  /** A column's name and, where it differs, what it is and should be. */
  private static String told(Column<?> column) {
    String told =
        IMPERSONAL.contains(column.type()) || column.name().equals("status")
            ? "jsonb_build_object('is', live.%1$s, 'should', should.%1$s)"
            : "'{}'::jsonb";
    return "'%1$s', case when live.%1$s is distinct from should.%1$s then %2$s end"
        .formatted(column.name(), told.formatted(column.name()));
  }

  private <R> void run(Sides<R> sides, String change) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sides.sql() + " " + change)) {
      sides.bind(connection, statement);
      statement.executeUpdate();
    }
  }

  private static <R> List<Column<R>> identity(Sides<R> sides) {
    return sides.shown().table().columns().subList(0, sides.shown().identityColumns());
  }

  private static <R> List<Column<R>> rest(Sides<R> sides) {
    List<Column<R>> columns = sides.shown().table().columns();
    return columns.subList(sides.shown().identityColumns(), columns.size());
  }

  private static String same(Sides<?> sides, String a, String b) {
    return identity(sides).stream()
        .map(c -> "%2$s.%1$s = %3$s.%1$s".formatted(c.name(), a, b))
        .collect(joining(" and "));
  }

  private static String all(Sides<?> sides, String relation) {
    return sides.shown().table().columns().stream()
        .map(c -> relation + '.' + c.name())
        .collect(joining(", "));
  }
}
