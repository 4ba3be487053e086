package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Operator.Typed;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was kept without being understood is understood later. */
class ReinterpretTest extends SystemTest {

  private static final String WORD_OF_THE_FUTURE = "BOOKING_CANCELLED_V9";

  private final Operator operator = new Operator(stack);

  @Test
  void a_trigger_that_is_known_today_corrects_what_it_would_have_meant() {
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    eventually(() -> assertThat(status(held)).isEqualTo("confirmed"));
    Instant before = Instant.now();
    gateway.calcom(
        Map.of(
            "triggerEvent",
            WORD_OF_THE_FUTURE,
            "createdAt",
            before.toString(),
            "payload",
            Map.of("uid", held.uid(), "bookingId", held.id())));
    Typed nothing = operator.types("reinterpret", "--from", before.toString(), "--dry-run");
    assertThat(nothing.output()).contains("every delivery means today what it meant then");
    assertThat(nothing.status()).isZero();

    rows.updateIn(
        "gateway",
        """
        update delivery
        set kind = 'BOOKING_CANCELLED',
            body = convert_to(replace(convert_from(body, 'UTF8'), ?, 'BOOKING_CANCELLED'), 'UTF8')
        where kind = ? and convert_from(body, 'UTF8') like ?""",
        WORD_OF_THE_FUTURE,
        WORD_OF_THE_FUTURE,
        "%" + held.uid() + "%");
    Typed shown = operator.types("reinterpret", "--from", before.toString(), "--dry-run");
    assertThat(shown.output())
        .contains("type BookingCorrected")
        .contains("status cancelled")
        .contains("nothing was changed");
    assertThat(shown.status()).isEqualTo(1);
    assertThat(status(held)).isEqualTo("confirmed");
    assertThat(operator.types("reinterpret", "--from", before.toString()).output())
        .contains("--yes corrects them");

    Typed done = operator.types("reinterpret", "--from", before.toString(), "--yes");
    assertThat(done.output()).contains("deliveries corrected");
    assertThat(done.status()).isZero();
    eventually(() -> assertThat(status(held)).isEqualTo("cancelled"));
    calcom.cancels(held.uid());
    assertThat(operator.types("reinterpret", "--from", before.toString(), "--yes").output())
        .contains("every delivery means today what it meant then");
    assertThat(operator.types("reinterpret", "--from", "yesterday").output())
        .contains("is no time");
  }

  private String status(Held held) {
    return rows.appointmentsWithUid(held.uid()).stream()
        .map(Rows.Appointment::status)
        .findFirst()
        .orElse("none");
  }
}
