package io.callsync.gateway.directory;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * What was unknown before the directory learned it: calls and bookings get their company by events.
 */
@Component
class DirectoryRepair {

  /** How many got their company. */
  record Repaired(int calls, int bookings) {}

  private static final Logger log = LoggerFactory.getLogger(DirectoryRepair.class);

  /** By then every transaction that still looked into the older directory has ended. */
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private final JdbcTemplate jdbc;
  private final Chains chains;
  private final CallFolding calls;
  private final BookingFolding bookings;
  private final Directory directory;
  private final Clock clock;
  private long seenVersion = -1;
  private @Nullable Instant due;

  DirectoryRepair(
      JdbcTemplate jdbc,
      Chains chains,
      CallFolding calls,
      BookingFolding bookings,
      Directory directory,
      Clock clock) {
    this.jdbc = jdbc;
    this.chains = chains;
    this.calls = calls;
    this.bookings = bookings;
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Once more after each change, whoever imported it: a delivery that was being decided meanwhile,
   * here or in another gateway, may have looked into the older directory.
   */
  @Scheduled(fixedDelay = 1000)
  void repairLater() {
    Instant now = clock.instant();
    if (directory.version() != seenVersion) {
      seenVersion = directory.version();
      due = now.plus(SETTLED);
    } else if (due != null && due.isBefore(now)) {
      try {
        repair();
        due = null;
      } catch (DataAccessException away) {
        log.debug("the repair is tried again", away);
      }
    }
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
            calls.settle(chain, chain.call(callId));
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
