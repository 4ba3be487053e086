package io.callsync.projector;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A transaction that sees the rows as they were at one moment, positions and index included, and so
 * needs no lock while live events go on. Where they changed a row that it changes too, Postgres
 * refuses the later one: it is run again, on what is there by then.
 */
final class Snapshot {

  /** Work in the transaction. */
  interface Work<T> {
    T run(Connection connection, JdbcClient jdbc) throws SQLException, InterruptedException;
  }

  /** A unique value that another row has. */
  private static final String HELD = "23505";

  /** Serialization failure, deadlock, and a row that came meanwhile. */
  private static final Set<String> CHANGED_MEANWHILE = Set.of("40001", "40P01", HELD);

  private static final int ATTEMPTS = 20;

  private Snapshot() {}

  static <T> T run(DataSource database, Work<T> work) throws SQLException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
          T result =
              work.run(
                  connection, JdbcClient.create(new SingleConnectionDataSource(connection, true)));
          connection.commit();
          return result;
        } catch (SQLException | RuntimeException | InterruptedException e) {
          connection.rollback();
          String state = sqlState(e);
          if (attempt == ATTEMPTS && state.equals(HELD)) {
            throw new JobFailure(
                "A row that the log does not know holds what another one needs, a booking at Cal.com for instance: run ./appointments rebuild.");
          }
          if (attempt == ATTEMPTS || !CHANGED_MEANWHILE.contains(state)) {
            throw e;
          }
        }
      }
    }
  }

  private static String sqlState(Exception e) {
    Throwable cause = e;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
  }
}
