package io.callsync.validator.sql;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** What JDBC says otherwise: nullable numbers, instants and arrays. */
public final class Sql {

  /** Rows of one column that is never null. */
  public static final RowMapper<Long> LONG = (row, n) -> row.getLong(1);

  public static final RowMapper<String> TEXT = (row, n) -> row.getString(1);
  public static final RowMapper<UUID> UUIDS = (row, n) -> row.getObject(1, UUID.class);

  private Sql() {}

  public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
    return value == null ? null : value.toInstant();
  }

  public static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** A parameter for {@code = any(?)}. */
  public static long[] longs(Collection<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  /** A parameter for {@code = any(?::uuid[])} or {@code = any(?)}. */
  public static String[] texts(Collection<?> values) {
    return values.stream().map(Object::toString).toArray(String[]::new);
  }

  public static Object[] elements(@Nullable Array array) throws SQLException {
    return array == null ? new Object[0] : (Object[]) array.getArray();
  }
}
