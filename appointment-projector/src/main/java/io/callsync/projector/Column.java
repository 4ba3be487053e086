package io.callsync.projector;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A column of a table: its name, its type, and how a row gives its value. */
record Column<R>(String name, Type type, Function<R, @Nullable Object> value) {

  /**
   * A Postgres type and how its values travel in one array for all rows: arrays of arrays do not
   * unnest by row, so an array travels as its text.
   */
  enum Type {
    BIGINT("bigint", "bigint"),
    INTEGER("integer", "integer"),
    BOOLEAN("boolean", "boolean"),
    TEXT("text", "text"),
    UUID("uuid", "uuid"),
    TIMESTAMPTZ("timestamptz", "timestamptz"),
    JSONB("jsonb", "jsonb"),
    TEXTS("text[]", "text"),
    BIGINTS("bigint[]", "text");

    private final String sql;
    private final String element;

    Type(String sql, String element) {
      this.sql = sql;
      this.element = element;
    }

    /** The type of the elements in the parameter. */
    String element() {
      return element;
    }
  }

  static <R> Column<R> bigint(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.BIGINT, value);
  }

  static <R> Column<R> integer(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.INTEGER, value);
  }

  static <R> Column<R> bool(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.BOOLEAN, value);
  }

  static <R> Column<R> text(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.TEXT, value);
  }

  static <R> Column<R> uuid(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.UUID, value);
  }

  static <R> Column<R> instant(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.TIMESTAMPTZ, value);
  }

  static <R> Column<R> jsonb(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.JSONB, value);
  }

  static <R> Column<R> texts(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.TEXTS, value);
  }

  static <R> Column<R> bigints(String name, Function<R, @Nullable Object> value) {
    return new Column<>(name, Type.BIGINTS, value);
  }

  /** The column in a select over the unnested parameters. */
  String selected() {
    return type.sql.equals(type.element) ? name : name + "::" + type.sql;
  }

  /** The values of all rows, in their order. */
  @Nullable Object[] values(Collection<? extends R> rows) {
    @Nullable Object[] values =
        type == Type.BIGINT ? new Long[rows.size()] : new String[rows.size()];
    int i = 0;
    for (R row : rows) {
      values[i++] = element(value.apply(row));
    }
    return values;
  }

  private @Nullable Object element(@Nullable Object given) {
    if (given == null || type == Type.BIGINT) {
      return given;
    }
    return given instanceof List<?> list ? arrayLiteral(list) : given.toString();
  }

  private static String arrayLiteral(List<?> elements) {
    return elements.stream()
        .map(e -> '"' + Objects.toString(e).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(",", "{", "}"));
  }
}
