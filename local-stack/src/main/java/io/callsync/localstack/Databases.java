package io.callsync.localstack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What the services need of a Postgres server: a database each, and who may read the read model.
 */
final class Databases {

  static final String READER = "callsync_reader";
  static final List<String> NAMES = List.of("gateway", "appointments", "validator");

  private Databases() {}

  /** Creates what is missing, and gives the reading role this password. */
  static void provision(Connection connection, String readerPassword) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String database : NAMES) {
        if (isEmpty(statement, "select from pg_database where datname = '" + database + "'")) {
          statement.execute("create database " + database);
        }
      }
      String verb =
          isEmpty(statement, "select from pg_roles where rolname = '" + READER + "'")
              ? "create"
              : "alter";
      statement.execute(
          "%s role %s login password '%s'"
              .formatted(verb, READER, readerPassword.replace("'", "''")));
    }
  }

  private static boolean isEmpty(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return !rows.next();
    }
  }
}
