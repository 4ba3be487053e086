package io.callsync.outbox;

import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one sentence why the schema of its database keeps a service from starting. */
public final class SchemaRefusal extends AbstractFailureAnalyzer<FlywayException> {

  @Override
  public FailureAnalysis analyze(Throwable rootFailure, FlywayException cause) {
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return cause instanceof FlywayValidateException
        ? new FailureAnalysis(
            "The database's schema was made by another version of this service: " + message,
            "Start the version that made it; nothing was changed.",
            cause)
        : new FailureAnalysis(
            "The database's schema could not be brought up to date: "
                + message.lines().findFirst().orElse(""),
            "Look whether CALLSYNC_DB_URL, CALLSYNC_DB_USER and CALLSYNC_DB_PASSWORD name a"
                + " Postgres that answers.",
            cause);
  }
}
