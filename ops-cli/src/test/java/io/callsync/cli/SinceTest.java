package io.callsync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {

  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-03-10T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "2026-03-09,2026-03-08T23:00:00Z",
    "2026-07-09T10:30,2026-07-09T08:30:00Z",
    "2026-03-09T10:30:00Z,2026-03-09T10:30:00Z",
    "2026-03-09T10:30:00+02:00,2026-03-09T08:30:00Z",
    "3d,2026-03-07T12:00:00Z",
    "12h,2026-03-10T00:00:00Z",
    "30m,2026-03-10T11:30:00Z"
  })
  void times_are_read_as_operators_type_them(String text, Instant expected) {
    assertThat(Since.parse(text, NOW)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-02-30", "3w", "10:30"})
  void what_is_no_time_is_refused_with_the_ways_to_write_one(String text) {
    assertThatThrownBy(() -> Since.parse(text, NOW))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("is no time: write 2026-03-10");
  }
}
