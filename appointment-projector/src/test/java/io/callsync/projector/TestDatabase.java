package io.callsync.projector;

import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A real Postgres of this test run alone, with the read model's schema. */
final class TestDatabase {

  private static final DataSource DATABASE = start();

  private TestDatabase() {}

  static DataSource dataSource() {
    return DATABASE;
  }

  /** Deletes, since truncating makes new files for every table and index. */
  static void empty() throws SQLException {
    execute(
        query(
                "select 'delete from ' || relname from pg_stat_user_tables where schemaname = 'public' and relname not like 'flyway%'")
            .stream()
            .collect(joining(";")));
  }

  static void execute(String sql) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of all rows, as text. */
  static List<String> query(String sql) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      return texts(result);
    }
  }

  /** All rows of a table with all columns. */
  static List<String> rows(Table<?> table) throws SQLException {
    return query("select to_jsonb(t) from %s t order by 1".formatted(table.name()));
  }

  /** How these rows would look, had they been inserted. */
  static <R> List<String> rowsOf(Table<R> table, Collection<? extends R> rows) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select to_jsonb(x) from (%s) x order by 1".formatted(table.select()))) {
      table.bind(connection, statement, 1, rows);
      try (ResultSet result = statement.executeQuery()) {
        return texts(result);
      }
    }
  }

  private static List<String> texts(ResultSet result) throws SQLException {
    var texts = new ArrayList<String>();
    while (result.next()) {
      texts.add(result.getString(1));
    }
    return texts;
  }

  private static DataSource start() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.builder().start();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create role callsync_reader");
      }
      Flyway.configure()
          .dataSource(server.getPostgresDatabase())
          .locations("classpath:db/outbox", "classpath:db/projector")
          .load()
          .migrate();
      var pool = new HikariDataSource();
      pool.setDataSource(server.getPostgresDatabase());
      return pool;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
