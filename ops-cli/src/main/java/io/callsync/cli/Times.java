package io.callsync.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Instants as a person in that zone reads them. */
final class Times {

  private Times() {}

  /** For instance: Fri 2025-10-24 14:00 Europe/Berlin. */
  static String at(String instant, String zone) {
    return instant.isEmpty() ? "" : minute(local(instant, zone)) + ' ' + zoneId(zone);
  }

  /** For instance: Fri 2025-10-24 14:00-14:55 Europe/Berlin. */
  static String span(String start, String end, String zone, String dash) {
    if (start.isEmpty() || end.isEmpty()) {
      return at(start, zone);
    }
    ZonedDateTime from = local(start, zone);
    ZonedDateTime to = local(end, zone);
    String until =
        from.toLocalDate().equals(to.toLocalDate())
            ? to.toLocalTime().truncatedTo(ChronoUnit.MINUTES).toString()
            : minute(to);
    return minute(from) + dash + until + ' ' + zoneId(zone);
  }

  private static String minute(ZonedDateTime time) {
    String day = time.getDayOfWeek().name();
    return day.charAt(0)
        + day.substring(1, 3).toLowerCase(Locale.ROOT)
        + ' '
        + time.toLocalDate()
        + ' '
        + time.toLocalTime().truncatedTo(ChronoUnit.MINUTES);
  }

  private static ZonedDateTime local(String instant, String zone) {
    return Instant.parse(instant).atZone(zoneId(zone));
  }

  private static ZoneId zoneId(String zone) {
    try {
      return zone.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      return ZoneOffset.UTC;
    }
  }
}
