package io.callsync.gateway.spoken;

import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time of day as it was said, or why it has to be asked back. */
public sealed interface SpokenClock {

  /** One certain time. */
  record At(LocalTime time) implements SpokenClock {}

  /** Morning or afternoon was not said: the one within opening hours is meant, else it is asked. */
  record Either(LocalTime early, LocalTime late) implements SpokenClock {}

  /** A part of the day: filters proposals, never becomes a time. */
  record During(LocalTime from, LocalTime until) implements SpokenClock {}

  /** Not understood. */
  record Unclear() implements SpokenClock {}

  List<String> NUMBERS =
      List.of(
          "null",
          "eins",
          "zwei",
          "drei",
          "vier",
          "fuenf",
          "sechs",
          "sieben",
          "acht",
          "neun",
          "zehn",
          "elf",
          "zwoelf",
          "dreizehn",
          "vierzehn",
          "fuenfzehn",
          "sechzehn",
          "siebzehn",
          "achtzehn",
          "neunzehn",
          "zwanzig",
          "einundzwanzig",
          "zweiundzwanzig",
          "dreiundzwanzig");

  Map<String, During> PARTS =
      Map.of(
          "morgens", new During(LocalTime.of(6, 0), LocalTime.of(10, 0)),
          "vormittags", new During(LocalTime.of(6, 0), LocalTime.NOON),
          "vormittag", new During(LocalTime.of(6, 0), LocalTime.NOON),
          "mittags", new During(LocalTime.of(11, 0), LocalTime.of(14, 0)),
          "nachmittags", new During(LocalTime.NOON, LocalTime.of(18, 0)),
          "nachmittag", new During(LocalTime.NOON, LocalTime.of(18, 0)),
          "abends", new During(LocalTime.of(17, 0), LocalTime.of(22, 0)),
          "morning", new During(LocalTime.of(6, 0), LocalTime.NOON),
          "afternoon", new During(LocalTime.NOON, LocalTime.of(18, 0)),
          "evening", new During(LocalTime.of(17, 0), LocalTime.of(22, 0)));

  Pattern DIGITS = Pattern.compile("(?:um )?(\\d{1,2})(?:[:.](\\d{2})(?::\\d{2})?)?(?: ?uhr)?");
  Pattern HOUR_MINUTE = Pattern.compile("(?:um )?(\\d{1,2}) uhr (\\d{1,2})");
  Pattern WORD = Pattern.compile("(?:um )?([a-z]+) uhr");
  Pattern HALF = Pattern.compile("(?:um )?halb ([a-z]+|\\d{1,2})");
  Pattern TWELVE = Pattern.compile("(\\d{1,2})(?::(\\d{2}))? ?([ap])\\.?m\\.?");

  static SpokenClock read(String said) {
    String text = fold(said);
    Matcher twelve = TWELVE.matcher(text);
    if (twelve.matches()) {
      int hour = Integer.parseInt(twelve.group(1)) % 12 + (twelve.group(3).equals("p") ? 12 : 0);
      return at(hour, twelve.group(2) == null ? 0 : Integer.parseInt(twelve.group(2)));
    }
    Matcher digits = DIGITS.matcher(text);
    if (digits.matches()) {
      boolean bare = digits.group(2) == null && !text.contains("uhr");
      return bare
          ? new Unclear()
          : at(
              Integer.parseInt(digits.group(1)),
              digits.group(2) == null ? 0 : Integer.parseInt(digits.group(2)));
    }
    Matcher both = HOUR_MINUTE.matcher(text);
    if (both.matches()) {
      return at(Integer.parseInt(both.group(1)), Integer.parseInt(both.group(2)));
    }
    Matcher half = HALF.matcher(text);
    if (half.matches()) {
      return half(number(half.group(1)));
    }
    Matcher word = WORD.matcher(text);
    if (word.matches()) {
      return at(number(word.group(1)), 0);
    }
    return PARTS.entrySet().stream()
        .filter(e -> text.equals(e.getKey()) || text.startsWith(e.getKey() + " "))
        .map(e -> (SpokenClock) e.getValue())
        .findFirst()
        .orElse(new Unclear());
  }

  private static SpokenClock at(int hour, int minute) {
    return hour < 0 || hour > 23 || minute > 59
        ? new Unclear()
        : new At(LocalTime.of(hour, minute));
  }

  /** "Halb drei" is half past two, at night or in the afternoon. */
  private static SpokenClock half(int hour) {
    return hour < 1 || hour > 12
        ? new Unclear()
        : new Either(LocalTime.of(hour - 1, 30), LocalTime.of(hour == 12 ? 23 : hour + 11, 30));
  }

  private static int number(String word) {
    if (word.equals("ein") || word.equals("zwo")) {
      return word.equals("ein") ? 1 : 2;
    }
    return word.chars().allMatch(Character::isDigit)
        ? Integer.parseInt(word)
        : NUMBERS.indexOf(word);
  }

  private static String fold(String said) {
    return said.strip()
        .toLowerCase(Locale.GERMAN)
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replaceAll("\\s+", " ");
  }
}
