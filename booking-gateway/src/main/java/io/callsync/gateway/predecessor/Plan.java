package io.callsync.gateway.predecessor;

import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.PredecessorBooking;
import io.callsync.gateway.call.PredecessorCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an import is going to do, in order, and what of the old data is broken. The same files give
 * the same plan.
 *
 * @param directory what {@code directory import} takes
 * @param work customers, calls, bookings
 * @param tally what was found and what was left out while planning
 */
record Plan(Optional<Map<String, Object>> directory, List<Step> work, Tally tally) {

  /** One aggregate, brought in by a transaction. */
  sealed interface Step {

    /** Where it comes from. */
    OldTable table();

    long oldId();

    /** The time that the old row tells, null where it tells none. */
    @Nullable Instant saidAt();
  }

  /**
   * @param companyId of the row, or the one that its calls and appointments agree on
   */
  record CustomerStep(OldCustomer customer, long companyId) implements Step {
    @Override
    public OldTable table() {
      return OldTable.CUSTOMERS;
    }

    @Override
    public long oldId() {
      return customer.id();
    }

    @Override
    public @Nullable Instant saidAt() {
      return customer.since();
    }
  }

  record CallStep(OldCall call, PredecessorCall imported) implements Step {
    @Override
    public OldTable table() {
      return OldTable.CALLS;
    }

    @Override
    public long oldId() {
      return call.id();
    }

    @Override
    public @Nullable Instant saidAt() {
      Instant ended = call.facts().endedAt();
      return ended == null ? call.facts().startedAt() : ended;
    }
  }

  /**
   * @param table appointments, or calls where there was no row of it
   * @param customerCompanyId whose customer the imported one is
   * @param names what Cal.com called it, oldest first
   * @param maker the call that made it
   * @param further calls about it
   */
  record BookingStep(
      OldTable table,
      long oldId,
      PredecessorBooking imported,
      @Nullable Long customerCompanyId,
      List<Link> names,
      @Nullable OldCall maker,
      List<OldCall> further,
      @Nullable Instant saidAt)
      implements Step {}
}
