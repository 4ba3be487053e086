package io.callsync.projector;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * A table whose rows are written as a set: each column travels as one array, whatever the number of
 * rows, so that every batch is the same prepared statement. {@code keyColumns} of the columns, the
 * first, are the primary key.
 */
record Table<R>(String name, int keyColumns, List<Column<R>> columns) {

  @SafeVarargs
  static <R> Table<R> of(String name, int keyColumns, Column<R>... columns) {
    return new Table<>(name, keyColumns, List.of(columns));
  }

  /** The given rows as a relation r in SQL, with this table's columns. */
  String rows() {
    return "unnest(%s) as r(%s)"
        .formatted(
            columns.stream().map(c -> "?::" + c.type().element() + "[]").collect(joining(", ")),
            names());
  }

  String names() {
    return columns.stream().map(Column::name).collect(joining(", "));
  }

  /** The columns in a select from {@link #rows()}. */
  String selected() {
    return columns.stream().map(c -> "r." + c.selected()).collect(joining(", "));
  }

  /** Inserts what {@code source} selects, new rows only. */
  String insertMissing(String source) {
    return "insert into %s (%s) %s on conflict do nothing".formatted(name, names(), source);
  }

  /**
   * Inserts what {@code source} selects; where the row stands, only a higher revision changes it.
   */
  String insertNewest(String source) {
    return "insert into %s as t (%s) %s on conflict (%s) do update set %s where excluded.revision > t.revision"
        .formatted(
            name,
            names(),
            source,
            columns.stream().limit(keyColumns).map(Column::name).collect(joining(", ")),
            columns.stream()
                .skip(keyColumns)
                .map(c -> c.name() + " = excluded." + c.name())
                .collect(joining(", ")));
  }

  /** The given rows as they are, to be put into an insert. */
  String select() {
    return "select " + selected() + " from " + rows();
  }

  /** Sets the arrays of these rows from the given parameter on; returns the number of the next. */
  int bind(
      Connection connection, PreparedStatement statement, int first, Collection<? extends R> rows)
      throws SQLException {
    int parameter = first;
    for (Column<R> column : columns) {
      statement.setArray(
          parameter++, connection.createArrayOf(column.type().element(), column.values(rows)));
    }
    return parameter;
  }
}
