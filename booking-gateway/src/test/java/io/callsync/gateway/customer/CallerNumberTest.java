package io.callsync.gateway.customer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerNumberTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "anonymous",
        "Anonymous",
        "ANONYMOUS",
        "unknown",
        "private",
        "withheld",
        "restricted",
        "blocked",
        "",
        " ",
        "None",
        "{{phone}}",
        "anonymous_1761213600_1a2b3c4d"
      })
  void ANON_01_whatever_hides_a_number_is_no_number(String text) {
    assertThat(CallerNumber.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "+491713920001,+491713920001",
    "0171 3920001,+491713920001",
    "0049 171 3920001,+491713920001",
    "+12025550143,+12025550143"
  })
  void numbers_are_kept_as_e164(String text, String expected) {
    assertThat(CallerNumber.parse(text)).isEqualTo(expected);
  }
}
