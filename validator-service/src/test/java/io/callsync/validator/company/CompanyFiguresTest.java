package io.callsync.validator.company;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.validator.rule.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompanyFiguresTest {

  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

  @ParameterizedTest
  @CsvSource({"100,100,", "100,95,", "100,94,LINK_RATE_LOW", "10,9,LINK_RATE_LOW", "9,0,", "0,0,"})
  void the_link_rate_is_reported_where_it_drops(int booked, int linked, String rule) {
    assertThat(rules(new CompanyFigures(1, booked, linked, NOW, booked, Duration.ofHours(1))))
        .isEqualTo(rule == null ? List.of() : List.of(rule));
  }

  @ParameterizedTest
  @CsvSource({
    "2,PT23H,", // A night.
    "2,PT25H,BOOKINGS_STOPPED",
    "60,PT100H,", // Closed over the weekend, as last time.
    "60,PT121H,BOOKINGS_STOPPED"
  })
  void silence_is_measured_by_the_companys_own_pauses(
      int longestPauseHours, Duration silence, String rule) {
    var figures =
        new CompanyFigures(1, 0, 0, NOW.minus(silence), 10, Duration.ofHours(longestPauseHours));
    assertThat(rules(figures)).isEqualTo(rule == null ? List.of() : List.of(rule));
  }

  @Test
  void of_a_few_bookings_nothing_is_concluded() {
    assertThat(rules(new CompanyFigures(1, 3, 0, NOW.minus(Duration.ofDays(13)), 3, null)))
        .isEmpty();
  }

  private static List<String> rules(CompanyFigures figures) {
    return figures.validate(NOW).stream().map(Violation::rule).toList();
  }
}
