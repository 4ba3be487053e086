package io.callsync.validator.check;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.BookingDetails;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.Claim;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.expectation.Expectations;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.readmodel.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Brings together what is known about chains, in a handful of queries for hundreds of them. */
@Component
public class ChainLoader {

  private final Expectations expectations;
  private final ReadModel readModel;
  private final Duration requestLimit;

  public ChainLoader(
      Expectations expectations, ReadModel readModel, ValidatorProperties properties) {
    this.expectations = expectations;
    this.readModel = readModel;
    this.requestLimit = properties.validator().requestLimit();
  }

  /** The chains in the order of their keys. */
  public List<Chain> load(Collection<ChainKey> keys, Instant now) {
    Set<Long> callIds = new HashSet<>();
    Set<UUID> bookingIds = new HashSet<>();
    for (ChainKey key : keys) {
      switch (key) {
        case ChainKey.OfCall(long id) -> callIds.add(id);
        case ChainKey.OfBooking(UUID id) -> bookingIds.add(id);
      }
    }
    // Expectations first: they are never ahead of rows that are read after them.
    Map<Long, ExpectedCall> expectedCalls = expectations.calls(callIds);
    Map<UUID, ExpectedBooking> expected = byId(expectations.bookings(callIds, bookingIds));
    bookingIds.addAll(expected.keySet());
    Rows rows = readModel.rows(callIds, bookingIds);
    Set<UUID> others =
        rows.appointments().stream()
            .map(AppointmentRow::bookingId)
            .filter(id -> !expected.containsKey(id))
            .collect(Collectors.toSet());
    expected.putAll(byId(expectations.bookings(List.of(), others)));

    var index = new Index(rows, expected);
    return keys.stream()
        .map(
            key -> {
              Long callId = key instanceof ChainKey.OfCall(long id) ? id : null;
              CallRow call = callId == null ? null : rows.calls().get(callId);
              Set<AppointmentRow> appointments = index.appointments(key, call);
              return new Chain(
                  key,
                  now,
                  requestLimit,
                  call,
                  callId == null ? null : expectedCalls.get(callId),
                  List.copyOf(appointments),
                  index.bookings(key, appointments),
                  rows.customers(),
                  rows.companies(),
                  index.claims(call));
            })
        .toList();
  }

  private static Map<UUID, ExpectedBooking> byId(List<ExpectedBooking> bookings) {
    return bookings.stream()
        .collect(Collectors.toMap(ExpectedBooking::bookingId, b -> b, (a, b) -> a, HashMap::new));
  }

  private record Visit(long customerId, Instant startsAt) {}

  /** Finds the rows of one chain among those of hundreds. */
  private static final class Index {
    private final Map<Long, Set<AppointmentRow>> byCall = new HashMap<>();
    private final Map<UUID, AppointmentRow> byBooking = new HashMap<>();
    private final Map<Long, Set<AppointmentRow>> byCalcomId = new HashMap<>();
    private final Map<Visit, Set<AppointmentRow>> byVisit = new HashMap<>();
    private final Map<String, Set<AppointmentRow>> byCalcomUid = new HashMap<>();
    private final Map<Long, Set<ExpectedBooking>> bookingsByCall = new HashMap<>();
    private final Map<Long, Set<Claim>> claims = new HashMap<>();
    private final Map<UUID, ExpectedBooking> bookings;

    Index(Rows rows, Map<UUID, ExpectedBooking> bookings) {
      this.bookings = bookings;
      for (AppointmentRow a : rows.appointments()) {
        byBooking.put(a.bookingId(), a);
        add(byCall, a.callId(), a);
        a.furtherCalls().forEach(c -> add(byCall, c, a));
        add(byCalcomId, a.calcomBookingId(), a);
        add(byVisit, visit(a), a);
        add(byCalcomUid, a.calcomUid(), a);
      }
      bookings.values().forEach(b -> add(bookingsByCall, b.callId(), b));
      rows.claims().forEach(c -> add(claims, c.details().calcomId(), c));
    }

    Set<AppointmentRow> appointments(ChainKey key, @Nullable CallRow call) {
      Set<AppointmentRow> direct = new HashSet<>();
      switch (key) {
        case ChainKey.OfCall(long id) -> {
          direct.addAll(byCall.getOrDefault(id, Set.of()));
          bookingsByCall.getOrDefault(id, Set.of()).forEach(b -> addRow(direct, b.bookingId()));
        }
        case ChainKey.OfBooking(UUID id) -> addRow(direct, id);
      }
      if (call != null) {
        call.bookingIds().forEach(id -> addRow(direct, id));
        BookingDetails details = call.details();
        if (details != null && details.calcomId() != null) {
          direct.addAll(byCalcomId.getOrDefault(details.calcomId(), Set.of()));
        }
      }
      Set<AppointmentRow> all = new HashSet<>(direct);
      for (AppointmentRow a : direct) {
        all.addAll(of(byVisit, visit(a)));
        all.addAll(of(byCalcomUid, a.calcomUid()));
      }
      return all;
    }

    List<ExpectedBooking> bookings(ChainKey key, Set<AppointmentRow> appointments) {
      Set<ExpectedBooking> relevant = new HashSet<>();
      switch (key) {
        case ChainKey.OfCall(long id) -> relevant.addAll(bookingsByCall.getOrDefault(id, Set.of()));
        case ChainKey.OfBooking(UUID id) -> addBooking(relevant, id);
      }
      appointments.forEach(a -> addBooking(relevant, a.bookingId()));
      return new ArrayList<>(relevant);
    }

    List<Claim> claims(@Nullable CallRow call) {
      if (call == null) {
        return List.of();
      }
      long own = call.id();
      BookingDetails details = call.details();
      return details == null || details.calcomId() == null
          ? List.of()
          : claims.getOrDefault(details.calcomId(), Set.of()).stream()
              .filter(c -> c.callId() != own && c.sameBooking(details))
              .toList();
    }

    private void addRow(Set<AppointmentRow> rows, UUID bookingId) {
      AppointmentRow row = byBooking.get(bookingId);
      if (row != null) {
        rows.add(row);
      }
    }

    private void addBooking(Set<ExpectedBooking> relevant, UUID bookingId) {
      ExpectedBooking booking = bookings.get(bookingId);
      if (booking != null) {
        relevant.add(booking);
      }
    }

    /** Null where nobody is expected, so that nothing repeats it. */
    private static @Nullable Visit visit(AppointmentRow a) {
      return !a.standing() || a.customerId() == null || a.startsAt() == null
          ? null
          : new Visit(a.customerId(), a.startsAt());
    }

    private static <K> Set<AppointmentRow> of(Map<K, Set<AppointmentRow>> index, @Nullable K key) {
      return key == null ? Set.of() : index.getOrDefault(key, Set.of());
    }

    private static <K, V> void add(Map<K, Set<V>> index, @Nullable K key, V value) {
      if (key != null) {
        index.computeIfAbsent(Objects.requireNonNull(key), k -> new HashSet<>()).add(value);
      }
    }
  }
}
