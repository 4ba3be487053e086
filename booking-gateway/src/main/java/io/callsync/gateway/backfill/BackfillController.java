package io.callsync.gateway.backfill;

import io.callsync.gateway.backfill.Backfill.Order;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.delivery.EventView;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import io.callsync.outbox.OutboxMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The operator's way to have one call's chain put right. */
@RestController
class BackfillController {

  private static final Logger log = LoggerFactory.getLogger(BackfillController.class);

  private final Backfill backfill;

  BackfillController(Backfill backfill) {
    this.backfill = backfill;
  }

  /**
   * Answers with the events that were written, or would be in a dry run.
   *
   * @param id our id of the call, or Retell's
   */
  @PostMapping("/ops/backfill/{id}")
  ResponseEntity<?> run(
      @PathVariable String id,
      @RequestParam(defaultValue = "false") boolean dryRun,
      @RequestParam(defaultValue = "false") boolean tellAgain,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator) {
    operator.is("backfill", "call " + id);
    if (dryRun) {
      operator.onlyShows();
    }
    Optional<String> call = backfill.retellCallId(id);
    if (call.isEmpty()) {
      return problem(404, "call_unknown", "The gateway knows no call with the id " + id + ".");
    }
    String command = "command:" + UUID.randomUUID();
    try {
      List<OutboxMessage> told = backfill.run(new Order(call.get(), dryRun, tellAgain, command));
      operator.cameTo(told.size() + " events, " + command);
      log.info("backfill of call {}: {} events{}", id, told.size(), dryRun ? ", dry run" : "");
      return ResponseEntity.ok(
          Map.of(
              "command", command,
              "dryRun", dryRun,
              "events", told.stream().map(EventView::of).toList()));
    } catch (CalcomUnavailable away) {
      return problem(
          503,
          "calcom_away",
          "Cal.com could not be asked (%s); nothing was changed: try again."
              .formatted(away.getMessage()));
    }
  }

  private static ResponseEntity<?> problem(int status, String code, String sentence) {
    return ResponseEntity.status(status).body(ProblemResponse.detail(status, code, sentence));
  }
}
