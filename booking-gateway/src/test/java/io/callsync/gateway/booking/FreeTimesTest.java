package io.callsync.gateway.booking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreeTimesTest {

  private static final Instant WISHED = Instant.parse("2025-10-24T11:00:00Z");

  @Test
  void AVL_01_the_nearest_before_and_after_are_named() {
    assertThat(FreeTimes.near(times("09:30", "10:45", "11:15", "12:00", "15:00"), WISHED, 3))
        .containsExactlyElementsOf(times("10:45", "11:15", "12:00"));
  }

  @Test
  void the_one_after_is_named_though_several_before_are_nearer() {
    assertThat(FreeTimes.near(times("10:30", "10:40", "10:50", "16:00"), WISHED, 2))
        .containsExactlyElementsOf(times("10:50", "16:00"));
  }

  /** The other one is from 10:00 to 12:15. */
  @ParameterizedTest
  @CsvSource({
    "08:00,10:00,false",
    "08:00,10:01,true",
    "09:00,13:00,true",
    "10:00,12:15,true",
    "11:00,11:55,true",
    "12:14,13:00,true",
    "12:15,13:10,false",
    "13:00,14:00,false"
  })
  void AVL_04_what_shares_a_moment_overlaps_and_what_touches_does_not(
      String start, String end, boolean overlaps) {
    Interval one = new Interval(time("10:00"), time("12:15"));
    Interval other = new Interval(time(start), time(end));
    assertThat(one.overlaps(other)).isEqualTo(overlaps);
    assertThat(other.overlaps(one)).isEqualTo(overlaps);
  }

  @Test
  void AVL_04_a_start_whose_appointment_would_overlap_is_not_free() {
    assertThat(
            FreeTimes.without(
                times("09:00", "09:05", "09:06", "10:00", "12:14", "12:15"),
                Duration.ofMinutes(55),
                List.of(new Interval(time("10:00"), time("12:15")))))
        .containsExactlyElementsOf(times("09:00", "09:05", "12:15"));
  }

  @Property
  void AVL_05_what_is_named_is_free_and_nothing_else(
      @ForAll @Size(max = 30) List<@IntRange(max = 5000) Integer> minutes,
      @ForAll @IntRange(max = 5000) int wished,
      @ForAll @IntRange(min = 2, max = 6) int limit) {
    List<Instant> free =
        minutes.stream().distinct().sorted().map(m -> Instant.ofEpochSecond(m * 60L)).toList();
    assertThat(free).containsAll(FreeTimes.near(free, Instant.ofEpochSecond(wished * 60L), limit));
    assertThat(free).containsAll(FreeTimes.spread(free, limit));
    assertThat(FreeTimes.spread(free, limit)).hasSize(Math.min(limit, free.size()));
  }

  private static List<Instant> times(String... clock) {
    return Stream.of(clock).map(FreeTimesTest::time).toList();
  }

  private static Instant time(String clock) {
    return Instant.parse("2025-10-24T" + clock + ":00Z");
  }
}
