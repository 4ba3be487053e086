package io.callsync.validator.monitor;

import io.callsync.validator.check.Verdict;
import io.callsync.validator.check.Verdicts;
import io.callsync.validator.violation.Violations;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** How the chains stand at this moment. */
@Component
class Pulse {

  /**
   * @param kind always validation
   * @param whole calls with a booking whose chain is whole
   * @param broken calls with a booking whose chain is not
   * @param checking changed and not yet judged, or waiting for an outcome
   * @param trouble why it cannot be said; empty where it can
   */
  record Beat(
      Instant at,
      String kind,
      long whole,
      long broken,
      long checking,
      int openViolations,
      String trouble) {}

  private final Verdicts verdicts;
  private final Violations violations;
  private final Clock clock;

  Pulse(Verdicts verdicts, Violations violations, Clock clock) {
    this.verdicts = verdicts;
    this.violations = violations;
    this.clock = clock;
  }

  Beat now() {
    Instant at = clock.instant();
    try {
      Map<Verdict, Long> counts = verdicts.bookingCalls();
      return new Beat(
          at,
          "validation",
          counts.getOrDefault(Verdict.LINKED, 0L),
          counts.getOrDefault(Verdict.BROKEN, 0L),
          counts.getOrDefault(Verdict.CHECKING, 0L) + counts.getOrDefault(Verdict.PENDING, 0L),
          violations.openCount(),
          "");
    } catch (DataAccessException | TransactionException away) {
      return new Beat(at, "validation", 0, 0, 0, 0, "the validator's database does not answer");
    }
  }
}
