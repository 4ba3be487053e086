package io.callsync.validator.repair;

import static io.callsync.validator.Databases.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.outbox.Outbox;
import io.callsync.validator.Databases;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.check.Schedule;
import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.StoredViolation;
import io.callsync.validator.violation.Violations;
import io.callsync.validator.violation.Violations.Findings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which chains mend themselves, how often, and what is said of it; time is told. */
class SelfRepairTest {

  private final Databases databases = new Databases();
  private final ValidatorProperties properties =
      databases.healing(
          new ValidatorProperties.SelfRepair(Set.of("1"), Duration.ofSeconds(60), 4, 6));
  private final Violations violations =
      new Violations(databases.own, new Outbox(Databases.ownDataSource()), properties);
  private final Repairs repairs = new Repairs(databases.own, violations, properties);
  private final List<String> applied = new ArrayList<>();
  private Instant now = START;

  @AfterEach
  void close() {
    databases.readModel.close();
  }

  @Test
  void a_chain_that_stays_broken_is_mended_once_and_its_violation_says_so() {
    SelfRepair repair = repair(attempt -> applied.add(attempt.chain().text()));
    breaks(559, 1L);
    now = START.plusSeconds(59);
    assertThat(run(repair)).isZero();
    now = START.plusSeconds(60);
    assertThat(run(repair)).isEqualTo(1);
    assertThat(said(559)).isEqualTo("started 2025-10-23T10:01:00Z");
    mends(559, 1L);
    now = START.plusSeconds(62);
    assertThat(run(repair)).isZero();
    assertThat(said(559))
        .isEqualTo("started 2025-10-23T10:01:00Z, ended 2025-10-23T10:01:02Z, mended");
    assertThat(applied).containsExactly("call:559");

    now = START.plusSeconds(600);
    breaks(559, 1L);
    assertThat(said(559)).as("another episode").isNull();
    now = START.plusSeconds(700);
    assertThat(run(repair)).isEqualTo(1);
    assertThat(repairs.figures(now).mended()).isEqualTo(1);
  }

  @Test
  void what_a_remedy_does_not_mend_is_left_to_people() {
    SelfRepair repair =
        repair(
            attempt -> {
              throw new Remedies.NotApplied("the gateway answered 503 calcom_away");
            });
    breaks(559, 1L);
    now = START.plusSeconds(60);
    assertThat(run(repair)).isEqualTo(1);
    now = START.plusSeconds(95);
    assertThat(run(repair)).isZero();
    assertThat(said(559)).endsWith("not mended: the gateway answered 503 calcom_away");
    now = START.plusSeconds(9000);
    assertThat(run(repair)).isZero();
  }

  @Test
  void a_restart_neither_repeats_nor_forgets_an_attempt() {
    breaks(559, 1L);
    now = START.plusSeconds(60);
    assertThat(repair(attempt -> {}).round(now)).hasSize(1);
    SelfRepair restarted = repair(attempt -> applied.add("again"));
    now = START.plusSeconds(120);
    assertThat(run(restarted)).isZero();
    now = START.plusSeconds(60).plus(Repairs.LOST).plusSeconds(1);
    assertThat(run(restarted)).isZero();
    assertThat(said(559)).endsWith("not mended: nobody knows how it ended");
    now = START.plus(Duration.ofHours(3));
    assertThat(run(restarted)).isZero();
    assertThat(applied).isEmpty();
  }

  @Test
  void only_the_companies_that_want_it_are_touched() {
    breaks(559, 2L);
    breaks(560, null);
    now = START.plusSeconds(600);
    assertThat(run(repair(attempt -> {}))).isZero();
  }

  @Test
  void a_storm_is_held_back() {
    for (long call = 1000; call < 1020; call++) {
      breaks(call, 1L);
    }
    SelfRepair repair = repair(attempt -> applied.add(attempt.chain().text()));
    now = START.plusSeconds(60);
    assertThat(run(repair)).as("so many at once").isEqualTo(4);
    now = START.plusSeconds(62);
    assertThat(run(repair)).as("those are not seen mended yet").isZero();
    now = START.plusSeconds(95);
    assertThat(run(repair)).as("so many in an hour").isEqualTo(2);
    now = START.plusSeconds(200);
    assertThat(run(repair)).isZero();
    assertThat(repairs.figures(now).heldBack()).containsExactly(1L);
    now = START.plus(Duration.ofHours(2));
    assertThat(run(repair)).isEqualTo(4);
  }

  @Test
  void a_company_that_is_no_number_is_refused_at_the_start() {
    assertThatThrownBy(
            () ->
                new ValidatorProperties.SelfRepair(Set.of("Salon A"), Duration.ofSeconds(60), 4, 6))
        .hasMessageContaining("self-repair.companies");
  }

  private SelfRepair repair(Remedies remedies) {
    return new SelfRepair(
        repairs,
        remedies,
        new Schedule(databases.own),
        properties,
        databases.transaction,
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }
        });
  }

  /** One round with all that it begins; how many chains that was. */
  private int run(SelfRepair repair) {
    List<Attempt> attempts = repair.round(now);
    attempts.forEach(repair::repair);
    return attempts.size();
  }

  private void breaks(long call, Long company) {
    record(
        call,
        company,
        List.of(
            new Violation(
                "CONFIRMED_WITHOUT_APPOINTMENT",
                Severity.ERROR,
                "call",
                String.valueOf(call),
                new TreeMap<>(),
                "It is broken.",
                null)));
  }

  private void mends(long call, Long company) {
    record(call, company, List.of());
  }

  private void record(long call, Long company, List<Violation> found) {
    databases.transaction.executeWithoutResult(
        status ->
            violations.record(
                List.of(new Findings("call:" + call, company, call, found)),
                now,
                Duration.ZERO,
                now));
  }

  private String said(long call) {
    return violations.list(null, null, null, "", 100).stream()
        .filter(v -> v.violation().subjectId().equals(String.valueOf(call)))
        .map(StoredViolation::evidence)
        .map(evidence -> evidence.get("repair"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
