package io.callsync.gateway.booking;

import static java.util.stream.Collectors.toSet;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** What is stored of bookings, for whoever compares it with Cal.com's; without a lock. */
@Repository
public class StoredBookings {

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  StoredBookings(JdbcTemplate jdbc, JsonMapper json) {
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

  /**
   * The uids of those links that say nothing new, in one question; what is not sure, such as of
   * several seats, is not among them.
   */
  public Set<String> saidBefore(String calcomAccount, Collection<Link> links) {
    Map<String, List<BookingState>> stored = new HashMap<>();
    jdbc.query(
        """
        select u.uid, b.state from booking_uid u join booking b on b.booking_id = u.booking_id
        where u.calcom_account = ? and u.uid = any (?)
        """,
        row -> {
          stored
              .computeIfAbsent(row.getString(1), uid -> new ArrayList<>())
              .add(json.readValue(row.getString(2), BookingState.class));
        },
        calcomAccount,
        links.stream().map(Link::uid).toArray(String[]::new));
    return links.stream()
        .filter(link -> saysNothingNew(stored.getOrDefault(link.uid(), List.of()), link))
        .map(Link::uid)
        .collect(toSet());
  }

  private static boolean saysNothingNew(List<BookingState> stored, Link link) {
    return stored.size() == 1
        && !stored.getFirst().isSeat()
        && stored.getFirst().with(link).settled().equals(stored.getFirst());
  }
}
