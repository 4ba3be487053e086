package io.callsync.ops;

import io.callsync.ops.Audit.Action;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What operators did here. */
@RestController
class AuditController {

  private static final Logger log = LoggerFactory.getLogger(AuditController.class);
  private static final int MOST = 1000;

  private final Audit audit;

  AuditController(Audit audit) {
    this.audit = audit;
  }

  /**
   * @param next the id after which the next page begins; null where this is the last
   */
  record Page(List<Action> actions, @Nullable String next) {}

  /**
   * Actions, the newest first.
   *
   * @param since ISO-8601 with an offset
   * @param after the {@code next} of the page before
   */
  @GetMapping("/ops/audit")
  ResponseEntity<?> actions(
      @RequestParam(required = false) @Nullable String since,
      @RequestParam(required = false) @Nullable String command,
      @RequestParam(required = false) @Nullable String after,
      @RequestParam(required = false) @Nullable String limit) {
    try {
      Instant from = since == null ? null : OffsetDateTime.parse(since).toInstant();
      long before =
          after == null ? Long.MAX_VALUE : Long.parseLong(after.substring(after.indexOf(':') + 1));
      int most = Math.clamp(limit == null ? MOST : Integer.parseInt(limit), 1, MOST);
      List<Action> page = audit.page(from, command, before, most);
      return ResponseEntity.ok(new Page(page, page.size() < most ? null : page.getLast().id()));
    } catch (DateTimeException | NumberFormatException e) {
      return ResponseEntity.badRequest()
          .body(
              ProblemResponse.detail(
                  400,
                  "filter_wrong",
                  "since is a time such as 2026-03-10T09:30:00Z, after is the next of the page before, limit is a number."));
    }
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<ProblemDetail> databaseAway(RuntimeException e) {
    log.warn("the audit could not be read: {}", e.getMessage());
    return ResponseEntity.status(503)
        .body(
            ProblemResponse.detail(
                503, "database_away", "The service's database does not answer; try again."));
  }
}
