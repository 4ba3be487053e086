package io.callsync.outbox;

import io.callsync.outbox.Doubt.Server;
import io.callsync.outbox.Doubt.Slot;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The relay's logical replication slot. */
final class ReplicationSlot {

  private final JdbcClient jdbc;
  private final RelayDatabase database;
  private final String name;

  ReplicationSlot(JdbcClient jdbc, RelayDatabase database, String name) {
    if (!name.matches("[a-z0-9_]{1,63}")) {
      throw new IllegalArgumentException(
          "callsync.relay.slot may have lower case letters, digits and _ only, and is " + name);
    }
    this.jdbc = jdbc;
    this.database = database;
    this.name = name;
  }

  /**
   * The server and its timeline: a promoted standby has the same system id and another timeline.
   */
  Server server() {
    return jdbc.sql(
            """
            select system_identifier, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) as timeline
            from pg_control_system()""")
        .query((row, n) -> new Server(row.getLong(1), row.getString(2)))
        .single();
  }

  /**
   * @throws IllegalStateException where the name is taken by something else
   */
  Optional<Slot> find() {
    return jdbc.sql(
            """
            select database = current_database() and plugin = 'pgoutput', confirmed_flush_lsn, wal_status = 'lost'
            from pg_replication_slots where slot_name = ?""")
        .param(name)
        .query(
            (row, n) -> {
              if (!row.getBoolean(1)) {
                throw new IllegalStateException(
                    "the replication slot %s belongs to another database: set callsync.relay.slot"
                        .formatted(name));
              }
              String confirmed = row.getString(2);
              return new Slot(
                  confirmed == null ? Lsn.START : Lsn.parse(confirmed), row.getBoolean(3));
            })
        .optional();
  }

  /** Ends whatever still streams from the slot. */
  void free() throws InterruptedException {
    while (jdbc.sql(
            "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = ? and active")
        .param(name)
        .query(Boolean.class)
        .optional()
        .isPresent()) {
      Thread.sleep(20);
    }
  }

  void drop() {
    jdbc.sql("select pg_drop_replication_slot(?)").param(name).query().listOfRows();
  }

  /**
   * Waits for every transaction that is open now, which may take long; therefore on a connection
   * without a time limit.
   */
  void create() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    }
  }
}
