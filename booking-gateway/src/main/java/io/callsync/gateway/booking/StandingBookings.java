package io.callsync.gateway.booking;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The bookings that stand, for whoever compares them with Cal.com's. */
@Repository
public class StandingBookings {

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  StandingBookings(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** The current uids of those to come that Cal.com has spoken of. */
  public List<String> uidsAfter(String calcomAccount, Instant now) {
    return jdbc
        .query(
            "select state from booking where stands and calcom_account = ? and starts_at > ?",
            (row, n) -> json.readValue(row.getString(1), BookingState.class).current(),
            calcomAccount,
            Timestamp.from(now))
        .stream()
        .flatMap(current -> current.map(Link::uid).stream())
        .toList();
  }
}
