package io.callsync.gateway.predecessor;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A row as it stands in a file, unverified: text by column, null where the table had NULL. A column
 * that this copy of the table lacks is as one without a value.
 *
 * @param place line or number in its file, for those who look for it there
 */
record OldRow(OldTable table, long place, Map<String, String> fields) {

  private static final int LONGEST = 10_000;

  /** The first of these columns that has a value, stripped. */
  @Nullable String text(String... columns) {
    for (String column : columns) {
      String value = fields.get(column);
      if (value != null && !value.isBlank()) {
        String text = value.replace("\u0000", "").strip();
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
      }
    }
    return null;
  }

  /** A whole number of at most 18 digits, else null. */
  @Nullable Long number(String... columns) {
    for (String column : columns) {
      String value = text(column);
      if (value != null && value.matches("\\d{1,18}")) {
        return Long.valueOf(value);
      }
    }
    return null;
  }

  boolean flag(String column) {
    String value = text(column);
    return value != null && (value.equals("1") || value.equalsIgnoreCase("true"));
  }

  /** The object in a JSON column, however often it was encoded; empty where there is none. */
  ObjectNode json(String column) {
    return NestedJson.object(fields.get(column));
  }

  /** A DATETIME: wall clock of a zone that the column does not tell. */
  @Nullable LocalDateTime wallClock(String... columns) {
    String value = text(columns);
    try {
      return value == null ? null : WallClock.parse(value);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  /** What people would look for: the row's id, else its place in the file. */
  String name() {
    String id = text("id");
    return id == null || id.length() > 40 ? "at " + place : id;
  }

  Finding finding(Trouble trouble) {
    return new Finding(table, name(), trouble);
  }
}
