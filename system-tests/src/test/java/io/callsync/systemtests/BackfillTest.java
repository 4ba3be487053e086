package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Operator.Typed;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What an operator types when chains are broken, and that nothing is broken afterwards. */
@Execution(ExecutionMode.SAME_THREAD)
class BackfillTest extends SystemTest {

  private static final Duration UNTIL_SEEN = Duration.ofSeconds(60);

  private final Operator operator = new Operator(stack);

  private Typed types(String... words) {
    return operator.types(words);
  }

  private List<Map<String, Object>> everything() {
    return rows.query("select to_jsonb(a)::text as row from appointments a order by id");
  }

  /** How many violations of the rule are open now: the last word on each counts. */
  private long open(String rule) {
    Map<String, String> states = new TreeMap<>();
    topics.violations().stream()
        .filter(v -> v.getRule().equals(rule))
        .forEach(v -> states.put(v.getViolationId(), v.getState()));
    return states.values().stream().filter("OPEN"::equals).count();
  }

  @Test
  void GHOST_02_deleted_appointments_are_reported_shown_and_brought_back_with_their_ids() {
    int many = 20;
    List<Booked> booked = new ArrayList<>();
    for (int n = 0; n < many; n++) {
      booked.add(aBookedCall(Company.A));
    }
    List<Map<String, Object>> before = everything();
    booked.forEach(b -> rows.update("delete from appointments where id = ?", b.appointment().id()));
    eventually(
        UNTIL_SEEN,
        () -> assertThat(open("CONFIRMED_WITHOUT_APPOINTMENT")).isGreaterThanOrEqualTo(many));
    List<Map<String, Object>> damaged = everything();

    Typed shown = types("backfill", "--all", "--dry-run");
    assertThat(shown.status()).as(shown.output()).isEqualTo(1);
    assertThat(shown.output()).contains(many + " rows differ");
    assertThat(everything()).isEqualTo(damaged);

    Typed unasked = types("backfill", "--all");
    assertThat(unasked.status()).isEqualTo(1);
    assertThat(everything()).isEqualTo(damaged);

    Typed done = types("backfill", "--all", "--yes");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(everything()).isEqualTo(before);
    eventually(() -> assertThat(open("CONFIRMED_WITHOUT_APPOINTMENT")).isZero());
  }

  @Test
  void a_backfill_goes_on_after_the_projector_was_killed_over_it() throws SQLException {
    Booked booked = aBookedCall(Company.A);
    long id = booked.appointment().id();
    List<Map<String, Object>> before = everything();
    rows.update("update appointments set status = 'declined' where id = ?", id);
    try (Connection hold = rows.connect("appointments");
        Statement statement = hold.createStatement();
        Operator.Running backfill = operator.starts("backfill", "--all", "--yes")) {
      hold.setAutoCommit(false);
      statement.execute("select from appointments where id = " + id + " for update");
      eventually(
          UNTIL_SEEN,
          () ->
              assertThat(
                      rows.query(
                          "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'with should%'"))
                  .isNotEmpty());
      stack.kill(Part.PROJECTOR);
      hold.rollback();
      backfill.saidSoon("the projector does not answer; the job goes on when it does");
      stack.start(EnumSet.of(Part.PROJECTOR));
      assertThat(backfill.ends(UNTIL_SEEN)).as(backfill.output()).isZero();
      assertThat(backfill.output()).contains("rows put right");
    } finally {
      stack.start(EnumSet.of(Part.PROJECTOR));
    }
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void one_call_is_shown_before_and_after() {
    Booked booked = aBookedCall(Company.A);
    String call = String.valueOf(booked.call().id());
    rows.update("update calls set customer_id = null where id = ?", booked.call().id());
    Typed shown = types("backfill", call, "--dry-run");
    assertThat(shown.status()).as(shown.output()).isEqualTo(1);
    assertThat(shown.output()).contains("customer_id");
    Typed done = types("backfill", call, "--yes", "--reason", "a test");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(rows.call(booked.caller()).orElseThrow().customerId())
        .isEqualTo(booked.call().customerId());
    Typed again = types("backfill", call, "--yes");
    assertThat(again.status()).isZero();
    assertThat(again.output()).contains("there is nothing to put right");
  }

  @Test
  void what_Calcom_knows_and_nobody_told_is_added_as_an_event() {
    Booked booked = aBookedCall(Company.A);
    calcom.delivers("none");
    calcom.cancels(booked.uid());
    Typed done = types("backfill", booked.caller().callId(), "--yes");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(done.output()).contains("BookingCancelled");
    eventually(
        () ->
            assertThat(rows.appointments(booked.caller()).getFirst().status())
                .isEqualTo("cancelled"));
    assertThat(topics.booking(booked.reply().bookingId()).getLast().getMeta().getSource())
        .isEqualTo("backfill");
  }

  @Test
  void what_the_log_has_lost_is_told_again_by_the_gateway() {
    Booked booked = aBookedCall(Company.A);
    String booking = booked.reply().bookingId();
    // As if the topic had been cut: neither the rows nor their index know of it any more.
    rows.update("delete from appointments where id = ?", booked.appointment().id());
    rows.update("delete from projected_event where position(? in aggregate) > 0", booking);
    rows.update("delete from projected_event where call_id = ?", booked.call().id());
    Typed done = types("backfill", booked.caller().callId(), "--yes");
    assertThat(done.output()).contains("BookingCorrected");
    eventually(() -> assertThat(rows.appointment(booked.appointment().id())).isPresent());
    assertThat(rows.appointments(booked.caller()).getFirst().uid()).isEqualTo(booked.uid());
    // The log is whole in truth: the index is made so again.
    assertThat(types("rebuild", "--yes").status()).isZero();
  }

  @Test
  void a_call_that_nobody_knows_is_said_in_one_sentence() {
    Typed typed = types("backfill", "999999999", "--yes");
    assertThat(typed.status()).isEqualTo(2);
    assertThat(typed.output()).contains("There is no call 999999999").hasLineCount(1);
  }
}
