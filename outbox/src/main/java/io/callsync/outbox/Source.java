package io.callsync.outbox;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What a relay reads, and the message it makes of a row; the only difference between relays. */
sealed interface Source permits OutboxSource, RowChangeSource {

  /** Makes the publication what it has to be; returns the tables in it as schema.table. */
  List<String> prepare(JdbcClient jdbc);

  /** The message for one committed change, in Debezium's envelope; null where it says nothing. */
  @Nullable Message message(Struct change);

  /**
   * Reads what is kept, in an order in which a key's newest row comes last.
   *
   * @param fromRow the first row that is asked for; a source without row numbers gives all
   * @param from the position from which will be streamed
   */
  void kept(DataSource database, long fromRow, Lsn from, Consumer<Message> messages);

  /** A name as it is found on the search path, as schema.table. */
  static String qualified(JdbcClient jdbc, String table) {
    return jdbc.sql(
            """
            select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = to_regclass(?)""")
        .param(table)
        .query(String.class)
        .optional()
        .orElseThrow(() -> new IllegalStateException("the table " + table + " does not exist"));
  }

  /** Makes or alters the publication; its options are given as in SQL. */
  static void publish(JdbcClient jdbc, String publication, List<String> tables, String options) {
    String all = String.join(", ", tables);
    List<String> published =
        jdbc.sql(
                "select schemaname || '.' || tablename from pg_publication_tables where pubname = ?")
            .param(publication)
            .query((row, n) -> row.getString(1))
            .list();
    boolean exists =
        jdbc.sql("select exists (select from pg_publication where pubname = ?)")
            .param(publication)
            .query(Boolean.class)
            .single();
    if (!exists) {
      jdbc.sql(
              "create publication \"%s\" for table %s with (%s)"
                  .formatted(publication, all, options))
          .update();
    } else if (!Set.copyOf(published).equals(Set.copyOf(tables))) {
      jdbc.sql("alter publication \"%s\" set table %s".formatted(publication, all)).update();
      jdbc.sql("alter publication \"%s\" set (%s)".formatted(publication, options)).update();
    }
  }

  /** Runs a long read in one snapshot, in UTC, without holding all of it in memory. */
  static void inSnapshot(DataSource database, Consumer<JdbcTemplate> reading) {
    var transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    transaction.setReadOnly(true);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    var jdbc = new JdbcTemplate(database);
    jdbc.setFetchSize(500);
    transaction.executeWithoutResult(
        status -> {
          jdbc.execute("set local time zone 'UTC'");
          reading.accept(jdbc);
        });
  }
}
