package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Operator.Typed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What was kept without being understood is understood later. */
@Execution(ExecutionMode.SAME_THREAD)
class ReinterpretTest extends SystemTest {

  private static final String WORD_OF_THE_FUTURE = "BOOKING_CANCELLED_V9";

  /** No other delivery was received in these years. */
  private static final String FROM = "2020-01-01";

  private static final String TO = "2021-01-01";

  /** A correction, these, a correction, these: four pages. */
  private static final int BETWEEN = 150;

  private static final long ALL = 2L * BETWEEN + 2;

  private final Operator operator = new Operator(stack);

  @AfterEach
  void everything_runs_again_and_no_delivery_is_left_in_the_past() {
    stack.start(EnumSet.of(Part.GATEWAY));
    rows.updateIn("gateway", "delete from delivery where subject = 'between'");
    rows.updateIn(
        "gateway", "update delivery set received_at = now() where received_at < '" + TO + "'");
  }

  @Test
  void a_trigger_that_is_known_today_corrects_what_it_would_have_meant() {
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    eventually(() -> assertThat(status(held)).isEqualTo("confirmed"));
    Instant before = Instant.now();
    saysInFutureWords(held, before);
    Typed nothing = operator.types("reinterpret", "--from", before.toString(), "--dry-run");
    assertThat(nothing.output()).contains("every delivery means today what it meant then");
    assertThat(nothing.status()).isZero();

    understood(held);
    Typed shown = operator.types("reinterpret", "--from", before.toString(), "--dry-run");
    assertThat(shown.output())
        .contains("type BookingCorrected")
        .contains("status cancelled")
        .contains("1 mean something else today");
    assertThat(shown.status()).isEqualTo(1);
    assertThat(status(held)).isEqualTo("confirmed");
    assertThat(operator.types("reinterpret", "--from", before.toString()).output())
        .contains("--yes corrects them");

    Typed done = operator.types("reinterpret", "--from", before.toString(), "--yes");
    assertThat(done.output()).contains("deliveries read, 1 corrected");
    assertThat(done.status()).isZero();
    eventually(() -> assertThat(status(held)).isEqualTo("cancelled"));
    calcom.cancels(held.uid());
    assertThat(operator.types("reinterpret", "--from", before.toString(), "--yes").output())
        .contains("every delivery means today what it meant then");
    assertThat(operator.types("reinterpret", "--from", "yesterday").output())
        .contains("is no time");
  }

  @Test
  void it_goes_on_after_the_gateway_was_killed_over_it_and_counts_each_correction_once()
      throws SQLException {
    Held first = aBooking();
    Held second = aBooking();
    keptInThePast(first, second);
    String reason = "killed over it, " + second.uid();
    CompletableFuture<Typed> typed;
    try (Connection hold = holding(second)) {
      typed = typesInThePast(reason);
      eventually(() -> assertThat(job(reason)).containsEntry("done", 100L));
      assertThat(hold.isClosed()).isFalse();
      stack.kill(Part.GATEWAY);
    }
    assertThat(job(reason)).containsEntry("state", "running").containsEntry("differences", 1L);
    stack.start(EnumSet.of(Part.GATEWAY));
    Typed done = typed.join();
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(done.output())
        .contains("the gateway does not answer; the job goes on when it does")
        .contains(ALL + " deliveries read, 2 corrected");
    assertThat(job(reason))
        .containsEntry("state", "done")
        .containsEntry("done", ALL)
        .containsEntry("total", ALL)
        .containsEntry("differences", 2L);
    eventually(
        () ->
            assertThat(action(reason))
                .containsEntry("outcome", "ok")
                .containsEntry("detail", "2 of " + ALL + " deliveries corrected"));
    isWhole(first, second);
  }

  @Test
  void it_is_listed_with_its_rate_and_ends_before_its_next_page_where_somebody_cancels_it()
      throws SQLException {
    Held first = aBooking();
    Held second = aBooking();
    keptInThePast(first, second);
    String reason = "cancelled, " + second.uid();
    CompletableFuture<Typed> typed;
    String id;
    try (Connection hold = holding(second)) {
      typed = typesInThePast(reason);
      eventually(() -> assertThat(job(reason)).containsEntry("done", 100L));
      id = "g" + job(reason).get("id");
      assertThat(operator.types("jobs").output())
          .containsPattern(
              id
                  + " +reinterpret +running .*"
                  + reason
                  + "; 100 of "
                  + ALL
                  + " deliveries, [\\d,]+/s, \\d+ s left");
      assertThat(stack.openWork()).anyMatch(line -> line.contains(id + " reinterpret"));
      assertThat(gateway.job(id).path("secondsLeft").isNumber()).isTrue();
      assertThat(gateway.job(id).path("perSecond").asLong()).isPositive();
      Typed cancelled = operator.types("jobs", "cancel", id);
      assertThat(cancelled.output()).contains("job " + id + " ends");
      assertThat(hold.isClosed()).isFalse();
    }
    Typed ended = typed.join();
    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output()).contains("cancelled");
    assertThat(job(reason)).containsEntry("state", "cancelled").containsEntry("done", 200L);
    assertThat(operator.types("jobs", "show", id).output()).contains("type BookingCorrected");
    assertThat(operator.types("jobs", "cancel", id).status()).isEqualTo(2);
    eventually(
        () ->
            assertThat(action(reason))
                .containsEntry("outcome", "failed")
                .containsEntry("detail", "cancelled after 200 of " + ALL + " deliveries"));
    isWhole(first, second);
  }

  private CompletableFuture<Typed> typesInThePast(String reason) {
    return CompletableFuture.supplyAsync(
        () ->
            operator.types("reinterpret", "--from", FROM, "--to", TO, "--yes", "--reason", reason));
  }

  private Map<String, Object> job(String reason) {
    return first("select * from job where reason = ?", reason);
  }

  private Map<String, Object> action(String reason) {
    return first(
        "select * from operator_action where reason = ? and command = 'reinterpret'", reason);
  }

  private Map<String, Object> first(String sql, String reason) {
    List<Map<String, Object>> found = rows.queryIn("gateway", sql, reason);
    return found.isEmpty() ? Map.of() : found.getFirst();
  }

  private Held aBooking() {
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    eventually(() -> assertThat(status(held)).isEqualTo("confirmed"));
    return held;
  }

  private void saysInFutureWords(Held held, Instant at) {
    gateway.calcom(
        Map.of(
            "triggerEvent",
            WORD_OF_THE_FUTURE,
            "createdAt",
            at.toString(),
            "payload",
            Map.of("uid", held.uid(), "bookingId", held.id())));
  }

  /** As if that word were known from now on. */
  private void understood(Held held) {
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
  }

  /** Two that mean something else today, with many between and behind them that do not. */
  private void keptInThePast(Held... held) {
    for (Held booking : held) {
      saysInFutureWords(booking, Instant.now());
      rows.updateIn(
          "gateway",
          "update delivery set id = nextval('delivery_id'), received_at = '2020-03-10' where kind = ? and convert_from(body, 'UTF8') like ?",
          WORD_OF_THE_FUTURE,
          "%" + booking.uid() + "%");
      understood(booking);
      rows.updateIn(
          "gateway",
          """
          insert into delivery (id, received_at, sender, kind, subject, body, connection, outcome)
          select nextval('delivery_id'), '2020-03-10', sender, kind, 'between', body, connection, 'no_change'
          from (select * from delivery where subject = ? and kind = 'BOOKING_CREATED' limit 1) as one, generate_series(1, ?)""",
          held[0].uid(),
          BETWEEN);
    }
  }

  /** Whoever wants to change that booking waits until this is closed. */
  private Connection holding(Held held) throws SQLException {
    Connection hold = rows.connect("gateway");
    hold.setAutoCommit(false);
    try (var statement =
        hold.prepareStatement("select from booking where booking_id = ? for update")) {
      statement.setObject(1, rows.appointmentsWithUid(held.uid()).getFirst().bookingId());
      statement.execute();
    }
    return hold;
  }

  /** Both are cancelled here, and Cal.com hears of it. */
  private void isWhole(Held... held) {
    for (Held booking : held) {
      eventually(() -> assertThat(status(booking)).isEqualTo("cancelled"));
      calcom.cancels(booking.uid());
    }
  }

  private String status(Held held) {
    return rows.appointmentsWithUid(held.uid()).stream()
        .map(Rows.Appointment::status)
        .findFirst()
        .orElse("none");
  }
}
