package io.callsync.gateway.directory;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * What was unknown before the directory learned it: calls and bookings get their company by events.
 */
@Component
class DirectoryRepair {

  /** How many got their company. */
  record Repaired(int calls, int bookings) {}

  private final JdbcTemplate jdbc;
  private final Chains chains;
  private final CallFolding calls;
  private final BookingFolding bookings;
  private final Clock clock;

  DirectoryRepair(
      JdbcTemplate jdbc, Chains chains, CallFolding calls, BookingFolding bookings, Clock clock) {
    this.jdbc = jdbc;
    this.chains = chains;
    this.calls = calls;
    this.bookings = bookings;
    this.clock = clock;
  }

  Repaired repair() {
    List<String> callIds =
        jdbc.query(
            """
            select retell_call_id from call c
            where (c.company_id is null or (c.state ->> 'companyByNumber' is null and c.state ->> 'companyByBooking' is null))
              and exists (select from directory_entry d where d.entity_type = 'phone_number'
                          and not d.deleted and d.entry ->> 'number' = c.to_number)
            """,
            (row, n) -> row.getString(1));
    List<UUID> bookingIds =
        jdbc.query(
            """
            select booking_id from booking b
            where b.company_id is null
              and exists (select from directory_entry d where d.entity_type = 'service' and not d.deleted
                          and d.entry ->> 'calcomAccount' = b.calcom_account
                          and (d.entry ->> 'eventTypeId')::bigint = b.event_type_id)
            """,
            (row, n) -> row.getObject(1, UUID.class));
    Instant now = clock.instant();
    Cause cause = new Cause(Cause.OPERATOR, "command:" + UUID.randomUUID(), now, now);
    for (String callId : callIds) {
      chains.decide(
          chain -> {
            chain.put(calls.place(chain.call(callId)));
            return chain.save(cause);
          });
    }
    for (UUID bookingId : bookingIds) {
      chains.decide(
          chain -> {
            bookings.settle(chain, chain.booking(bookingId));
            return chain.save(cause);
          });
    }
    return new Repaired(callIds.size(), bookingIds.size());
  }
}
