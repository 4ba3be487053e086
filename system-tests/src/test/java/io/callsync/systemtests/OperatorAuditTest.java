package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.OperatorAction;
import io.callsync.systemtests.Operator.Typed;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who did what, when, why, and what came of it: one row and one event for all that may change. */
@Execution(ExecutionMode.SAME_THREAD)
class OperatorAuditTest extends SystemTest {

  private final Operator operator = new Operator(stack);

  private List<Map<String, Object>> actions(String database, String reason) {
    return rows.queryIn(
        database, "select * from operator_action where reason = ? order by id", reason);
  }

  private long count() {
    return List.of("gateway", "appointments", "validator").stream()
        .mapToLong(
            d ->
                (Long)
                    rows.queryIn(d, "select count(*) as n from operator_action")
                        .getFirst()
                        .get("n"))
        .sum();
  }

  /** The event of a row that has ended. */
  private OperatorAction event(String service, Map<String, Object> row) {
    String id = service + ":" + row.get("id");
    eventually(() -> assertThat(topics.actions(id)).hasSize(1));
    return topics.actions(id).getFirst();
  }

  @Test
  void a_backfill_is_written_down_with_its_operator_its_reason_and_its_outcome() {
    Booked booked = aBookedCall(Company.A);
    String call = String.valueOf(booked.call().id());
    rows.update("update calls set customer_id = null where id = ?", booked.call().id());
    String reason = "Störung 4711, " + call;
    Typed done = operator.types("backfill", call, "--yes", "--reason", reason);
    assertThat(done.status()).as(done.output()).isZero();

    Map<String, Object> gatewaysRow = actions("gateway", reason).getFirst();
    assertThat(gatewaysRow)
        .containsEntry("operator", "operator")
        .containsEntry("command", "backfill")
        .containsEntry("subject", "call " + call)
        .containsEntry("outcome", "ok");
    OperatorAction gateways = event("booking-gateway", gatewaysRow);
    assertThat(gateways.getReason()).isEqualTo(reason);
    assertThat(gateways.getOutcome()).isEqualTo("ok");
    assertThat(gateways.getDetail()).contains("events, command:");
    assertThat(gateways.getEndedAt()).isAfterOrEqualTo(gateways.getStartedAt());

    // The rows were put right by a job, whose action ends with it.
    eventually(
        () ->
            assertThat(actions("appointments", reason))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("outcome", "ok")));
    OperatorAction replay =
        event("appointment-projector", actions("appointments", reason).getFirst());
    assertThat(replay.getCommand()).isEqualTo("replay");
    assertThat(replay.getSubject()).startsWith("call " + call + ", job ");
    assertThat(replay.getDetail()).isEqualTo("1 rows put right");

    Typed list = operator.types("audit", "--since", "1h");
    assertThat(list.status()).as(list.output()).isZero();
    assertThat(list.output())
        .contains("backfill call " + call + "  (" + reason + ")")
        .contains("replay call " + call + ", job ");
  }

  @Test
  void whose_token_it_was_is_known_by_its_name() {
    String reason = "the directory of a test, " + aFreeStart();
    Http.Answer answer =
        Http.send(
            "POST",
            stack.addresses().gateway().resolve("/ops/directory"),
            Map.of(
                "Authorization",
                "Bearer " + RunningSystem.ERIKAS_TOKEN,
                "X-Callsync-Reason",
                reason.replace(" ", "%20")),
            Company.FIXTURE.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(actions("gateway", reason))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("operator", "erika")
                    .containsEntry("command", "directory import")
                    .containsEntry("outcome", "ok"));
    Http.Answer refused =
        Http.send(
            "POST",
            stack.addresses().gateway().resolve("/ops/directory"),
            Map.of(
                "Authorization",
                "Bearer " + RunningSystem.ERIKAS_TOKEN,
                "X-Callsync-Reason",
                reason.replace(" ", "%20")),
            new byte[] {'x'});
    assertThat(refused.status()).isEqualTo(400);
    Map<String, Object> row = actions("gateway", reason).getLast();
    assertThat(row)
        .containsEntry("outcome", "refused")
        .containsEntry("detail", "directory_file_wrong");
    assertThat(event("booking-gateway", row).getOutcome()).isEqualTo("refused");
  }

  @Test
  void reconciling_and_cancelling_are_written_down_and_what_was_too_late_is_refused() {
    String reason = "a gap " + aFreeStart().toInstant();
    assertThat(operator.types("reconcile", "--reason", reason).status()).isZero();
    assertThat(actions("gateway", reason))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("command", "reconcile")
                    .containsEntry("outcome", "ok"));
    assertThat(operator.types("rebuild", "--yes", "--reason", reason).status()).isZero();
    Map<String, Object> rebuild = actions("appointments", reason).getFirst();
    assertThat(rebuild).containsEntry("command", "rebuild");
    String job = String.valueOf(rebuild.get("subject")).replaceAll(".*job ", "");
    assertThat(operator.types("jobs", "cancel", job, "--reason", reason).status()).isEqualTo(2);
    assertThat(actions("appointments", reason).getLast())
        .containsEntry("command", "jobs cancel")
        .containsEntry("subject", "job " + job)
        .containsEntry("outcome", "refused")
        .containsEntry("detail", "job_ended");
  }

  @Test
  void what_broke_off_with_its_process_ends_as_failed_when_the_next_one_acts() {
    String reason = "broken off " + aFreeStart().toInstant();
    rows.updateIn(
        "validator",
        "insert into operator_action (operator, command, reason, started_at) values ('operator', 'something', ?, now() - interval '2 hours')",
        reason);
    Http.send(
        "DELETE",
        stack.addresses().validator().resolve("/ops/everything"),
        Map.of("Authorization", "Bearer " + stack.settings().secrets().operatorToken()),
        new byte[0]);
    Map<String, Object> row = actions("validator", reason).getFirst();
    assertThat(row).containsEntry("outcome", "failed");
    assertThat(event("validator-service", row).getDetail())
        .isEqualTo("the service ended before it");
  }

  @Test
  void a_wrong_token_a_question_and_a_dry_run_leave_nothing() {
    Booked booked = aBookedCall(Company.A);
    String call = String.valueOf(booked.call().id());
    long before = count();
    var stranger = new Operator(stack, "nobody-knows-this-token");
    assertThat(stranger.types("reconcile").status()).isEqualTo(2);
    assertThat(stranger.types("rebuild", "--yes").status()).isEqualTo(2);
    assertThat(stranger.types("dead-letters", "drop", "--all", "--yes").status()).isEqualTo(2);
    assertThat(operator.types("backfill", call, "--dry-run").status()).isZero();
    assertThat(operator.types("rebuild", "--verify").status()).isZero();
    assertThat(operator.types("dead-letters", "list").status()).isZero();
    assertThat(operator.types("jobs").status()).isZero();
    assertThat(count()).isEqualTo(before);
  }

  @Test
  void what_no_controller_knows_is_written_down_too() {
    String reason = "nothing is there " + aFreeStart().toInstant();
    for (URI service :
        List.of(
            stack.addresses().gateway(),
            stack.addresses().projector(),
            stack.addresses().validator())) {
      Http.Answer answer =
          Http.send(
              "DELETE",
              service.resolve("/ops/everything"),
              Map.of(
                  "Authorization",
                  "Bearer " + stack.settings().secrets().operatorToken(),
                  "X-Callsync-Reason",
                  reason.replace(" ", "%20")),
              new byte[0]);
      assertThat(answer.status()).isEqualTo(404);
    }
    for (String database : List.of("gateway", "appointments", "validator")) {
      assertThat(actions(database, reason))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .containsEntry("command", "DELETE /ops/everything")
                      .containsEntry("outcome", "refused"));
    }
  }
}
