package io.callsync.gateway.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Every delivery and what became of it; written in the transaction that decides. */
@Repository
public class DeliveryLedger {

  /** What became of a delivery. */
  public enum Outcome {
    APPLIED,
    NO_CHANGE,
    KEPT_UNKNOWN,
    UNRESOLVED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    public static Outcome of(List<UUID> eventIds) {
      return eventIds.isEmpty() ? NO_CHANGE : APPLIED;
    }
  }

  private static final String SELECT =
      "select id, received_at, sender, kind, subject, body, connection from delivery where ";

  /** As the sequence's increment says. */
  private static final int BLOCK = 50;

  private final JdbcTemplate jdbc;
  private long nextId;
  private long endOfBlock;

  DeliveryLedger(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Minted from a block, so that a delivery costs no round trip; nobody types these ids. */
  public synchronized long nextId() {
    if (nextId == endOfBlock) {
      nextId =
          Objects.requireNonNull(jdbc.queryForObject("select nextval('delivery_id')", Long.class));
      endOfBlock = nextId + BLOCK;
    }
    return nextId++;
  }

  public void record(
      Chain chain, Delivery delivery, Outcome outcome, List<UUID> eventIds, @Nullable String note) {
    chain.later(
        """
        insert into delivery (id, received_at, sender, kind, subject, body, connection, outcome, note, event_ids)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        delivery.id(),
        Timestamp.from(delivery.receivedAt()),
        delivery.sender(),
        delivery.kind(),
        delivery.subject(),
        delivery.body(),
        delivery.connection(),
        outcome.word(),
        note,
        eventIds.toArray(UUID[]::new));
  }

  /** An unresolved delivery found its booking: the row says so from now on. */
  public void resolved(Chain chain, long deliveryId, List<UUID> eventIds) {
    chain.later(
        "update delivery set outcome = ?, event_ids = ? where id = ?",
        Outcome.of(eventIds).word(),
        eventIds.toArray(UUID[]::new),
        deliveryId);
  }

  /** A delivery that was read once more has led to further events. */
  public void corrected(Chain chain, long deliveryId, List<UUID> eventIds) {
    chain.later(
        "update delivery set outcome = ?, event_ids = event_ids || ? where id = ?",
        Outcome.APPLIED.word(),
        eventIds.toArray(UUID[]::new),
        deliveryId);
  }

  public Delivery read(long deliveryId) {
    return Objects.requireNonNull(
        jdbc.queryForObject(SELECT + "id = ?", DeliveryLedger::delivery, deliveryId));
  }

  /** What was received from a time on and before another, after this id, in the order of ids. */
  public List<Delivery> receivedBetween(Instant from, Instant to, long after, int most) {
    return jdbc.query(
        SELECT + "received_at >= ? and received_at < ? and id > ? order by id limit ?",
        DeliveryLedger::delivery,
        Timestamp.from(from),
        Timestamp.from(to),
        after,
        most);
  }

  /** How many were received from a time on and before another. */
  public long countBetween(Instant from, Instant to) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select count(*) from delivery where received_at >= ? and received_at < ?",
            Long.class,
            Timestamp.from(from),
            Timestamp.from(to)));
  }

  private static Delivery delivery(ResultSet row, int number) throws SQLException {
    return new Delivery(
        row.getLong(1),
        row.getTimestamp(2).toInstant(),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getBytes(6),
        row.getString(7));
  }

  public Map<String, Long> countByOutcome() {
    Map<String, Long> counts = new TreeMap<>();
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome.word(), 0L);
    }
    jdbc.query(
        "select outcome, count(*) from delivery group by outcome",
        row -> {
          counts.put(row.getString(1), row.getLong(2));
        });
    return counts;
  }
}
