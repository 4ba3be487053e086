package io.callsync.bench;

import io.callsync.localstack.LocalStack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/** Commits without any logic: one row of the given size, in a table that nobody else knows. */
final class BareCommits implements AutoCloseable {

  private static final String DATABASE = "gateway";
  private static final int CONNECTIONS = 8;

  private final BlockingQueue<Connection> free = new ArrayBlockingQueue<>(CONNECTIONS);
  private final byte[] row;

  BareCommits(LocalStack stack, int bytes) throws SQLException {
    row = new byte[bytes];
    // Random, so that nothing is compressed.
    ThreadLocalRandom.current().nextBytes(row);
    for (int n = 0; n < CONNECTIONS; n++) {
      free.add(stack.connect(DATABASE));
    }
    execute("drop table if exists bare_commit");
    execute(
        "create table bare_commit (id bigint generated always as identity primary key, body bytea)");
    execute("alter table bare_commit alter column body set storage plain");
  }

  /** How much the gateway's database holds, indexes and dead rows included. */
  static long size(LocalStack stack) throws SQLException {
    try (Connection connection = stack.connect(DATABASE);
        Statement statement = connection.createStatement();
        var result = statement.executeQuery("select pg_database_size(current_database())")) {
      result.next();
      return result.getLong(1);
    }
  }

  void commit() throws SQLException, InterruptedException {
    Connection connection = free.take();
    try (PreparedStatement insert =
        connection.prepareStatement("insert into bare_commit (body) values (?)")) {
      insert.setBytes(1, row);
      insert.executeUpdate();
    } finally {
      free.add(connection);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = free.element().createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    execute("drop table bare_commit");
    for (Connection connection : free) {
      connection.close();
    }
  }
}
