package io.callsync.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.ops.Audit.Outcome;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Writes down every request under /ops that may change something: by default all but GET. */
final class AuditFilter extends OncePerRequestFilter {

  /** Why, as percent-encoded UTF-8. */
  static final String REASON = "X-Callsync-Reason";

  private static final Set<String> ONLY_ASK = Set.of("GET", "HEAD", "OPTIONS");
  private static final Logger log = LoggerFactory.getLogger(AuditFilter.class);

  private final Audit audit;

  AuditFilter(Audit audit) {
    this.audit = audit;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/ops") || ONLY_ASK.contains(request.getMethod());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    OperatorRequest asked;
    try {
      asked =
          audit.begin(
              String.valueOf(request.getAttribute(OperatorTokenFilter.OPERATOR)),
              OperatorRequest.bounded(request.getMethod() + ' ' + request.getRequestURI()),
              reason(request.getHeader(REASON)));
    } catch (DataAccessException | TransactionException e) {
      log.warn("a command cannot be written down: {}", e.getMessage());
      ProblemResponse.write(
          response,
          503,
          "database_away",
          "The database does not answer, and what cannot be written down is not done: try again.");
      return;
    }
    request.setAttribute(OperatorRequest.ATTRIBUTE, asked);
    var answer = new ContentCachingResponseWrapper(response);
    boolean answered = false;
    try {
      chain.doFilter(request, answer);
      answered = true;
    } finally {
      end(asked, answered ? answer : null);
      answer.copyBodyToResponse();
    }
  }

  /** The answer is null where there will be none that the controllers made. */
  private void end(OperatorRequest asked, @Nullable ContentCachingResponseWrapper answer) {
    int status = answer == null ? 500 : answer.getStatus();
    Outcome outcome =
        status >= 500
            ? Outcome.FAILED
            : status >= 400 || asked.refusal() != null ? Outcome.REFUSED : Outcome.OK;
    String refusal = asked.refusal();
    String detail =
        refusal != null
            ? refusal
            : answer == null || outcome == Outcome.OK ? asked.detail() : code(answer);
    try {
      audit.answered(asked, outcome, detail);
    } catch (DataAccessException | TransactionException e) {
      log.error("the end of action {} cannot be written down", asked.actionId(), e);
    }
  }

  /** The problem's stable code, else the status. */
  private static String code(ContentCachingResponseWrapper answer) {
    try {
      String code =
          JsonMapper.shared().readTree(answer.getContentAsByteArray()).path("code").asString("");
      return code.isEmpty() ? String.valueOf(answer.getStatus()) : code;
    } catch (JacksonException notJson) {
      return String.valueOf(answer.getStatus());
    }
  }

  private static String reason(@Nullable String header) {
    if (header == null) {
      return "";
    }
    try {
      return OperatorRequest.bounded(URLDecoder.decode(header.replace("+", "%2B"), UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      return OperatorRequest.bounded(header);
    }
  }
}
