package io.callsync.gateway.calcom;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final Duration PATIENCE = Duration.ofMillis(300);
  private static final Duration NONE = Duration.ofMillis(1);

  @Test
  void CAL_04_callers_go_first_and_background_takes_what_they_leave() {
    Pace pace = new Pace(10 * 60, PATIENCE);
    assertThat(pace.admitBackground(NONE)).isTrue();
    for (int i = 0; i < 7; i++) {
      assertThat(pace.admitCaller()).isTrue();
    }
    assertThat(pace.admitBackground(NONE)).as("less than half is left").isFalse();
    assertThat(pace.admitCaller()).isTrue();
  }

  @Test
  void CAL_04_who_would_wait_too_long_is_refused_at_once() {
    Pace pace = new Pace(60, PATIENCE);
    pace.tooMany(Duration.ofMinutes(1));
    long began = System.nanoTime();
    assertThat(pace.admitCaller()).isFalse();
    assertThat(pace.admitBackground(NONE)).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void CAL_04_a_short_time_that_Calcom_named_is_waited_for() {
    Pace pace = new Pace(600, PATIENCE);
    Duration named = Duration.ofMillis(150);
    pace.tooMany(named);
    long began = System.nanoTime();
    assertThat(pace.admitCaller()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(named);
    assertThat(pace.admitBackground(Duration.ofSeconds(2))).isTrue();
  }

  @Test
  void CAL_04_where_no_time_was_named_callers_may_ask_and_background_rests() {
    Pace pace = new Pace(600, PATIENCE);
    pace.tooMany(null);
    assertThat(pace.admitBackground(PATIENCE)).isFalse();
    assertThat(pace.admitCaller()).isTrue();
  }
}
