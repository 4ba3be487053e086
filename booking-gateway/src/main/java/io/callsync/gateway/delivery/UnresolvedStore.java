package io.callsync.gateway.delivery;

import io.callsync.gateway.calcom.CalcomFact;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** Deliveries whose booking is not known yet, as durable work. */
@Repository
public class UnresolvedStore {

  /** One delivery to try again; the first attempt asks only our own tables. */
  public record Work(long deliveryId, String calcomAccount, int attempts) {}

  private static final Duration FIRST = Duration.ofMillis(300);

  private final JdbcTemplate jdbc;

  UnresolvedStore(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  public void add(Chain chain, long deliveryId, CalcomFact fact, Instant now) {
    chain.later(
        """
        insert into unresolved (delivery_id, calcom_account, uid, waits_for_uid, next_attempt_at)
        values (?, ?, ?, ?, ?)
        """,
        deliveryId,
        fact.calcomAccount(),
        fact.link().uid(),
        fact.link().previousUid(),
        Timestamp.from(now.plus(FIRST)));
  }

  /** Takes what is due out of the others' sight for {@code lease}. */
  public List<Work> claimDue(Instant now, Duration lease, int limit) {
    return jdbc.query(
        """
        update unresolved set next_attempt_at = ?, attempts = attempts + 1
        where delivery_id in (select delivery_id from unresolved where next_attempt_at <= ?
                              order by next_attempt_at limit ? for update skip locked)
        returning delivery_id, calcom_account, attempts
        """,
        (row, n) -> new Work(row.getLong(1), row.getString(2), row.getInt(3)),
        Timestamp.from(now.plus(lease)),
        Timestamp.from(now),
        limit);
  }

  public void tryAgain(long deliveryId, Instant at) {
    jdbc.update(
        "update unresolved set next_attempt_at = ? where delivery_id = ?",
        Timestamp.from(at),
        deliveryId);
  }

  public void done(Chain chain, long deliveryId) {
    chain.later("delete from unresolved where delivery_id = ?", deliveryId);
  }
}
