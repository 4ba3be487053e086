package io.callsync.outbox;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hourly partitions of the outbox: made ahead, dropped when all of their rows are acknowledged by
 * Kafka and older than the window. Waits for no lock longer than a moment, so that accepting never
 * waits for upkeep; what did not work is tried again in a minute.
 */
final class PartitionUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionUpkeep.class);
  private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'outbox_'uuuuMMddHH");
  private static final String DEFAULT = "outbox_default";
  private static final int HOURS_AHEAD = 3;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Duration window;

  /** Positions at which nobody wrote into a partition any more; all its rows lie before. */
  private final Map<String, Lsn> sealed = new HashMap<>();

  PartitionUpkeep(DataSource database, Duration window) {
    this.jdbc = JdbcClient.create(database);
    this.transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    this.window = window;
  }

  /** Forgets positions, which mean nothing in another server's log. */
  void forget() {
    sealed.clear();
  }

  /**
   * @param relayed everything committed before it is acknowledged
   */
  void run(Instant now, Lsn relayed) {
    List<String> partitions = partitions();
    Stream.iterate(hour(now), h -> h.plusHours(1))
        .limit(HOURS_AHEAD)
        .filter(h -> !partitions.contains(NAME.format(h)))
        .forEach(h -> attempt("make", NAME.format(h), () -> make(h)));
    for (String partition : partitions) {
      if (ended(partition, now)) {
        Lsn end = sealed.get(partition);
        if (end == null) {
          attempt("close", partition, () -> sealed.put(partition, seal(partition)));
        } else if (end.compareTo(relayed) <= 0) {
          attempt("drop", partition, () -> drop(partition));
        }
      }
    }
    emptyDefault(now, relayed);
  }

  private boolean ended(String partition, Instant now) {
    return hourOf(partition)
        .map(h -> h.plusHours(1).toInstant(ZoneOffset.UTC).plus(window).isBefore(now))
        .orElse(false);
  }

  private List<String> partitions() {
    return jdbc.sql(
            """
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'outbox'::regclass order by c.relname""")
        .query((row, n) -> row.getString(1))
        .list();
  }

  /** Attaching, unlike "create table partition of", does not lock out those who write. */
  private void make(LocalDateTime from) {
    String name = NAME.format(from);
    jdbc.sql(
            "create table %s (like outbox including defaults including constraints)"
                .formatted(name))
        .update();
    jdbc.sql(
            "alter table outbox attach partition %s for values from ('%s+00') to ('%s+00')"
                .formatted(name, from, from.plusHours(1)))
        .update();
  }

  /** A share lock is given when no open transaction has written; later ones write elsewhere. */
  private Lsn seal(String partition) {
    jdbc.sql("lock table %s in share mode".formatted(partition)).update();
    return Lsn.parse(
        jdbc.sql("select pg_current_wal_insert_lsn()::text").query(String.class).single());
  }

  private void drop(String partition) {
    jdbc.sql("drop table %s".formatted(partition)).update();
    sealed.remove(partition);
  }

  private void emptyDefault(Instant now, Lsn relayed) {
    OffsetDateTime before = now.minus(window).minus(1, ChronoUnit.HOURS).atOffset(ZoneOffset.UTC);
    boolean old =
        jdbc.sql("select exists (select from %s where created_at < ?)".formatted(DEFAULT))
            .param(before)
            .query(Boolean.class)
            .single();
    if (!old) {
      sealed.remove(DEFAULT);
      return;
    }
    Lsn end = sealed.get(DEFAULT);
    if (end == null) {
      attempt("close", DEFAULT, () -> sealed.put(DEFAULT, seal(DEFAULT)));
    } else if (end.compareTo(relayed) <= 0) {
      attempt(
          "empty",
          DEFAULT,
          () -> {
            jdbc.sql("delete from %s where created_at < ?".formatted(DEFAULT))
                .param(before)
                .update();
            sealed.remove(DEFAULT);
          });
    }
  }

  private void attempt(String what, String partition, Runnable work) {
    try {
      transaction.executeWithoutResult(
          status -> {
            jdbc.sql("set local lock_timeout = '50ms'").update();
            work.run();
          });
    } catch (DataAccessException e) {
      LOG.warn(
          "could not {} {}, will try again: {}",
          what,
          partition,
          String.valueOf(e.getMostSpecificCause().getMessage()));
    }
  }

  private static LocalDateTime hour(Instant now) {
    return LocalDateTime.ofInstant(now, ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
  }

  private static Optional<LocalDateTime> hourOf(String partition) {
    return partition.matches("outbox_\\d{10}")
        ? Optional.of(
            LocalDateTime.parse(
                partition + "00", DateTimeFormatter.ofPattern("'outbox_'uuuuMMddHHmm")))
        : Optional.empty();
  }
}
