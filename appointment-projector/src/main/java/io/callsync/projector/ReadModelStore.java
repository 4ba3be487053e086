package io.callsync.projector;

import static io.callsync.projector.Column.bigint;
import static io.callsync.projector.Column.integer;
import static io.callsync.projector.Column.text;
import static io.callsync.projector.Tables.CALLS;
import static io.callsync.projector.Tables.CUSTOMERS;
import static io.callsync.projector.Tables.DIRECTORY_DELETED;
import static io.callsync.projector.Tables.PROJECTED_EVENTS;
import static java.util.Comparator.comparing;

import io.callsync.projector.BookingWriter.RivalClaim;
import io.callsync.projector.Change.DirectoryRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The read model in Postgres: what a batch folds to, where its events lie, and the positions, in
 * one transaction.
 */
final class ReadModelStore {

  /** Up to where a partition is shown. */
  private record Position(TopicPartition partition, long nextOffset) {}

  /** SQLSTATE classes that speak of the values and would say the same on every retry. */
  private static final Set<String> REFUSES_VALUES = Set.of("21", "22", "23", "54");

  private static final Logger log = LoggerFactory.getLogger(ReadModelStore.class);

  private static final Table<Position> POSITIONS =
      Table.of(
          "projector_position",
          2,
          text("topic", p -> p.partition().topic()),
          integer("partition", p -> p.partition().partition()),
          bigint("next_offset", Position::nextOffset));

  /** Taken first, so that of two owners of a partition only one writes at a time. */
  private static final String ADVANCE =
      """
      insert into projector_position as t (topic, partition, next_offset, committed_at)
      select r.topic, r.partition, r.next_offset, now() from %s
      on conflict (topic, partition) do update
      set next_offset = greatest(t.next_offset, excluded.next_offset), committed_at = excluded.committed_at"""
          .formatted(POSITIONS.rows());

  private static final String UPSERT_CALLS = CALLS.insertNewest(CALLS.select());
  private static final String UPSERT_CUSTOMERS = CUSTOMERS.insertNewest(CUSTOMERS.select());
  private static final String UPSERT_DELETED =
      DIRECTORY_DELETED.insertNewest(DIRECTORY_DELETED.select());

  private static final String INSERT_INDEX =
      PROJECTED_EVENTS.insertMissing(PROJECTED_EVENTS.select());

  private final DataSource database;
  private final @Nullable String schema;

  /** The rows that people see. */
  ReadModelStore(DataSource database) {
    this(database, null);
  }

  /** Rows of the same shape in another schema, where a lost commit is only folded again. */
  ReadModelStore(DataSource database, @Nullable String schema) {
    this.database = database;
    this.schema = schema;
  }

  /**
   * Writes what the batch folded to and moves the positions. Nothing moves backwards: a row only to
   * a higher revision, a position only to a higher offset.
   */
  void commit(Batch batch) throws SQLException {
    try {
      commit(batch, false);
    } catch (RivalClaim rival) {
      try {
        commit(batch, true);
      } catch (RivalClaim impossible) {
        throw unsettled(impossible);
      }
    }
  }

  /** Does what {@link #commit} does, and rolls it back. */
  void rehearse(Batch batch) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        write(connection, batch, false);
      } catch (RivalClaim rival) {
        throw new SQLException("the rehearsal met another one", rival);
      } finally {
        connection.rollback();
      }
    }
  }

  /** As {@link #commit}, within the caller's transaction and the schema that it has chosen. */
  static void write(Connection connection, Batch batch) throws SQLException {
    try {
      write(connection, batch, true);
    } catch (RivalClaim impossible) {
      throw unsettled(impossible);
    }
  }

  /** The next offset of each partition that was ever shown. */
  Map<TopicPartition, Long> positions() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        enterSchema(connection);
        return positions(connection);
      } finally {
        connection.rollback();
      }
    }
  }

  /** As {@link #positions()}, as the caller's transaction sees them. */
  static Map<TopicPartition, Long> positions(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "select topic, partition, next_offset from projector_position")) {
      var positions = new HashMap<TopicPartition, Long>();
      while (result.next()) {
        positions.put(new TopicPartition(result.getString(1), result.getInt(2)), result.getLong(3));
      }
      return positions;
    }
  }

  /** Forgets positions and offsets that no longer mean anything, after a topic was made anew. */
  void forget(Collection<TopicPartition> partitions) throws SQLException {
    try (Connection connection = database.getConnection()) {
      for (String table : List.of("projected_event", "projector_position")) {
        try (PreparedStatement delete =
            connection.prepareStatement(
                "delete from %s where topic = ? and partition = ?".formatted(table))) {
          for (TopicPartition partition : partitions) {
            delete.setString(1, partition.topic());
            delete.setInt(2, partition.partition());
            delete.executeUpdate();
          }
        }
      }
    }
  }

  /** Whether the database refuses the values themselves, so that a retry is in vain. */
  static boolean refusesValues(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && REFUSES_VALUES.contains(state.substring(0, 2));
  }

  /** Whether it may be the values and may be something else, as what a trigger raises. */
  static boolean mayRefuseValues(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.startsWith("P0");
  }

  private void commit(Batch batch, boolean settle) throws SQLException, RivalClaim {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        enterSchema(connection);
        write(connection, batch, settle);
        connection.commit();
      } catch (SQLException | RivalClaim | RuntimeException e) {
        connection.rollback();
        if (e instanceof SQLException sql && claimsHeldIdentity(sql) && !settle) {
          throw new RivalClaim();
        }
        throw e;
      }
    }
  }

  private void enterSchema(Connection connection) throws SQLException {
    if (schema != null) {
      try (var statement = connection.createStatement()) {
        statement.execute(
            "set local search_path = %s; set local synchronous_commit = off".formatted(schema));
      }
    }
  }

  private static void write(Connection connection, Batch folded, boolean settle)
      throws SQLException, RivalClaim {
    ReadModel batch = folded.rows();
    List<Position> positions =
        folded.nextOffsets().entrySet().stream()
            .map(e -> new Position(e.getKey(), e.getValue()))
            .sorted(
                comparing((Position p) -> p.partition().topic())
                    .thenComparingInt(p -> p.partition().partition()))
            .toList();
    Pipeline rows =
        new Pipeline()
            .add(POSITIONS, ADVANCE, positions)
            .add(PROJECTED_EVENTS, INSERT_INDEX, folded.index());
    writeDirectory(rows, batch.directory().values());
    rows.add(CUSTOMERS, UPSERT_CUSTOMERS, batch.customers().values())
        .add(CALLS, UPSERT_CALLS, batch.calls().values())
        .run(connection);
    if (!batch.bookings().isEmpty()) {
      long yielded = BookingWriter.write(connection, batch, settle);
      if (yielded > 0) {
        log.warn(
            "{} bookings yield to another one that holds the same Cal.com booking and seat; they return when it lets go",
            yielded);
      }
    }
  }

  private static void writeDirectory(Pipeline rows, Collection<DirectoryRow> entries) {
    for (DirectoryTable kind : DirectoryTable.values()) {
      Table<DirectoryRow> table = kind.table();
      rows.add(
          table,
          table.insertNewest(
              table.select()
                  + " where not exists (select from directory_deleted d where d.entity_type = '%s' and d.entity_id = r.id::text and d.revision >= r.revision)"
                      .formatted(kind.entityType())),
          entries.stream().filter(e -> e.table() == kind && !e.deleted()).toList());
      List<DirectoryRow> deleted =
          entries.stream().filter(e -> e.table() == kind && e.deleted()).toList();
      rows.add(DIRECTORY_DELETED, UPSERT_DELETED, deleted)
          .add(
              DIRECTORY_DELETED,
              "delete from %s t using %s where t.id::text = r.entity_id and t.revision < r.revision"
                  .formatted(table.name(), DIRECTORY_DELETED.rows()),
              deleted);
    }
  }

  private static boolean claimsHeldIdentity(SQLException e) {
    if (!(e instanceof PSQLException refusal)) {
      return false;
    }
    ServerErrorMessage message = refusal.getServerErrorMessage();
    String constraint = message == null ? null : message.getConstraint();
    // In another schema Postgres names the copy of appointments_calcom_identity by its columns.
    return constraint != null && constraint.startsWith("appointments_calcom");
  }

  private static SQLException unsettled(RivalClaim impossible) {
    return new SQLException("claims on Cal.com bookings could not be settled", impossible);
  }
}
