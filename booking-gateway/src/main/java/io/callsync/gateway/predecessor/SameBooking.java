package io.callsync.gateway.predecessor;

import io.callsync.gateway.booking.Link;
import io.callsync.gateway.predecessor.BookingDetails.Booked;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All old rows that are about one booking: those that name the same one of Cal.com, and the calls
 * that a row names or that name it. Pure.
 *
 * @param rows of appointments, oldest first
 * @param calls that have to do with it, oldest first
 */
record SameBooking(List<OldAppointment> rows, List<OldCall> calls) {

  /** The one that stays; null where the predecessor had none. */
  @Nullable OldAppointment row() {
    return rows.isEmpty() ? null : rows.getFirst();
  }

  List<OldAppointment> further() {
    return rows.isEmpty() ? List.of() : rows.subList(1, rows.size());
  }

  /** Whether the call itself names the booking at Cal.com, and not only a row. */
  boolean isNamedBy(OldCall call) {
    CalcomNames mine = names();
    CalcomNames theirs = call.names();
    return theirs.uid() != null
        ? theirs.uid().equals(mine.uid()) || theirs.uid().equals(mine.previousUid())
        : theirs.id() != null && theirs.id().equals(mine.id());
  }

  /** The call that Cal.com's booking names, else the one that the row names, else the oldest. */
  @Nullable OldCall maker(Map<String, OldCall> byRetellId) {
    Optional<OldCall> named =
        pictures()
            .map(CalcomPicture::retellCallId)
            .flatMap(id -> Stream.ofNullable(id == null ? null : byRetellId.get(id)))
            .filter(calls::contains)
            .findFirst();
    OldAppointment row = row();
    return named
        .or(
            () ->
                calls.stream()
                    .filter(call -> row != null && Objects.equals(row.callId(), call.id()))
                    .findFirst())
        .or(() -> calls.stream().findFirst())
        .orElse(null);
  }

  /** What Cal.com calls it now, as far as all rows together tell. */
  CalcomNames names() {
    OldAppointment row = row();
    List<CalcomNames> said = new ArrayList<>();
    if (row != null) {
      said.add(row.names());
    }
    pictures().map(CalcomPicture::names).forEach(said::add);
    calls.stream().map(OldCall::names).forEach(said::add);
    String uid = said.stream().flatMap(n -> Stream.ofNullable(n.uid())).findFirst().orElse(null);
    Long id =
        said.stream()
            .filter(n -> uid == null || n.uid() == null || uid.equals(n.uid()))
            .flatMap(n -> Stream.ofNullable(n.id()))
            .findFirst()
            .orElse(null);
    return new CalcomNames(id, uid, row == null ? null : row.names().previousUid(), true);
  }

  /** The uids as links, of which nothing is said but their names. */
  List<Link> links() {
    CalcomNames names = names();
    return names.uid() == null
        ? List.of()
        : List.of(Link.of(names.uid(), names.id(), names.previousUid()));
  }

  /** Cal.com's own answer about the current link. */
  @Nullable CalcomPicture picture() {
    CalcomNames names = names();
    return pictures()
        .filter(
            p ->
                (names.uid() != null && p.names().uid() != null)
                    ? names.uid().equals(p.names().uid())
                    : names.id() != null && names.id().equals(p.names().id()))
        .findFirst()
        .orElse(null);
  }

  @Nullable Long eventTypeId() {
    OldAppointment row = row();
    return pictures()
        .map(CalcomPicture::eventTypeId)
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElse(row == null ? null : row.eventTypeId());
  }

  @Nullable Long hostId() {
    OldAppointment row = row();
    CalcomPicture picture = picture();
    return picture == null || picture.hostId() == null
        ? (row == null ? null : row.hostId())
        : picture.hostId();
  }

  /** The zone of the row's wall clock, as Cal.com's times prove it; null where none does. */
  @Nullable ZoneId zone() {
    OldAppointment row = row();
    if (row == null) {
      return null;
    }
    return pictures()
        .map(CalcomPicture::startsAt)
        .flatMap(Stream::ofNullable)
        .flatMap(real -> Stream.ofNullable(zone(row, real)))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable ZoneId zone(OldAppointment row, Instant real) {
    ZoneId byStart = WallClock.zoneBy(row.startsAt(), real, row.salon());
    return byStart == null ? WallClock.zoneBy(row.previousStartsAt(), real, row.salon()) : byStart;
  }

  private Stream<CalcomPicture> pictures() {
    return Stream.concat(
        rows.stream().map(OldAppointment::picture).flatMap(Stream::ofNullable),
        calls.stream()
            .map(OldCall::booking)
            .filter(Booked.class::isInstance)
            .map(booked -> ((Booked) booked).picture()));
  }

  /**
   * Takes rows and calls together.
   *
   * @param named the calls that a row names itself
   */
  static List<SameBooking> among(
      List<OldAppointment> rows,
      List<OldCall> calls,
      Function<OldAppointment, List<OldCall>> named) {
    Map<Long, OldAppointment> rowById = new HashMap<>();
    rows.forEach(row -> rowById.put(row.id(), row));
    Map<OldCall, Set<OldAppointment>> ofCall = new HashMap<>();
    for (OldAppointment row : rows) {
      named.apply(row).forEach(call -> rowsOf(ofCall, call).add(row));
    }
    for (OldCall call : calls) {
      call.appointmentIds().stream()
          .flatMap(id -> Stream.ofNullable(rowById.get(id)))
          .forEach(row -> rowsOf(ofCall, call).add(row));
    }
    var together = new Together();
    rows.forEach(row -> together.join(row, keys(row)));
    calls.stream()
        .filter(c -> !c.names().isEmpty())
        .forEach(call -> together.join(call, keys(call)));
    Set<Object> withRow = new LinkedHashSet<>();
    rows.forEach(row -> withRow.add(together.root(row)));
    for (OldCall call : calls) {
      if (!call.names().isEmpty() && !withRow.contains(together.root(call))) {
        onlyRow(ofCall.getOrDefault(call, Set.of()))
            .ifPresent(row -> together.join(call, List.of(row)));
      }
    }
    Map<Object, SameBooking> bookings = new LinkedHashMap<>();
    rows.forEach(row -> of(bookings, together.root(row)).rows.add(row));
    for (OldCall call : calls) {
      Set<Object> roots = new LinkedHashSet<>();
      if (!call.names().isEmpty()) {
        roots.add(together.root(call));
      }
      rowsOf(ofCall, call).forEach(row -> roots.add(together.root(row)));
      roots.forEach(root -> of(bookings, root).calls.add(call));
    }
    bookings.values().forEach(SameBooking::sort);
    return List.copyOf(bookings.values());
  }

  private void sort() {
    rows.sort(Comparator.comparingLong(OldAppointment::id));
    calls.sort(
        Comparator.comparing(
                (OldCall call) -> Optional.ofNullable(call.facts().startedAt()).orElse(Instant.MAX))
            .thenComparingLong(OldCall::id));
  }

  private static SameBooking of(Map<Object, SameBooking> bookings, Object root) {
    return bookings.computeIfAbsent(
        root, r -> new SameBooking(new ArrayList<>(), new ArrayList<>()));
  }

  private static Set<OldAppointment> rowsOf(
      Map<OldCall, Set<OldAppointment>> ofCall, OldCall call) {
    return ofCall.computeIfAbsent(call, c -> new LinkedHashSet<>());
  }

  /** A booking that no row names is that of the call's only row that may be it. */
  private static Optional<OldAppointment> onlyRow(Set<OldAppointment> rows) {
    List<OldAppointment> may =
        rows.stream()
            .filter(row -> (row.names().isEmpty() && row.picture() == null) || row.moved())
            .toList();
    return may.size() == 1 ? Optional.of(may.getFirst()) : Optional.empty();
  }

  private static List<Object> keys(OldAppointment row) {
    List<Object> keys = new ArrayList<>(keys(row.names()));
    if (row.picture() != null) {
      keys.addAll(keys(row.picture().names()));
    }
    if (row.names().previousUid() != null) {
      keys.add("uid " + row.names().previousUid());
    }
    return keys;
  }

  private static List<Object> keys(OldCall call) {
    return keys(call.names());
  }

  private static List<Object> keys(CalcomNames names) {
    List<Object> keys = new ArrayList<>();
    if (names.uid() != null) {
      keys.add("uid " + names.uid());
    }
    if (names.id() != null) {
      keys.add("id " + names.id());
    }
    return keys;
  }

  /** Disjoint sets of rows, calls and names. */
  private static final class Together {
    private final Map<Object, Object> parents = new HashMap<>();

    Object root(Object member) {
      Object at = member;
      Object parent = parents.get(at);
      while (parent != null) {
        at = parent;
        parent = parents.get(at);
      }
      return at;
    }

    void join(Object member, List<Object> others) {
      for (Object other : others) {
        Object one = root(other);
        Object two = root(member);
        if (!one.equals(two)) {
          parents.put(two, one);
        }
      }
    }
  }
}
