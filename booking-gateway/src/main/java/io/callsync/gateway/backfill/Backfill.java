package io.callsync.gateway.backfill;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.PredecessorBooking;
import io.callsync.gateway.booking.Wish;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import io.callsync.outbox.OutboxMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * One call's chain as it should be: Cal.com is asked about each of its bookings, then company,
 * customer and links are settled by the same rules as in the live way. Twice changes nothing.
 *
 * <p>What booking_details said is here already: nothing but the import brings them, and it has made
 * facts of the call and the booking of every shape. What Retell calls custom_analysis_data is no
 * such thing: an analysis after the call claims, and never books.
 */
@Component
class Backfill {

  /**
   * What is to be done.
   *
   * @param tellAgain whether the events are written anew even where nothing has changed, since the
   *     log lost them
   * @param command who asked, as command:ID
   */
  record Order(String retellCallId, boolean dryRun, boolean tellAgain, String command) {}

  private final JdbcTemplate jdbc;
  private final Chains chains;
  private final CalcomAccounts calcom;
  private final CallFolding calls;
  private final BookingFolding bookings;
  private final Clock clock;

  Backfill(
      JdbcTemplate jdbc,
      Chains chains,
      CalcomAccounts calcom,
      CallFolding calls,
      BookingFolding bookings,
      Clock clock) {
    this.jdbc = jdbc;
    this.chains = chains;
    this.calcom = calcom;
    this.calls = calls;
    this.bookings = bookings;
    this.clock = clock;
  }

  /** Retell's id of the call that has this id, ours or Retell's. */
  Optional<String> retellCallId(String id) {
    boolean ours = id.matches("\\d{1,18}");
    return jdbc
        .query(
            "select retell_call_id from call where "
                + (ours ? "call_id" : "retell_call_id")
                + " = ?",
            (row, n) -> row.getString(1),
            ours ? (Object) Long.parseLong(id) : id)
        .stream()
        .findFirst();
  }

  /**
   * The events that were written, or would be.
   *
   * @throws CalcomUnavailable where Cal.com could not be asked; nothing was changed
   */
  List<OutboxMessage> run(Order order) throws CalcomUnavailable {
    List<UUID> ids = bookingsOf(order.retellCallId());
    List<CalcomFact> facts = new ArrayList<>();
    for (UUID id : ids) {
      facts.addAll(askedAbout(chains.read(id)));
    }
    Instant now = clock.instant();
    Cause cause = new Cause(Cause.BACKFILL, order.command(), now, now);
    return order.dryRun()
        ? chains.rehearse(chain -> fill(chain, order, ids, facts, cause))
        : chains.decide(chain -> fill(chain, order, ids, facts, cause));
  }

  private List<OutboxMessage> fill(
      Chain chain, Order order, List<UUID> ids, List<CalcomFact> facts, Cause cause) {
    facts.forEach(fact -> bookings.fold(chain, fact, Cause.BACKFILL, false));
    ids.forEach(id -> bookings.settle(chain, chain.booking(id)));
    calls.settle(chain, chain.call(order.retellCallId()));
    if (order.tellAgain()) {
      ids.stream()
          .map(id -> chain.booking(id).customerId())
          .filter(Objects::nonNull)
          .forEach(chain::customer);
      chain.tellAgain(cause);
    } else {
      chain.save(cause);
    }
    return chain.messages();
  }

  private List<UUID> bookingsOf(String retellCallId) {
    return jdbc.query(
        """
        select booking_id from wish where retell_call_id = ?
        union
        select b.key::uuid from call, jsonb_each(state -> 'bookings') as b where retell_call_id = ?
        """,
        (row, n) -> row.getObject(1, UUID.class),
        retellCallId,
        retellCallId);
  }

  /** What Cal.com says of the booking's current link, or of a wish that never got one. */
  private List<CalcomFact> askedAbout(BookingState booking) throws CalcomUnavailable {
    CalcomClient client = calcom.of(booking.calcomAccount());
    Optional<Link> current = booking.current();
    if (current.isPresent()) {
      return client
          .find(current.get().uid())
          .flatMap(found -> CalcomMessages.booking(booking.calcomAccount(), found))
          .stream()
          .toList();
    }
    Wish wish = booking.wish();
    PredecessorBooking imported = booking.predecessor();
    if (wish == null && imported != null) {
      return client.ofNumber(imported.calcomBookingId(), imported.startsAt());
    }
    return wish == null
        ? List.of()
        : client.ofRequest(wish.requestId(), wish.eventTypeId(), wish.startsAt(), wish.endsAt());
  }
}
