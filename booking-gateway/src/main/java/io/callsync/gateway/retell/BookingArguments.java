package io.callsync.gateway.retell;

import io.callsync.gateway.customer.CallerNumber;
import io.callsync.gateway.intake.Fields;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a caller wants booked, or the one thing that has to be asked. Pure.
 *
 * <p>ISO dates and times are canonical; the names and the German date that agents in use send are
 * understood. Nothing is guessed.
 */
sealed interface BookingArguments {

  /**
   * Complete arguments.
   *
   * @param service as spoken
   * @param phone E.164, null where the caller gave none
   * @param ignored optional arguments that could not be read
   */
  record Complete(
      Instant start,
      @Nullable String service,
      String name,
      @Nullable String phone,
      @Nullable String email,
      @Nullable String notes,
      List<String> ignored)
      implements BookingArguments {}

  /**
   * Something has to be asked back.
   *
   * @param status date_required, time_required, date_unclear, time_past, name_required or
   *     invalid_arguments
   */
  record AskBack(String status) implements BookingArguments {}

  Map<String, List<String>> ALIASES =
      Map.of(
          "date", List.of("date", "datum", "preferred_date", "appointment_date"),
          "time", List.of("time", "uhrzeit", "preferred_time", "appointment_time"),
          "start", List.of("start", "datetime"),
          "service", List.of("service", "dienstleistung", "service_name", "service_type"),
          "name", List.of("name", "customer_name", "kundenname", "kundename"),
          "phone", List.of("phone", "customer_phone", "telefonnummer", "phone_number"),
          "email", List.of("email", "customer_email"),
          "notes", List.of("notes", "kundenpraeferenzen", "reason"));

  Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,190}\\.[^\\s@.]{2,60}");
  Set<String> NO_NAME = Set.of("unbekannt", "anonym", "anonymous", "unknown", "none", "null");
  DateTimeFormatter GERMAN =
      DateTimeFormatter.ofPattern("d.M.uuuu").withResolverStyle(ResolverStyle.STRICT);
  DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("H:mm[:ss]").withResolverStyle(ResolverStyle.STRICT);
  int LONGEST = 1000;

  static BookingArguments parse(JsonNode args, ZoneId zone, Instant now) {
    var read = new Reader(args);
    String date = read.text("date");
    String time = read.text("time");
    String start = read.text("start");
    String service = read.text("service");
    String name = read.text("name");
    String phone = read.text("phone");
    String email = read.text("email");
    String notes = read.text("notes");
    if (read.contradictory) {
      return new AskBack("invalid_arguments");
    }
    List<String> ignored = new ArrayList<>();
    if (email != null && !EMAIL.matcher(email).matches()) {
      email = null;
      ignored.add("email");
    }
    String number = CallerNumber.parse(phone);
    if (phone != null && number == null) {
      ignored.add("phone");
    }
    if (start == null && date == null) {
      return new AskBack("date_required");
    }
    if (start == null && time == null) {
      return new AskBack("time_required");
    }
    Instant instant = start != null ? instant(start, zone) : instant(date, time, zone);
    if (instant == null) {
      return new AskBack("date_unclear");
    }
    if (!instant.isAfter(now)) {
      return new AskBack("time_past");
    }
    if (name == null || NO_NAME.contains(name.toLowerCase(java.util.Locale.ROOT))) {
      return new AskBack("name_required");
    }
    return new Complete(instant, service, name, number, email, notes, ignored);
  }

  private static @Nullable Instant instant(
      @Nullable String date, @Nullable String time, ZoneId zone) {
    if (date == null || time == null) {
      return null;
    }
    try {
      LocalDate day = date.indexOf('.') > 0 ? LocalDate.parse(date, GERMAN) : LocalDate.parse(date);
      return local(day.atTime(LocalTime.parse(time.replace(" Uhr", ""), CLOCK)), zone);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }

  /** With an offset it is an instant, without one the company's local time. */
  private static @Nullable Instant instant(String start, ZoneId zone) {
    String iso = start.replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeException noOffset) {
      try {
        return local(LocalDateTime.parse(iso), zone);
      } catch (DateTimeException notIso) {
        String[] parts = start.split(" ", 2);
        return parts.length == 2 ? instant(parts[0], parts[1], zone) : null;
      }
    }
  }

  /** Null where the local time does not exist or exists twice: clocks are changed then. */
  private static @Nullable Instant local(LocalDateTime time, ZoneId zone) {
    var offsets = zone.getRules().getValidOffsets(time);
    return offsets.size() == 1 ? time.toInstant(offsets.getFirst()) : null;
  }

  /** Reads an argument by any of its names; unreplaced placeholders count as absent. */
  final class Reader {
    private final JsonNode args;
    private boolean contradictory;

    Reader(JsonNode args) {
      this.args = args;
    }

    @Nullable String text(String canonical) {
      Set<String> values = new TreeSet<>();
      for (String alias : ALIASES.getOrDefault(canonical, List.of(canonical))) {
        String value = Fields.text(args, alias);
        if (value != null && !value.contains("{{")) {
          String stripped = value.strip();
          values.add(stripped.length() > LONGEST ? stripped.substring(0, LONGEST) : stripped);
        }
      }
      contradictory |= values.size() > 1;
      return values.isEmpty() ? null : values.iterator().next();
    }
  }
}
