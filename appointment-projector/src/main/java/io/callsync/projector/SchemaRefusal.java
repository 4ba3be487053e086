package io.callsync.projector;

import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence why the database's schema keeps the projector from starting. */
final class SchemaRefusal extends AbstractFailureAnalyzer<FlywayException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, FlywayException cause) {
    String firstLine =
        cause.getMessage() == null ? "" : cause.getMessage().lines().findFirst().orElse("");
    return cause instanceof FlywayValidateException
        ? new FailureAnalysis(
            "The database's schema was made by another version of the projector: "
                + cause.getMessage(),
            "Start the version that made it, or give this one an empty database: the topics fill it again.",
            cause)
        : new FailureAnalysis(
            "The database's schema could not be brought up to date: " + firstLine,
            "Look whether CALLSYNC_DB_URL, CALLSYNC_DB_USER and CALLSYNC_DB_PASSWORD name a Postgres that answers.",
            cause);
  }
}
