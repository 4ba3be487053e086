package io.callsync.projector;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Statements that go to Postgres together, in their order: each way there and back costs as much as
 * a small statement itself.
 */
final class Pipeline {

  /** Sets parameters from the given number on; returns the number of the next. */
  private interface Binding {
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException;
  }

  private final List<String> statements = new ArrayList<>();
  private final List<Binding> bindings = new ArrayList<>();

  /** A statement without parameters. */
  Pipeline add(String sql) {
    statements.add(sql);
    return this;
  }

  /** SQL that contains {@link Table#rows()} once, with these rows; nothing where there are none. */
  <R> Pipeline add(Table<R> table, String sql, Collection<? extends R> rows) {
    if (!rows.isEmpty()) {
      statements.add(sql);
      bindings.add(
          (connection, statement, first) -> table.bind(connection, statement, first, rows));
    }
    return this;
  }

  /** Runs what was added. The text is the same for batches of the same shape, so it is prepared. */
  void run(Connection connection) throws SQLException {
    if (statements.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(String.join(";\n", statements))) {
      int parameter = 1;
      for (Binding binding : bindings) {
        parameter = binding.bind(connection, statement, parameter);
      }
      statement.execute();
    }
  }
}
