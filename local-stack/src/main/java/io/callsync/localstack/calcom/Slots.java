package io.callsync.localstack.calcom;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** GET /v2/slots: each quarter of an hour while the shop is open and the host is free. */
final class Slots {

  private static final Duration STEP = Duration.ofMinutes(15);
  private static final DateTimeFormatter ZONED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx");

  private Slots() {}

  static Map<String, Object> answer(
      Map<String, String> parameters, Bookings bookings, Instant now) {
    EventType type = bookings.eventType(eventTypeId(parameters));
    Instant from = Times.parse("start", required(parameters, "start"));
    String endText = required(parameters, "end");
    Instant to = Times.parse("end", endText);
    if (!endText.contains("T")) {
      to = to.plus(Duration.ofDays(1));
    }
    String zoneName = parameters.get("timeZone");
    ZoneId zone = zoneName == null ? ZoneId.of("UTC") : ZoneId.of(zoneName);
    boolean range = "range".equals(parameters.get("format"));
    @Nullable String moved = parameters.get("bookingUidToReschedule");
    Duration length = Duration.ofMinutes(type.lengthInMinutes());
    Map<String, List<Map<String, String>>> days = new TreeMap<>();
    LocalDate last = to.atZone(Bookings.ZONE).toLocalDate();
    for (LocalDate day = from.atZone(Bookings.ZONE).toLocalDate();
        !day.isAfter(last);
        day = day.plusDays(1)) {
      Instant closes = day.atTime(Bookings.CLOSES).atZone(Bookings.ZONE).toInstant();
      for (Instant start = day.atTime(Bookings.OPENS).atZone(Bookings.ZONE).toInstant();
          !start.plus(length).isAfter(closes);
          start = start.plus(STEP)) {
        if (!start.isBefore(from)
            && start.isBefore(to)
            && start.isAfter(now)
            && (bookings.isFree(type.hostId(), start, start.plus(length), moved)
                || bookings.hasFreeSeat(type, start))) {
          Map<String, String> slot = new LinkedHashMap<>();
          slot.put("start", text(start, zone, zoneName != null));
          if (range) {
            slot.put("end", text(start.plus(length), zone, zoneName != null));
          }
          days.computeIfAbsent(start.atZone(zone).toLocalDate().toString(), d -> new ArrayList<>())
              .add(slot);
        }
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "success");
    answer.put("data", days);
    return answer;
  }

  private static int eventTypeId(Map<String, String> parameters) {
    try {
      return Integer.parseInt(required(parameters, "eventTypeId"));
    } catch (NumberFormatException e) {
      throw ApiError.invalid(List.of("eventTypeId must be a number"));
    }
  }

  private static String required(Map<String, String> parameters, String name) {
    String value = parameters.get(name);
    if (value == null || value.isEmpty()) {
      throw ApiError.invalid(List.of(name + " should not be empty"));
    }
    return value;
  }

  private static String text(Instant at, ZoneId zone, boolean zoned) {
    return zoned ? ZONED.format(ZonedDateTime.ofInstant(at, zone)) : WebhookBody.MILLIS.format(at);
  }
}
