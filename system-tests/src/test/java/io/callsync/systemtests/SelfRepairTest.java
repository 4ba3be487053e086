package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.ChainViolation;
import io.callsync.systemtests.Operator.Typed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Chains of a company that wants it mend themselves, once; all others wait for an operator. */
@Execution(ExecutionMode.SAME_THREAD)
class SelfRepairTest extends SystemTest {

  private static final Duration UNTIL_MENDED = Duration.ofSeconds(40);
  private static final String RULE = "CONFIRMED_WITHOUT_APPOINTMENT";

  @Test
  void a_deleted_appointment_comes_back_by_itself_once_and_only_where_that_is_wanted() {
    Company healing = set(Company.HEALING);
    Booked left = aBookedCall(Company.A);
    Booked healed = aBookedCall(healing);
    rows.update("delete from appointments where id = ?", left.appointment().id());
    rows.update("delete from appointments where id = ?", healed.appointment().id());

    eventually(
        UNTIL_MENDED,
        () -> {
          ChainViolation last = last(healed);
          assertThat(last.getState()).isEqualTo("RESOLVED");
          assertThat(last.getEvidence().get("repair")).matches("started .*Z, ended .*Z, mended");
        });
    assertThat(rows.appointment(healed.appointment().id())).hasValue(healed.appointment());
    assertThat(repairs(healed)).hasSize(1);
    assertThat(validator.summary().path("selfRepair").path("mended").asInt()).isPositive();

    assertThat(topics.violation(RULE, "call", left.call().id())).isEqualTo("OPEN");
    assertThat(repairs(left)).isEmpty();
    Typed mended = new Operator(stack).types("backfill", String.valueOf(left.call().id()), "--yes");
    assertThat(mended.status()).as(mended.output()).isZero();
    eventually(
        () -> assertThat(topics.violation(RULE, "call", left.call().id())).isEqualTo("RESOLVED"));
    assertThat(repairs(healed)).hasSize(1);
  }

  private ChainViolation last(Booked booked) {
    List<ChainViolation> said =
        topics.violations().stream()
            .filter(v -> v.getViolationId().equals(RULE + ":call:" + booked.call().id()))
            .toList();
    assertThat(said).isNotEmpty();
    return said.getLast();
  }

  /** The replays that nobody ordered. */
  private List<?> repairs(Booked booked) {
    return rows.query(
        "select id from job where author = '(self-repair)' and wanted ->> 'call' = ?",
        String.valueOf(booked.call().id()));
  }
}
