package io.callsync.gateway.spoken;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.spoken.SpokenClock.At;
import io.callsync.gateway.spoken.SpokenClock.During;
import io.callsync.gateway.spoken.SpokenClock.Either;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** A Thursday. */
  private static final LocalDate TODAY = LocalDate.of(2025, 10, 23);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2025-10-24|2025-10-24",
        "24.10.2025|2025-10-24",
        "5.11.2025|2025-11-05",
        "Dienstag, 23. Dezember|2025-12-23",
        "Dienstag, den 11. November|2025-11-11",
        "Dienstag, den 11. November 2025|2025-11-11",
        "7. November|2025-11-07",
        "11.11.|2025-11-11",
        "15.1|2026-01-15",
        "heute|2025-10-23",
        "morgen|2025-10-24",
        "übermorgen|2025-10-25",
        "tomorrow|2025-10-24",
        "Montag|2025-10-27",
        "nächster Donnerstag|2025-10-30",
        "kommenden Mittwoch|2025-10-29",
        "nächste Woche Mittwoch|2025-10-29",
        "am Freitag|2025-10-24"
      })
  void TIME_03_a_day_is_understood_as_it_is_said(String said, LocalDate expected) {
    assertThat(SpokenDate.read(said, TODAY)).isEqualTo(new SpokenDate.Day(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "24.10.2023|2025-10-24",
        "2023-06-13|2026-06-13",
        "2024-06-17|2026-06-17",
        "Montag, 24. Oktober|2025-10-24",
        "Donnerstag|2025-10-30",
        "nächsten Freitag|2025-10-24"
      })
  void TIME_01_a_day_that_may_be_a_slip_is_asked_back_with_a_suggestion(
      String said, LocalDate suggestion) {
    assertThat(SpokenDate.read(said, TODAY)).isEqualTo(new SpokenDate.Unclear(suggestion));
  }

  /** The slot that a wish of seven o'clock means, in winter and in summer. */
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati"})
  void TIME_05_where_the_machine_stands_changes_nothing(String zone) {
    TimeZone before = TimeZone.getDefault();
    Locale language = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      Instant now = Instant.parse("2025-07-01T22:30:00Z");
      assertThat(read("2025-11-14", "07:00", now)).isEqualTo(exact("2025-11-14T06:00:00Z"));
      assertThat(read("14.7.2025", "7 Uhr", now)).isEqualTo(exact("2025-07-14T05:00:00Z"));
      assertThat(read("heute", "07:00", now)).isEqualTo(exact("2025-07-02T05:00:00Z"));
      assertThat(read("morgen", "07:00", now)).isEqualTo(exact("2025-07-03T05:00:00Z"));
      assertThat(read("Dienstag", "halb drei", now)).isEqualTo(exact("2025-07-08T12:30:00Z"));
      assertThat(read("DIENSTAG, 15. JULI", "7 UHR", now)).isEqualTo(exact("2025-07-15T05:00:00Z"));
      assertThat(read("2026-03-29", "02:30", now)).isEqualTo(new Moment.Ask("date_unclear", null));
      assertThat(read("2025-10-26", "02:30", now)).isEqualTo(new Moment.Ask("date_unclear", null));
      assertThat(Moment.read("2025-11-14T06:00:00.000Z", null, null, BERLIN, now))
          .isEqualTo(exact("2025-11-14T06:00:00Z"));
    } finally {
      TimeZone.setDefault(before);
      Locale.setDefault(language);
    }
  }

  private static Moment read(String date, String time, Instant now) {
    return Moment.read(null, date, time, BERLIN, now);
  }

  private static Moment exact(String instant) {
    return new Moment.Exact(Instant.parse(instant));
  }

  @Test
  void TIME_04_on_new_years_day_yesterday_is_past_and_no_slip() {
    Instant newYear = Instant.parse("2026-01-01T11:00:00Z");
    assertThat(read("2025-12-31", "10:00", newYear)).isEqualTo(new Moment.Ask("time_past", null));
  }

  @Test
  void TIME_03_the_year_is_the_next_one_in_which_the_day_comes() {
    assertThat(SpokenDate.read("11.11.", LocalDate.of(2025, 11, 10)))
        .isEqualTo(new SpokenDate.Day(LocalDate.of(2025, 11, 11)));
    assertThat(SpokenDate.read("13. Dezember", LocalDate.of(2025, 11, 15)))
        .isEqualTo(new SpokenDate.Day(LocalDate.of(2025, 12, 13)));
    assertThat(SpokenDate.read("7. November", LocalDate.of(2025, 12, 5)))
        .isEqualTo(new SpokenDate.Unclear(LocalDate.of(2026, 11, 7)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"31.02.", "31.02.2026", "diese Woche", "not specified", "32. Mai", "x"})
  void TIME_06_no_day_is_made_up(String said) {
    assertThat(SpokenDate.read(said, TODAY)).isEqualTo(new SpokenDate.Unclear(null));
  }

  @ParameterizedTest
  @CsvSource({
    "14:00,14:00", "9:45,09:45", "10 Uhr,10:00", "8 Uhr,08:00", "fünfzehn Uhr,15:00",
    "14:00 Uhr,14:00", "10 Uhr 30,10:30", "14.30,14:30", "2:30 pm,14:30", "um 9 Uhr,09:00"
  })
  void a_time_is_understood_as_it_is_said(String said, LocalTime expected) {
    assertThat(SpokenClock.read(said)).isEqualTo(new At(expected));
  }

  @Test
  void half_three_is_half_past_two_by_night_or_by_day() {
    assertThat(SpokenClock.read("halb drei"))
        .isEqualTo(new Either(LocalTime.of(2, 30), LocalTime.of(14, 30)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"vormittags ab 9 Uhr", "nachmittags", "morgens", "morning"})
  void TIME_06_a_part_of_the_day_never_becomes_a_time(String said) {
    assertThat(SpokenClock.read(said)).isInstanceOf(During.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "25:00", "14:75", "bald", "halb dreizehn", "9"})
  void what_is_no_time_is_asked_back(String said) {
    assertThat(SpokenClock.read(said)).isEqualTo(new SpokenClock.Unclear());
  }
}
