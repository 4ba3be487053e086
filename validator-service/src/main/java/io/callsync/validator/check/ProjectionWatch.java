package io.callsync.validator.check;

import io.callsync.validator.readmodel.Drift;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.rule.Severity;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.Violations.Findings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the last verification of all rows against the log found and nobody has mended: one violation
 * a table, since whatever harms a table seldom harms one row.
 */
final class ProjectionWatch {

  private static final String KEY = "projection";

  private ProjectionWatch() {}

  static Findings look(List<Drift> drifts) {
    return new Findings(KEY, null, null, drifts.stream().map(ProjectionWatch::violation).toList());
  }

  private static Violation violation(Drift drift) {
    var evidence =
        new TreeMap<>(
            Map.of(
                "rows",
                String.valueOf(drift.rows()),
                "first_row",
                drift.firstRow(),
                "job_id",
                String.valueOf(drift.jobId()),
                "verified_at",
                drift.verifiedAt().toString()));
    return new Violation(
        Rule.PROJECTION_DRIFT.name(),
        Severity.ERROR,
        drift.missingRevisions() ? "topic" : "table",
        drift.table(),
        evidence,
        drift.missingRevisions()
            ? "%d revisions are missing in %s.".formatted(drift.rows(), drift.table())
            : "%d rows of %s are not what the log says.".formatted(drift.rows(), drift.table()),
        drift.missingRevisions() ? "appointments backfill --all" : "appointments rebuild");
  }
}
