package io.callsync.gateway.predecessor;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predecessor's times: wall clock without a zone, by its phone path in the salon's zone, by
 * everything else in UTC. Pure.
 */
final class WallClock {

  private static final DateTimeFormatter DATETIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd['T'][ ]HH:mm[:ss]")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalEnd()
          .optionalStart()
          .appendLiteral('Z')
          .optionalEnd()
          .toFormatter(java.util.Locale.ROOT);

  /** Epoch milliseconds from here on, seconds below: 1973 in the one, 5138 in the other. */
  private static final long MILLIS = 100_000_000_000L;

  private static final long LATEST_MILLIS = 253_402_300_799_000L;

  private WallClock() {}

  static LocalDateTime parse(String text) {
    return LocalDateTime.parse(text, DATETIME);
  }

  /** Null where that zone's clock showed the time never or twice: then nobody can tell. */
  static @Nullable Instant at(@Nullable LocalDateTime wall, ZoneId zone) {
    if (wall == null) {
      return null;
    }
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(wall);
    return offsets.size() == 1 ? wall.toInstant(offsets.getFirst()) : null;
  }

  /**
   * The zone in which this wall clock shows that instant: UTC or the salon's.
   *
   * @return null where it shows it in neither
   */
  static @Nullable ZoneId zoneBy(
      @Nullable LocalDateTime wall, @Nullable Instant real, ZoneId salon) {
    if (wall == null || real == null) {
      return null;
    }
    if (wall.toInstant(ZoneOffset.UTC).equals(real)) {
      return ZoneOffset.UTC;
    }
    return LocalDateTime.ofInstant(real, salon).equals(wall) ? salon : null;
  }

  /** Retell's epoch milliseconds or, by version, a datetime in UTC. */
  static @Nullable Instant timestamp(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.matches("\\d{9,15}")) {
      long number = Long.parseLong(text);
      long millis = number < MILLIS ? number * 1000 : number;
      return millis > LATEST_MILLIS ? null : Instant.ofEpochMilli(millis);
    }
    try {
      return parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  /** IANA zone; null where the text names none. */
  static @Nullable ZoneId zone(@Nullable String name) {
    try {
      return name == null ? null : ZoneId.of(name);
    } catch (DateTimeException unknown) {
      return null;
    }
  }
}
