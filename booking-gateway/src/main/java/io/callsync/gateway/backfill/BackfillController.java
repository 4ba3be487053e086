package io.callsync.gateway.backfill;

import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.CustomerEvent;
import io.callsync.gateway.backfill.Backfill.Order;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import io.callsync.outbox.OutboxMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
              "events", told.stream().map(BackfillController::view).toList()));
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

  /** Nothing personal: the rows show it. */
  private static Map<String, Object> view(OutboxMessage message) {
    return switch (Objects.requireNonNull(message.event())) {
      case BookingEvent e ->
          row(
              e.getMeta().getType(),
              "appointment",
              e.getBooking().getAppointmentId(),
              "status",
              e.getBooking().getStatus(),
              "startsAt",
              e.getBooking().getStartsAt(),
              "callId",
              e.getBooking().getCallId(),
              "customerId",
              e.getBooking().getCustomerId(),
              "companyId",
              e.getBooking().getCompanyId());
      case CallEvent e ->
          row(
              e.getMeta().getType(),
              "call",
              e.getCall().getCallId(),
              "status",
              e.getCall().getStatus(),
              "customerId",
              e.getCall().getCustomerId(),
              "companyId",
              e.getCall().getCompanyId());
      case CustomerEvent e ->
          row(
              e.getMeta().getType(),
              "customer",
              e.getCustomer().getCustomerId(),
              "companyId",
              e.getCustomer().getCompanyId());
      default -> Map.of();
    };
  }

  private static Map<String, Object> row(
      String type, String table, long id, @Nullable Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("type", type);
    row.put("table", table);
    row.put("id", id);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        row.put(String.valueOf(namesAndValues[i]), value.toString());
      }
    }
    return row;
  }
}
