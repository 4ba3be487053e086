package io.callsync.gateway.spoken;

import io.callsync.gateway.spoken.SpokenClock.At;
import io.callsync.gateway.spoken.SpokenClock.During;
import io.callsync.gateway.spoken.SpokenClock.Either;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * When something shall be, as far as date and time were said; what is missing is asked for, never
 * filled in.
 */
public sealed interface Moment {

  /** Date and time are certain and to come. */
  record Exact(Instant instant) implements Moment {}

  /**
   * Only the day is certain.
   *
   * @param part the part of the day that was said, null for the whole day
   */
  record OnDay(LocalDate date, @Nullable During part) implements Moment {}

  /**
   * One thing has to be asked.
   *
   * @param status date_required, date_unclear or time_past
   * @param suggestion the day that was probably meant
   */
  record Ask(String status, @Nullable LocalDate suggestion) implements Moment {}

  /** When nobody says morning or afternoon, business hours decide. */
  LocalTime BUSINESS_FROM = LocalTime.of(7, 0);

  LocalTime BUSINESS_UNTIL = LocalTime.of(20, 0);

  /**
   * @param start date and time in one, wins over the two others
   * @param zone the company's, for everything without an offset
   */
  static Moment read(
      @Nullable String start,
      @Nullable String date,
      @Nullable String time,
      ZoneId zone,
      Instant now) {
    if (start != null) {
      return started(start, zone, now);
    }
    if (date == null) {
      return new Ask("date_required", null);
    }
    LocalDate today = now.atZone(zone).toLocalDate();
    return switch (SpokenDate.read(date, today)) {
      case SpokenDate.Day day -> onDay(day.date(), time, zone, now);
      case SpokenDate.Unclear unclear ->
          unclear.suggestion() == null && date.strip().contains(" ")
              ? started(date, zone, now)
              : new Ask("date_unclear", unclear.suggestion());
    };
  }

  /**
   * Date and time in one text: ISO, with or without an offset, or a spoken date followed by a time.
   */
  private static Moment started(String start, ZoneId zone, Instant now) {
    String text = start.strip();
    try {
      return notPast(OffsetDateTime.parse(text.replace(' ', 'T')).toInstant(), now);
    } catch (DateTimeException noOffset) {
      try {
        return local(LocalDateTime.parse(text.replace(' ', 'T')), zone, now);
      } catch (DateTimeException notIso) {
        return split(text, zone, now);
      }
    }
  }

  private static Moment split(String text, ZoneId zone, Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    for (int space = text.indexOf(' '); space > 0; space = text.indexOf(' ', space + 1)) {
      String time = text.substring(space + 1).strip();
      if (SpokenDate.read(text.substring(0, space), today) instanceof SpokenDate.Day day
          && !(SpokenClock.read(time) instanceof SpokenClock.Unclear)) {
        return onDay(day.date(), time, zone, now);
      }
    }
    return switch (SpokenDate.read(text, today)) {
      case SpokenDate.Day day -> onDay(day.date(), null, zone, now);
      case SpokenDate.Unclear unclear -> new Ask("date_unclear", unclear.suggestion());
    };
  }

  private static Moment onDay(LocalDate date, @Nullable String time, ZoneId zone, Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    if (date.isBefore(today)) {
      return new Ask("time_past", null);
    }
    return switch (time == null ? new SpokenClock.Unclear() : SpokenClock.read(time)) {
      case At at -> local(date.atTime(at.time()), zone, now);
      case Either either -> either(date, either, zone, now);
      case During part -> new OnDay(date, part);
      case SpokenClock.Unclear unclear -> instantOrDay(date, time, now);
    };
  }

  /** Agents put whole ISO instants into the time field, too. */
  private static Moment instantOrDay(LocalDate date, @Nullable String time, Instant now) {
    try {
      return time == null
          ? new OnDay(date, null)
          : notPast(OffsetDateTime.parse(time).toInstant(), now);
    } catch (DateTimeException noInstant) {
      return new OnDay(date, null);
    }
  }

  private static Moment either(LocalDate date, Either either, ZoneId zone, Instant now) {
    boolean early = inBusiness(either.early());
    boolean late = inBusiness(either.late());
    if (early == late) {
      return new OnDay(date, null);
    }
    return local(date.atTime(early ? either.early() : either.late()), zone, now);
  }

  private static boolean inBusiness(LocalTime time) {
    return !time.isBefore(BUSINESS_FROM) && time.isBefore(BUSINESS_UNTIL);
  }

  /** When clocks are changed, a local time may not exist, or exist twice. */
  private static Moment local(LocalDateTime time, ZoneId zone, Instant now) {
    var offsets = zone.getRules().getValidOffsets(time);
    return offsets.size() == 1
        ? notPast(time.toInstant(offsets.getFirst()), now)
        : new Ask("date_unclear", null);
  }

  private static Moment notPast(Instant instant, Instant now) {
    return instant.isAfter(now) ? new Exact(instant) : new Ask("time_past", null);
  }
}
