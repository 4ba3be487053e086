package io.callsync.projector;

import static io.callsync.projector.Tables.ALIASES;
import static io.callsync.projector.Tables.APPOINTMENTS;
import static io.callsync.projector.Tables.APPOINTMENT_CALLS;
import static io.callsync.projector.Tables.CALLS;
import static io.callsync.projector.Tables.CUSTOMERS;
import static io.callsync.projector.Tables.DIRECTORY_DELETED;
import static io.callsync.projector.Tables.HISTORY;
import static io.callsync.projector.Tables.PROJECTED_EVENTS;
import static io.callsync.projector.Tables.YIELDED;

import io.callsync.projector.Change.CallRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table of the read model and what a fold says of it.
 *
 * @param identityColumns how many of the columns, the first, tell rows apart for every unique
 *     constraint that holds within a statement
 * @param rows the table's rows in a fold; null where a fold in memory says nothing of the table
 */
record Shown<R>(Table<R> table, int identityColumns, @Nullable Function<ReadModel, Rows<R>> rows) {

  /**
   * The rows that a fold of some aggregates shows, and which rows of the table are theirs: those
   * for which {@code owned} holds, SQL over the row {@code t} and over {@code s.ids} and {@code
   * s.keys}.
   */
  record Rows<R>(
      Collection<? extends R> rows, String owned, Collection<Long> ids, List<String> keys) {}

  private static final String OF_BOOKINGS =
      "t.id = any(s.ids) or t.booking_id = any(s.keys::uuid[])";

  /** Every table that is folded. What the wall clock wrote, the positions' times, is in none. */
  static final List<Shown<?>> ALL = all();

  private static List<Shown<?>> all() {
    var all = new ArrayList<Shown<?>>();
    all.add(
        new Shown<>(
            CALLS,
            2,
            fold ->
                new Rows<>(
                    fold.calls().values(),
                    "t.id = any(s.ids) or t.retell_call_id = any(s.keys)",
                    fold.calls().keySet(),
                    fold.calls().values().stream().map(CallRow::retellCallId).toList())));
    all.add(
        new Shown<>(
            CUSTOMERS,
            1,
            fold ->
                new Rows<>(
                    fold.customers().values(),
                    "t.id = any(s.ids)",
                    fold.customers().keySet(),
                    List.of())));
    all.add(
        new Shown<>(APPOINTMENTS, 2, fold -> ofBookings(fold, fold.appointments(), OF_BOOKINGS)));
    all.add(new Shown<>(YIELDED, 2, fold -> ofBookings(fold, fold.yielded(), OF_BOOKINGS)));
    all.add(
        new Shown<>(
            APPOINTMENT_CALLS,
            2,
            fold -> ofBookings(fold, fold.furtherCalls(), "t.appointment_id = any(s.ids)")));
    all.add(
        new Shown<>(
            HISTORY,
            2,
            fold ->
                ofBookings(fold, fold.history().values(), "t.booking_id = any(s.keys::uuid[])")));
    all.add(
        new Shown<>(
            ALIASES,
            1,
            fold ->
                ofBookings(
                    fold,
                    fold.aliases().entrySet(),
                    "t.alias_booking_id = any(s.keys::uuid[]) or t.booking_id = any(s.keys::uuid[])")));
    for (DirectoryTable kind : DirectoryTable.values()) {
      all.add(new Shown<>(kind.table(), 1, null));
    }
    all.add(new Shown<>(DIRECTORY_DELETED, 2, null));
    all.add(new Shown<>(PROJECTED_EVENTS, 3, null));
    return List.copyOf(all);
  }

  private static <R> Rows<R> ofBookings(
      ReadModel fold, Collection<? extends R> rows, String owned) {
    return new Rows<>(
        rows,
        owned,
        fold.bookings().values().stream().map(AppointmentRow::id).toList(),
        fold.bookings().keySet().stream().map(Object::toString).toList());
  }
}
