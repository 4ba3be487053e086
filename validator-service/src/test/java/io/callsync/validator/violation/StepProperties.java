package io.callsync.validator.violation;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A violation opens once an episode, and only after its grace. */
class StepProperties {

  private static final Instant START = Instant.parse("2025-10-23T10:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final String CHAIN = "call:559";

  @Property(tries = 2000)
  void looks_at_any_times_give_alternating_openings_and_resolutions(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 8) Integer> pauses,
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 2) Integer> findings) {
    Instant now = START;
    Instant suspected = null;
    StoredViolation stored = null;
    Instant brokenSince = null;
    List<String> said = new ArrayList<>();
    for (int i = 0; i < Math.min(pauses.size(), findings.size()); i++) {
      now = now.plusSeconds(pauses.get(i));
      Violation found = findings.get(i) == 0 ? null : violation(findings.get(i));
      brokenSince = found == null ? null : brokenSince == null ? now : brokenSince;
      Step step = Step.of(found, CHAIN, suspected, stored, now, GRACE, now);
      switch (step) {
        case Step.Nothing() -> {}
        case Step.Suspect(Instant since, Instant again) -> {
          assertThat(again).isEqualTo(since.plus(GRACE)).isAfter(now);
          suspected = since;
        }
        case Step.Forget() -> suspected = null;
        case Step.Open(Instant since) -> {
          assertThat(since).isEqualTo(brokenSince).isBeforeOrEqualTo(now.minus(GRACE));
          suspected = null;
          stored = stored(found, StoredViolation.State.OPEN);
          said.add("open");
        }
        case Step.Update() -> {
          assertThat(stored.active()).isTrue();
          stored = stored(found, StoredViolation.State.OPEN);
        }
        case Step.Resolve() -> {
          stored = stored(stored.violation(), StoredViolation.State.RESOLVED);
          said.add("resolved");
        }
      }
      assertThat(suspected != null && stored != null && stored.active()).isFalse();
      if (found == null) {
        assertThat(suspected).isNull();
        assertThat(stored == null || !stored.active()).isTrue();
      }
    }
    for (int i = 0; i < said.size(); i++) {
      assertThat(said.get(i)).isEqualTo(i % 2 == 0 ? "open" : "resolved");
    }
  }

  @Example
  void nothing_opens_while_the_events_are_not_read_up_to_its_first_sight() {
    Instant now = START.plusSeconds(60);
    assertThat(Step.of(violation(1), CHAIN, START, null, now, GRACE, START.minusMillis(1)))
        .isEqualTo(new Step.Suspect(START, now.plus(Step.RETRY)));
    assertThat(Step.of(violation(1), CHAIN, START, null, now, GRACE, START))
        .isEqualTo(new Step.Open(START));
  }

  @Example
  void a_violation_that_moves_to_another_chain_moves_on() {
    StoredViolation open = stored(violation(1), StoredViolation.State.OPEN);
    assertThat(Step.of(violation(1), CHAIN, null, open, START, GRACE, START))
        .isEqualTo(new Step.Nothing());
    assertThat(Step.of(violation(1), "call:560", null, open, START, GRACE, START))
        .isEqualTo(new Step.Update());
  }

  private static StoredViolation stored(
      @Nullable Violation violation, StoredViolation.State state) {
    return new StoredViolation(
        violation,
        CHAIN,
        1,
        state,
        1L,
        559L,
        1,
        START,
        START,
        state == StoredViolation.State.RESOLVED ? START : null,
        null);
  }

  private static Violation violation(int evidence) {
    return new Violation(
        "CALL_WITHOUT_CUSTOMER",
        Severity.ERROR,
        "call",
        "559",
        new TreeMap<>(Map.of("seen", String.valueOf(evidence))),
        "It is broken.",
        null);
  }
}
