package io.callsync.gateway.booking;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The times that were offered in a call: an offer is a thing with an id, not only a sentence. */
@Repository
public class Offers {

  /**
   * @param id within its call, short enough to be repeated by a language model
   */
  public record Offer(String id, long serviceId, Instant startsAt) {}

  private final JdbcTemplate jdbc;

  Offers(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps what is offered now; a time that was offered before keeps its id. */
  public List<Offer> offer(String retellCallId, long serviceId, List<Instant> starts, Instant now) {
    List<Offer> offers = new ArrayList<>();
    for (Instant start : starts) {
      Integer number =
          jdbc.queryForObject(
              """
              insert into offer (retell_call_id, number, service_id, starts_at, offered_at)
              values (?, (select coalesce(max(number), 0) + 1 from offer where retell_call_id = ?), ?, ?, ?)
              on conflict (retell_call_id, service_id, starts_at) do update set offered_at = excluded.offered_at
              returning number
              """,
              Integer.class,
              retellCallId,
              retellCallId,
              serviceId,
              Timestamp.from(start),
              Timestamp.from(now));
      offers.add(new Offer(String.valueOf(number), serviceId, start));
    }
    return offers;
  }

  public Optional<Offer> find(String retellCallId, String offerId) {
    return latest(retellCallId, "number::text = ?", offerId.strip()).stream().findFirst();
  }

  /** What was offered together, most recently. */
  public List<Offer> last(String retellCallId) {
    return latest(
        retellCallId,
        "offered_at = (select max(offered_at) from offer where retell_call_id = ?)",
        retellCallId);
  }

  private List<Offer> latest(String retellCallId, String where, Object argument) {
    return jdbc.query(
        "select number, service_id, starts_at from offer where retell_call_id = ? and "
            + where
            + " order by starts_at",
        Offers::row,
        retellCallId,
        argument);
  }

  private static Offer row(ResultSet row, int n) throws SQLException {
    return new Offer(row.getString(1), row.getLong(2), row.getTimestamp(3).toInstant());
  }
}
