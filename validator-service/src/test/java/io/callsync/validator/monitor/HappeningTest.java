package io.callsync.validator.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.ChainViolation;
import io.callsync.events.CustomerEvent;
import io.callsync.events.OperatorAction;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What onlookers are told. */
class HappeningTest {

  private static final Instant OPENED = Instant.parse("2026-03-10T10:00:00Z");

  @Test
  void an_open_violation_comes_with_its_remedy_and_with_what_self_repair_did() {
    ChainViolation open =
        violation("OPEN").setEvidence(Map.of("repair", "started 10:00:03, not mended")).build();
    assertThat(Happening.of(open))
        .hasValueSatisfying(
            told -> {
              assertThat(told.what()).isEqualTo("OPEN CALL_WITHOUT_COMPANY");
              assertThat(told.callId()).isEqualTo(559);
              assertThat(told.at()).isEqualTo(OPENED);
              assertThat(told.detail())
                  .isEqualTo(
                      "Call 559 belongs to no company. Self-repair: started 10:00:03, not mended");
              assertThat(told.remedy()).isEqualTo("appointments backfill 559");
            });
  }

  @Test
  void a_resolved_one_has_the_time_of_its_end_and_nothing_to_mend() {
    ChainViolation resolved = violation("RESOLVED").setResolvedAt(OPENED.plusSeconds(9)).build();
    assertThat(Happening.of(resolved))
        .hasValueSatisfying(
            told -> {
              assertThat(told.at()).isEqualTo(OPENED.plusSeconds(9));
              assertThat(told.remedy()).isNull();
            });
  }

  @Test
  void what_an_operator_did_is_told_with_what_came_of_it_and_without_who_and_why() {
    OperatorAction backfill =
        OperatorAction.newBuilder()
            .setActionId("booking-gateway:17")
            .setService("booking-gateway")
            .setOperator("erika")
            .setCommand("backfill")
            .setSubject("call 559")
            .setReason("a ticket")
            .setStartedAt(OPENED)
            .setEndedAt(OPENED.plusSeconds(1))
            .setOutcome("ok")
            .setDetail("2 events")
            .build();
    assertThat(Happening.of(backfill))
        .hasValueSatisfying(
            told -> {
              assertThat(told.kind() + ' ' + told.what()).isEqualTo("operator backfill");
              assertThat(told.detail()).isEqualTo("call 559: ok, 2 events");
            });
  }

  @Test
  void a_customers_event_is_nobodys_news() {
    assertThat(Happening.of(new CustomerEvent())).isEmpty();
  }

  private static ChainViolation.Builder violation(String state) {
    return ChainViolation.newBuilder()
        .setViolationId("CALL_WITHOUT_COMPANY:call:559")
        .setRevision(1)
        .setState(state)
        .setRule("CALL_WITHOUT_COMPANY")
        .setSeverity("error")
        .setSubjectType("call")
        .setSubjectId("559")
        .setCallId(559L)
        .setEpisode(1)
        .setFirstSeen(OPENED)
        .setLastSeen(OPENED)
        .setMessage("Call 559 belongs to no company.")
        .setRemedy("appointments backfill 559");
  }
}
