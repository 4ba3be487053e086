package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Calcom.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What no webhook told is learned by asking; Cal.com sends none of its webhooks here. */
@Execution(ExecutionMode.SAME_THREAD)
class ReconciliationTest extends SystemTest {

  private static final Duration RUN = Duration.ofSeconds(40);

  /** Asks Cal.com, and waits until all is taken in. */
  private void reconciled() {
    gateway.reconciles();
    eventually(
        RUN, () -> assertThat(gateway.reconciliation().path("finishedAt").isNull()).isFalse());
    assertThat(gateway.reconciliation().path("failure").asString("")).isEmpty();
  }

  private String status(String uid) {
    return rows.query("select status from appointments where external_id = ?", uid).stream()
        .map(row -> String.valueOf(row.get("status")))
        .findFirst()
        .orElse("none");
  }

  private void isSeenAs(String status, String uid) {
    eventually(() -> assertThat(status(uid)).isEqualTo(status));
  }

  @Test
  void bookings_changes_and_cancellations_whose_webhooks_were_lost_are_learned() {
    calcom.behaves();
    Booked moved = aBookedCall(Company.A);
    Booked cancelled = aBookedCall(Company.A);
    calcom.delivers("none");
    Held onItsPage =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    Held after = calcom.reschedules(moved.uid(), aFreeStart());
    calcom.cancels(cancelled.uid());
    reconciled();
    isSeenAs("confirmed", onItsPage.uid());
    isSeenAs("cancelled", cancelled.uid());
    isSeenAs("confirmed", after.uid());
    var row = rows.appointments(moved.caller());
    assertThat(row).hasSize(1);
    assertThat(row.getFirst().id()).isEqualTo(moved.appointment().id());
    assertThat(row.getFirst().startsAt()).isEqualTo(after.start());
    assertThat(topics.booking(moved.reply().bookingId()).getLast().getMeta().getSource())
        .isEqualTo("calcom_reconciliation");
  }

  @Test
  void GHOST_03_a_booking_deleted_at_Calcom_is_cancelled_here() {
    Booked deleted = aBookedCall(Company.A);
    calcom.deletes(deleted.uid());
    reconciled();
    isSeenAs("cancelled", deleted.uid());
  }

  @Test
  void a_chain_of_moves_that_nobody_told_of_is_one_appointment() {
    calcom.delivers("none");
    Held first =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    Held second = calcom.reschedules(first.uid(), aFreeStart());
    Held third = calcom.reschedules(second.uid(), aFreeStart());
    reconciled();
    isSeenAs("confirmed", third.uid());
    assertThat(status(first.uid())).isEqualTo("none");
    assertThat(status(second.uid())).isEqualTo("none");
    assertThat(
            rows.query(
                "select id from appointments where calcom_account = 'default' and starts_at in (?, ?)",
                java.sql.Timestamp.from(first.start()),
                java.sql.Timestamp.from(second.start())))
        .isEmpty();
  }

  @Test
  void asking_twice_changes_nothing_the_second_time() {
    calcom.delivers("none");
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    reconciled();
    isSeenAs("confirmed", held.uid());
    reconciled();
    assertThat(gateway.reconciliation().path("seen").asInt()).isPositive();
    assertThat(gateway.reconciliation().path("changed").asInt()).isZero();
  }

  /** More than a page of them, and the gateway dies while it reads. */
  @Test
  void a_run_that_is_killed_goes_on_where_it_was() {
    calcom.delivers("none");
    Instant before = Instant.now();
    List<Held> held = new ArrayList<>();
    for (int n = 0; n < 25; n++) {
      held.add(
          calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber()));
    }
    calcom.fails(Map.of("operation", "list", "delayMs", 500, "times", -1));
    gateway.reconcilesSince(before.minusSeconds(1));
    eventually(() -> assertThat(gateway.reconciliation().path("seen").asInt()).isPositive());
    stack.kill(Part.GATEWAY);
    stack.start(List.of(Part.GATEWAY));
    calcom.faultsEnd();
    reconciled();
    held.forEach(booking -> isSeenAs("confirmed", booking.uid()));
  }

  @Test
  void Calcom_away_is_said_and_the_next_run_goes_on() {
    calcom.delivers("none");
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    calcom.fails(Map.of("operation", "list", "status", 500, "times", 1));
    gateway.reconciles();
    eventually(
        () -> assertThat(gateway.reconciliation().path("failure").asString("")).contains("500"));
    calcom.faultsEnd();
    reconciled();
    isSeenAs("confirmed", held.uid());
  }
}
