package io.callsync.gateway.booking;

import io.callsync.gateway.call.CallState;
import io.callsync.gateway.customer.CustomerIdentity;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bookings that a caller may see and change: those of the calling number within the called
 * company, and those of this very call. A hidden number has only the latter. What the model claims
 * plays no part.
 */
@Repository
public class CallersBookings {

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  CallersBookings(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** The caller's name as it was given for a booking; empty for a hidden or a new number. */
  public Optional<String> customerName(CallState call, long companyId) {
    String from = call.fromNumber();
    return from == null
        ? Optional.empty()
        : jdbc
            .query(
                "select state ->> 'name' from customer where company_id = ? and identity = ?",
                (row, n) -> Optional.ofNullable(row.getString(1)),
                companyId,
                new CustomerIdentity("phone", from).key())
            .stream()
            .flatMap(Optional::stream)
            .findFirst();
  }

  /**
   * Standing ones to come, in order of time; without a lock. Not the seats: a change that does not
   * name the seat would change everybody's booking.
   */
  public List<BookingState> standing(CallState call, long companyId, Instant now) {
    String from = call.fromNumber();
    @Nullable String identity = from == null ? null : new CustomerIdentity("phone", from).key();
    return jdbc
        .query(
            """
        select state from booking
        where stands and company_id = ? and starts_at > ?
          and (customer_id = (select customer_id from customer where company_id = ? and identity = ?)
               or booking_id = any (?))
        order by starts_at, appointment_id
        """,
            (row, n) -> json.readValue(row.getString(1), BookingState.class),
            companyId,
            Timestamp.from(now),
            companyId,
            identity,
            call.bookings().keySet().stream().map(UUID::fromString).toArray(UUID[]::new))
        .stream()
        .filter(booking -> !booking.isSeat())
        .toList();
  }
}
