package io.callsync.projector;

import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Empty copies of the read model's tables in a schema of their own, which a rebuild folds into.
 * Unlogged: they cost no WAL, no slot and no publication sees them, and after a crash of Postgres
 * they are empty together with their positions, so that the fold starts over.
 */
final class Shadow {

  private static final String PREFIX = "shadow_";
  private static final String POSITIONS = "projector_position";

  private final DataSource database;
  private final String schema;

  /**
   * @param jobId the rebuild that it belongs to
   */
  Shadow(DataSource database, long jobId) {
    this.database = database;
    this.schema = PREFIX + jobId;
  }

  String schema() {
    return schema;
  }

  /** Makes it where it is not there yet, all or nothing, and takes away what others left behind. */
  void prepare() {
    List<String> there = schemas();
    for (String other : there) {
      if (!other.equals(schema)) {
        drop(other);
      }
    }
    if (!there.contains(schema)) {
      var steps = new ArrayList<String>();
      steps.add("create schema " + schema);
      for (String table : tables()) {
        steps.add(
            "create unlogged table %1$s.%2$s (like %2$s including all)".formatted(schema, table));
      }
      // One message, and so one transaction.
      jdbc().sql(String.join("; ", steps)).update();
    }
  }

  /** Tells Postgres how many rows came in, before they are compared. */
  void analyze() {
    for (String table : tables()) {
      jdbc().sql("analyze %s.%s".formatted(schema, table)).update();
    }
  }

  void drop() {
    drop(schema);
  }

  private void drop(String name) {
    jdbc().sql("drop schema if exists %s cascade".formatted(name)).update();
  }

  private List<String> schemas() {
    return jdbc()
        .sql("select nspname from pg_namespace where nspname ~ '^%s[0-9]+$'".formatted(PREFIX))
        .query((row, n) -> row.getString(1))
        .list();
  }

  private static List<String> tables() {
    var tables = new ArrayList<String>();
    Shown.ALL.forEach(shown -> tables.add(shown.table().name()));
    tables.add(POSITIONS);
    return tables;
  }

  private JdbcClient jdbc() {
    return JdbcClient.create(database);
  }
}
