package io.callsync.validator.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BookingDetailsTest {

  private static final String CONFIRMED =
      """
      {"confirmed_at": "2025-10-23T10:00:00Z",
       "calcom_booking": {"id": 4711, "uid": "abc", "status": "accepted", "metadata": {"call_id": "call_a"}}}
      """;

  @Test
  void a_booking_is_read_plain_and_encoded_once_or_twice() {
    var json = JsonMapper.shared();
    String once = json.writeValueAsString(CONFIRMED);
    String twice = json.writeValueAsString(once);
    var booking = new BookingDetails(4711L, "abc", "call_a");
    assertThat(BookingDetails.read(CONFIRMED)).isEqualTo(booking);
    assertThat(BookingDetails.read(once)).isEqualTo(booking);
    assertThat(BookingDetails.read(twice)).isEqualTo(booking);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        // Shape A: somebody asked for a time.
        "{\"date\":\"2025-10-24\",\"time\":\"14:00\",\"exact_time_available\":true,\"checked_at\":\"x\"}",
        // Shape D2: guessed from the transcript, and not booked.
        "{\"starts_at\":\"2025-10-24 10:00\",\"confidence\":60,\"booking_failed\":1}",
        "{\"calcom_booking\":{}}",
        "{\"calcom_booking\":null}",
        "[]",
        "\"free text\"",
        "not json at all",
        ""
      })
  void what_holds_no_booking_of_calcom_is_none(String details) {
    assertThat(BookingDetails.read(details)).isNull();
  }

  @Test
  void a_booking_belongs_to_the_call_it_names_or_to_the_one_that_holds_it() {
    assertThat(new BookingDetails(1L, null, "call_a").belongsTo("call_a")).isTrue();
    assertThat(new BookingDetails(1L, null, "call_a").belongsTo("call_b")).isFalse();
    assertThat(new BookingDetails(1L, null, null).belongsTo("call_b")).isTrue();
  }
}
