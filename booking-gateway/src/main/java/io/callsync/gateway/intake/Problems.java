package io.callsync.gateway.intake;

import io.callsync.ops.ProblemResponse;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** What a sender is told when his request is not taken; never a stack trace, never data. */
@RestControllerAdvice
class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private static final String PATHS =
      "POST /retell/webhook, /retell/inbound, /retell/functions, /retell/functions/{name} or /calcom/webhook,"
          + " for a further connection /retell/{connection}/... and /calcom/{connection}/webhook";

  private final MeterRegistry meters;
  private final BoundedTag paths = new BoundedTag();

  Problems(MeterRegistry meters) {
    this.meters = meters;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(IntakeException e) {
    var answer = ResponseEntity.status(e.status());
    if (e.status() == 429) {
      answer.header(HttpHeaders.RETRY_AFTER, "1");
    }
    return answer.body(ProblemResponse.detail(e.status(), e.code(), e.sentence()));
  }

  /** Nothing could be stored: the sender has to come again. */
  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ResponseEntity<ProblemDetail> databaseAway(Exception e) {
    log.warn("database away: {}", e.getClass().getSimpleName());
    return ResponseEntity.status(503)
        .header(HttpHeaders.RETRY_AFTER, "2")
        .body(
            ProblemResponse.detail(
                503,
                "database_away",
                "The database does not answer, nothing was stored: send it again."));
  }

  /** Counted by path: somebody typed an address wrong, and half of a call's life is missing. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> noSuchPath(NoResourceFoundException e, HttpServletRequest request) {
    meters.counter("callsync.path.unknown", "path", paths.of(request.getRequestURI())).increment();
    return answer(404, "path_unknown", "Nothing is served at this path: use " + PATHS + ".");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> wrongMethod(HttpRequestMethodNotSupportedException e) {
    return answer(405, "method_wrong", "This path is served by another method: use " + PATHS + ".");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unexpected(Exception e) {
    log.error("request failed", e);
    return answer(500, "internal_error", "The gateway failed to take this request: see its log.");
  }

  private static ResponseEntity<ProblemDetail> answer(int status, String code, String sentence) {
    return ResponseEntity.status(status).body(ProblemResponse.detail(status, code, sentence));
  }
}
