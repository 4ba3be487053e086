package io.callsync.cli;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as operators type it: 2026-03-10, 2026-03-10T09:30 (in Berlin), with Z or an offset, or
 * 3d, 12h, 30m ago.
 */
final class Since {

  private static final ZoneId HERE = ZoneId.of("Europe/Berlin");
  private static final Pattern AGO = Pattern.compile("(\\d{1,5})([dhm])");
  private static final Map<String, Duration> UNITS =
      Map.of("d", Duration.ofDays(1), "h", Duration.ofHours(1), "m", Duration.ofMinutes(1));

  private Since() {}

  /**
   * @throws CommandFailure that says how to write a time
   */
  static Instant parse(String text, Clock clock) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return clock
          .instant()
          .minus(
              UNITS
                  .getOrDefault(ago.group(2), Duration.ZERO)
                  .multipliedBy(Long.parseLong(ago.group(1))));
    }
    try {
      if (!text.contains("T")) {
        return LocalDate.parse(text).atStartOfDay(HERE).toInstant();
      }
      return text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).atZone(HERE).toInstant();
    } catch (DateTimeException e) {
      throw new CommandFailure(
          "'%s' is no time: write 2026-03-10, 2026-03-10T09:30 (Berlin), 2026-03-10T08:30:00Z, or 3d, 12h, 30m for so long ago."
              .formatted(text),
          e);
    }
  }
}
