package io.callsync.projector;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toSet;

import io.callsync.projector.Change.BookingChange;
import io.callsync.projector.Change.CallRow;
import io.callsync.projector.Change.CustomerRow;
import io.callsync.projector.Change.DirectoryRow;
import io.callsync.projector.Tables.FurtherCall;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;

/**
 * What a set of events folds to: of each aggregate the highest revision, of each booking every
 * revision as history. Order and repetition of the events make no difference. Folded from the whole
 * log it is the read model; folded from a batch it is what the batch may change. Sorted by id, so
 * that instances which write at once lock rows in one order.
 */
record ReadModel(
    SortedMap<Long, CallRow> calls,
    SortedMap<Long, CustomerRow> customers,
    SortedMap<UUID, AppointmentRow> bookings,
    SortedMap<HistoryRow.Key, HistoryRow> history,
    SortedMap<UUID, UUID> aliases,
    SortedMap<DirectoryKey, DirectoryRow> directory) {

  /** Which entry of the directory. */
  record DirectoryKey(DirectoryTable table, String id) {}

  /** Postgres' order of uuid; Java's own compares signed halves. */
  private static final Comparator<UUID> BY_TEXT = comparing(UUID::toString);

  static ReadModel empty() {
    return new ReadModel(
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(BY_TEXT),
        new TreeMap<>(
            comparing(HistoryRow.Key::bookingId, BY_TEXT)
                .thenComparingLong(HistoryRow.Key::revision)),
        new TreeMap<>(BY_TEXT),
        new TreeMap<>(comparing(DirectoryKey::table).thenComparing(DirectoryKey::id)));
  }

  /** The rows after these changes. */
  static ReadModel fold(ReadModel rows, Iterable<? extends Change> changes) {
    ReadModel folded = rows.copy();
    for (Change change : changes) {
      folded.take(change);
    }
    return folded;
  }

  /**
   * The rows of appointments. A booking that was a wrong guess has none. Where two bookings claim
   * one booking of Cal.com, the lower appointment id has it and the other yields, so that the rows
   * do not depend on who came first.
   */
  Collection<AppointmentRow> appointments() {
    Map<Object, AppointmentRow> holders = new LinkedHashMap<>();
    bookings.values().stream()
        .filter(b -> b.visible() && !aliases.containsKey(b.bookingId()))
        .sorted(comparingLong(AppointmentRow::id))
        .forEach(
            b -> {
              Object identity = b.identity();
              holders.putIfAbsent(identity == null ? b.bookingId() : identity, b);
            });
    return holders.values();
  }

  /** The bookings that would be appointments, did not another one hold what they claim. */
  List<AppointmentRow> yielded() {
    Set<Long> held = appointments().stream().map(AppointmentRow::id).collect(toSet());
    return bookings.values().stream()
        .filter(b -> b.visible() && !aliases.containsKey(b.bookingId()))
        .filter(b -> !held.contains(b.id()))
        .toList();
  }

  /** The rows of appointment_calls. */
  List<FurtherCall> furtherCalls() {
    return appointments().stream()
        .flatMap(
            a ->
                a.furtherCallIds().stream()
                    .map(call -> new FurtherCall(a.id(), call, a.revision())))
        .toList();
  }

  private ReadModel copy() {
    return new ReadModel(
        new TreeMap<>(calls),
        new TreeMap<>(customers),
        new TreeMap<>(bookings),
        new TreeMap<>(history),
        new TreeMap<>(aliases),
        new TreeMap<>(directory));
  }

  private void take(Change change) {
    switch (change) {
      case CallRow call -> calls.merge(call.id(), call, ReadModel::newest);
      case CustomerRow customer -> customers.merge(customer.id(), customer, ReadModel::newest);
      case DirectoryRow entry ->
          directory.merge(new DirectoryKey(entry.table(), entry.id()), entry, ReadModel::newest);
      case BookingChange booking -> {
        bookings.merge(
            booking.row().bookingId(),
            booking.row(),
            (a, b) -> b.revision() > a.revision() ? b : a);
        history.putIfAbsent(booking.history().key(), booking.history());
        booking
            .aliases()
            .forEach(
                (alias, canonical) ->
                    aliases.merge(alias, canonical, BinaryOperator.minBy(BY_TEXT)));
      }
    }
  }

  private static <C extends Change> C newest(C a, C b) {
    return b.revision() > a.revision() ? b : a;
  }
}
