package io.callsync.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.outbox.Doubt.Remembered;
import io.callsync.outbox.Doubt.Resend;
import io.callsync.outbox.Doubt.Server;
import io.callsync.outbox.Doubt.Slot;
import org.junit.jupiter.api.Test;

class DoubtTest {

  private static final Server HERE = new Server(7, "00000001");
  private static final Remembered WELL = new Remembered(HERE, new Lsn(100), null);
  private static final Slot USABLE = new Slot(new Lsn(90), false);

  @Test
  void a_slot_behind_what_was_acknowledged_is_trusted() {
    assertThat(Doubt.decide(WELL, HERE, USABLE)).isEmpty();
    assertThat(Doubt.decide(WELL, HERE, new Slot(new Lsn(100), false))).isEmpty();
  }

  @Test
  void everything_is_sent_again_where_the_slot_is_missing_or_lost_its_log() {
    assertThat(Doubt.decide(WELL, HERE, null)).map(Resend::from).hasValue(Resend.ALL);
    assertThat(Doubt.decide(WELL, HERE, new Slot(new Lsn(90), true)))
        .map(Resend::from)
        .hasValue(Resend.ALL);
  }

  @Test
  void everything_is_sent_again_after_a_fail_over_or_on_another_server() {
    assertThat(Doubt.decide(WELL, new Server(7, "00000002"), USABLE)).isPresent();
    assertThat(Doubt.decide(WELL, new Server(8, "00000001"), USABLE)).isPresent();
    assertThat(Doubt.decide(new Remembered(null, Lsn.START, null), HERE, USABLE)).isPresent();
  }

  @Test
  void everything_is_sent_again_where_somebody_moved_the_slot_on() {
    assertThat(Doubt.decide(WELL, HERE, new Slot(new Lsn(101), false)))
        .map(Resend::from)
        .hasValue(Resend.ALL);
  }

  @Test
  void what_a_late_leader_may_have_sent_is_sent_again_from_its_first_row_on() {
    assertThat(Doubt.decide(new Remembered(HERE, new Lsn(100), 42L), HERE, USABLE))
        .map(Resend::from)
        .hasValue(42L);
  }
}
