package io.callsync.validator.ops;

import io.callsync.ops.ProblemResponse;
import io.callsync.validator.check.Verdict;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.StoredViolation;
import io.callsync.validator.violation.Violations;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.coyote.CloseNowException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** What operators and their tools ask. */
@RestController
@RequestMapping("/ops")
class OpsController {

  private static final Logger log = LoggerFactory.getLogger(OpsController.class);
  private static final int MOST_VIOLATIONS = 1000;

  private final Chains chains;
  private final Pass pass;
  private final Standing standing;
  private final Violations violations;
  private final JsonMapper json;

  OpsController(
      Chains chains, Pass pass, Standing standing, Violations violations, JsonMapper json) {
    this.chains = chains;
    this.pass = pass;
    this.standing = standing;
    this.violations = violations;
    this.json = json;
  }

  /**
   * All booking calls, written as they are looked at, and the counts of what was written.
   *
   * @param rule instead of them whatever breaks this rule
   * @param tried applies the rule though it is disarmed, and changes nothing
   */
  @GetMapping("/chains")
  @Nullable ResponseEntity<ProblemDetail> chains(
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(required = false) @Nullable Long company,
      @RequestParam(required = false) @Nullable String since,
      @RequestParam(required = false) @Nullable String rule,
      @RequestParam(name = "try", defaultValue = "false") boolean tried,
      HttpServletResponse response)
      throws IOException {
    Question question;
    try {
      question = question(after, company, since, rule, tried);
    } catch (DateTimeException unreadable) {
      return problem("time_unreadable", "since must be a time such as 2026-03-10T09:30:00Z.");
    } catch (IllegalArgumentException unknown) {
      return problem("rule_unknown", "The rules are " + String.join(", ", Rule.codes()) + '.');
    }
    if (question.rule() == null ? tried : !tried && !pass.isArmed(question.rule())) {
      return question.rule() == null
          ? problem("rule_missing", "Say which rule to try.")
          : problem("rule_disarmed", "The rule " + rule + " is disarmed: it can only be tried.");
    }
    write(question, response);
    return null;
  }

  private static Question question(
      long after,
      @Nullable Long company,
      @Nullable String since,
      @Nullable String rule,
      boolean tried) {
    return new Question(
        after,
        company,
        since == null ? null : OffsetDateTime.parse(since).toInstant(),
        rule == null ? null : Rule.valueOf(rule.toUpperCase(Locale.ROOT)),
        tried);
  }

  private static ResponseEntity<ProblemDetail> problem(String code, String sentence) {
    return ResponseEntity.badRequest().body(ProblemResponse.detail(400, code, sentence));
  }

  /**
   * How the pass went.
   *
   * @param chains looked at
   */
  record PassFigures(long chains, long millis, long perSecond) {

    static PassFigures of(long chains, long nanos) {
      return new PassFigures(
          chains, nanos / 1_000_000, Math.round(chains * 1e9 / Math.max(1, nanos)));
    }
  }

  private void write(Question question, HttpServletResponse response) throws IOException {
    Summary summary = standing.now();
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    JsonGenerator out = json.createGenerator(response.getOutputStream());
    try {
      out.writeStartObject();
      out.writeArrayPropertyStart("chains");
      long began = System.nanoTime();
      long looked =
          pass.over(
              question,
              (line, verdict) -> {
                out.writePOJO(line);
                counts.merge(verdict, 1L, Long::sum);
              });
      out.writeEndArray();
      out.writePOJOProperty("pass", PassFigures.of(looked, System.nanoTime() - began));
      out.writePOJOProperty("summary", summary.withCounts(counts));
      out.writeEndObject();
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        throw e;
      }
      // Closing the generator would make half an answer look whole: the connection is cut instead.
      log.warn("the table of chains broke off: {}", e.getMessage());
      throw new CloseNowException(e);
    }
    out.close();
  }

  @GetMapping("/chains/{id}")
  ResponseEntity<?> chain(@PathVariable String id) {
    return chains
        .one(id)
        .<ResponseEntity<?>>map(ResponseEntity::ok)
        .orElseGet(
            () ->
                ResponseEntity.status(404)
                    .body(
                        ProblemResponse.detail(
                            404, "call_unknown", "There is no call with the id " + id + ".")));
  }

  /** Violations in the order of their ids; the next page is the one after the last id. */
  @GetMapping("/violations")
  ResponseEntity<?> violations(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable Long company,
      @RequestParam(required = false) @Nullable String rule,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "1000") int limit) {
    StoredViolation.State wanted;
    try {
      wanted =
          state == null || state.isEmpty()
              ? null
              : StoredViolation.State.valueOf(state.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      return ResponseEntity.badRequest()
          .body(
              ProblemResponse.detail(
                  400,
                  "state_unknown",
                  "The state of a violation is OPEN, ACKNOWLEDGED or RESOLVED."));
    }
    int most = Math.clamp(limit, 1, MOST_VIOLATIONS);
    List<ViolationView> page =
        violations.list(wanted, company, rule, after, most).stream()
            .map(ViolationView::of)
            .toList();
    return ResponseEntity.ok(
        new ViolationPage(page, page.size() < most ? null : page.getLast().violationId()));
  }

  @GetMapping("/summary")
  Summary summary() {
    return standing.now();
  }

  record ViolationPage(List<ViolationView> violations, @Nullable String next) {}

  record ViolationView(
      String violationId,
      String state,
      String rule,
      String severity,
      String subject,
      String subjectType,
      String subjectId,
      @Nullable Long companyId,
      @Nullable Long callId,
      int episode,
      long revision,
      Instant firstSeen,
      Instant lastSeen,
      @Nullable Instant resolvedAt,
      String message,
      Map<String, String> evidence,
      @Nullable String remedy) {

    static ViolationView of(StoredViolation stored) {
      Violation v = stored.violation();
      return new ViolationView(
          v.id(),
          stored.state().name(),
          v.rule(),
          v.severity().word(),
          v.subjectType() + ':' + v.subjectId(),
          v.subjectType(),
          v.subjectId(),
          stored.companyId(),
          stored.callId(),
          stored.episode(),
          stored.revision(),
          stored.firstSeen(),
          stored.lastSeen(),
          stored.resolvedAt(),
          v.message(),
          stored.evidence(),
          v.remedy());
    }
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  ProblemDetail databaseAway(RuntimeException e, HttpServletResponse response) {
    log.warn("a question could not be answered: {}", e.getMessage());
    response.resetBuffer();
    return ProblemResponse.detail(
        503, "database_away", "A database of the validator does not answer; try again.");
  }
}
