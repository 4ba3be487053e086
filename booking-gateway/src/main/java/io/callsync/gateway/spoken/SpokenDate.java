package io.callsync.gateway.spoken;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A day as it was said, or why it has to be asked back. A day is never guessed: what has two
 * readings, lies in the past, or does not fit its weekday comes back as a suggestion.
 */
public sealed interface SpokenDate {

  /** One certain day. */
  record Day(LocalDate date) implements SpokenDate {}

  /**
   * Not certain.
   *
   * @param suggestion the day that was probably meant, null where nothing can be said
   */
  record Unclear(@Nullable LocalDate suggestion) implements SpokenDate {}

  /** A date without a year this far ahead was probably a slip. */
  int FARTHEST_MONTHS = 6;

  Map<String, Integer> RELATIVE =
      Map.of(
          "heute",
          0,
          "today",
          0,
          "morgen",
          1,
          "tomorrow",
          1,
          "uebermorgen",
          2,
          "day after tomorrow",
          2);

  Map<String, Integer> MONTHS =
      Map.ofEntries(
          Map.entry("januar", 1),
          Map.entry("january", 1),
          Map.entry("jaenner", 1),
          Map.entry("februar", 2),
          Map.entry("february", 2),
          Map.entry("maerz", 3),
          Map.entry("march", 3),
          Map.entry("april", 4),
          Map.entry("mai", 5),
          Map.entry("may", 5),
          Map.entry("juni", 6),
          Map.entry("june", 6),
          Map.entry("juli", 7),
          Map.entry("july", 7),
          Map.entry("august", 8),
          Map.entry("september", 9),
          Map.entry("oktober", 10),
          Map.entry("october", 10),
          Map.entry("november", 11),
          Map.entry("dezember", 12),
          Map.entry("december", 12));

  Map<String, DayOfWeek> WEEKDAYS =
      Map.ofEntries(
          Map.entry("montag", DayOfWeek.MONDAY),
          Map.entry("monday", DayOfWeek.MONDAY),
          Map.entry("dienstag", DayOfWeek.TUESDAY),
          Map.entry("tuesday", DayOfWeek.TUESDAY),
          Map.entry("mittwoch", DayOfWeek.WEDNESDAY),
          Map.entry("wednesday", DayOfWeek.WEDNESDAY),
          Map.entry("donnerstag", DayOfWeek.THURSDAY),
          Map.entry("thursday", DayOfWeek.THURSDAY),
          Map.entry("freitag", DayOfWeek.FRIDAY),
          Map.entry("friday", DayOfWeek.FRIDAY),
          Map.entry("samstag", DayOfWeek.SATURDAY),
          Map.entry("sonnabend", DayOfWeek.SATURDAY),
          Map.entry("saturday", DayOfWeek.SATURDAY),
          Map.entry("sonntag", DayOfWeek.SUNDAY),
          Map.entry("sunday", DayOfWeek.SUNDAY));

  Pattern NUMERIC = Pattern.compile("(\\d{1,2})\\.\\s?(\\d{1,2})\\.?(?:\\s?(\\d{4}|\\d{2}))?");
  Pattern NAMED = Pattern.compile("(\\d{1,2})\\.?\\s+([a-z]+)(?:\\s+(\\d{4}))?");
  Pattern ISO = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  Pattern NEXT = Pattern.compile("(?:naechste[rnms]?|kommende[rnms]?|next)\\s+([a-z]+)");
  Pattern NEXT_WEEK = Pattern.compile("(?:naechste|kommende|next)\\s+(?:woche|week)\\s+([a-z]+)");

  /**
   * @param said without the time of day
   * @param today in the company's zone
   */
  static SpokenDate read(String said, LocalDate today) {
    String text = fold(said);
    Integer days = RELATIVE.get(text);
    if (days != null) {
      return new Day(today.plusDays(days));
    }
    Matcher nextWeek = NEXT_WEEK.matcher(text);
    if (nextWeek.matches() && WEEKDAYS.containsKey(nextWeek.group(1))) {
      LocalDate monday = today.with(TemporalAdjusters.next(DayOfWeek.MONDAY));
      return new Day(monday.with(TemporalAdjusters.nextOrSame(weekday(nextWeek.group(1)))));
    }
    Matcher next = NEXT.matcher(text);
    if (next.matches() && WEEKDAYS.containsKey(next.group(1))) {
      return nextWeekday(weekday(next.group(1)), today);
    }
    if (WEEKDAYS.containsKey(text)) {
      DayOfWeek day = weekday(text);
      // Said on a Monday, "Montag" may be today or in a week.
      return day == today.getDayOfWeek()
          ? new Unclear(today.plusWeeks(1))
          : new Day(today.with(TemporalAdjusters.next(day)));
    }
    return calendar(text, today);
  }

  /**
   * "Nächsten Donnerstag" is the coming one, unless that is so near that the one after may be
   * meant.
   */
  private static SpokenDate nextWeekday(DayOfWeek day, LocalDate today) {
    LocalDate coming = today.with(TemporalAdjusters.next(day));
    boolean sameWeek = coming.getDayOfWeek().compareTo(today.getDayOfWeek()) > 0;
    return sameWeek && coming.isBefore(today.plusDays(4)) ? new Unclear(coming) : new Day(coming);
  }

  private static SpokenDate calendar(String text, LocalDate today) {
    Optional<DayOfWeek> said =
        WEEKDAYS.entrySet().stream()
            .filter(e -> text.startsWith(e.getKey() + " "))
            .map(Map.Entry::getValue)
            .findFirst();
    String date =
        said.isEmpty()
            ? text
            : text.substring(text.indexOf(' ') + 1).replaceFirst("^(den|der|the) ", "");
    try {
      SpokenDate read = dated(date, today);
      return read instanceof Day day && said.isPresent() && day.date.getDayOfWeek() != said.get()
          ? new Unclear(day.date)
          : read;
    } catch (DateTimeException noSuchDay) {
      return new Unclear(null);
    }
  }

  private static SpokenDate dated(String text, LocalDate today) {
    if (ISO.matcher(text).matches()) {
      return notPast(LocalDate.parse(text), today);
    }
    Matcher numeric = NUMERIC.matcher(text);
    if (numeric.matches()) {
      return dayAndMonth(
          Integer.parseInt(numeric.group(1)),
          Integer.parseInt(numeric.group(2)),
          numeric.group(3),
          today);
    }
    Matcher named = NAMED.matcher(text);
    if (named.matches() && MONTHS.containsKey(named.group(2))) {
      return dayAndMonth(
          Integer.parseInt(named.group(1)),
          java.util.Objects.requireNonNull(MONTHS.get(named.group(2))),
          named.group(3),
          today);
    }
    return new Unclear(null);
  }

  private static SpokenDate dayAndMonth(
      int day, int month, @Nullable String year, LocalDate today) {
    if (year != null) {
      int full = Integer.parseInt(year);
      return notPast(LocalDate.of(full < 100 ? 2000 + full : full, month, day), today);
    }
    LocalDate candidate = nextSuchDay(MonthDay.of(month, day), today);
    return candidate.isAfter(today.plusMonths(FARTHEST_MONTHS))
        ? new Unclear(candidate)
        : new Day(candidate);
  }

  /**
   * A language model without a clock names a day of an earlier year: the same day to come is
   * suggested.
   */
  private static SpokenDate notPast(LocalDate date, LocalDate today) {
    if (!date.isBefore(today)) {
      return new Day(date);
    }
    // On New Year's Day yesterday is simply past.
    return date.getYear() < today.getYear() && date.isBefore(today.minusMonths(1))
        ? new Unclear(nextSuchDay(MonthDay.from(date), today))
        : new Day(date);
  }

  private static LocalDate nextSuchDay(MonthDay day, LocalDate today) {
    int year = today.getYear();
    while (!day.isValidYear(year) || day.atYear(year).isBefore(today)) {
      year++;
    }
    return day.atYear(year);
  }

  private static DayOfWeek weekday(String name) {
    return java.util.Objects.requireNonNull(WEEKDAYS.get(name));
  }

  private static String fold(String said) {
    return said.strip()
        .toLowerCase(Locale.GERMAN)
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replace("ß", "ss")
        .replace(",", " ")
        .replaceAll("\\s+", " ")
        .replaceFirst("^(am|on) ", "")
        .strip();
  }
}
