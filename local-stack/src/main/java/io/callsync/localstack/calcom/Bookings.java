package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Booking.Attendee;
import io.callsync.localstack.calcom.Booking.Seat;
import io.callsync.localstack.calcom.Booking.Series;
import io.callsync.localstack.calcom.Booking.Status;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cal.com's database: bookings and event types, with the rules of section 4 and 5 of its facts.
 * Every change is a line in a file, from which the next start reads the state again.
 */
final class Bookings implements AutoCloseable {

  /** The outcome of a booking: a repeat may return what was there before. */
  record Made(Booking booking, boolean isNew, @Nullable Seat seat) {}

  /** A wish to book. */
  record Order(
      int eventTypeId,
      Instant start,
      Attendee attendee,
      List<String> guests,
      Map<String, String> metadata,
      Map<String, Object> responses) {

    Order later(Duration by) {
      return new Order(eventTypeId, start.plus(by), attendee, guests, metadata, responses);
    }
  }

  /** One line of the file; exactly one field is there. */
  private record Line(
      @Nullable Booking booking, @Nullable String gone, @Nullable EventType eventType) {}

  static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  static final LocalTime OPENS = LocalTime.of(9, 0);
  static final LocalTime CLOSES = LocalTime.of(17, 0);

  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

  /** No booking is longer, so an overlap is never looked for further back. */
  private static final Duration LONGEST = Duration.ofHours(12);

  private final JsonMapper json = JsonMapper.shared();
  private final SecureRandom random = new SecureRandom();
  private final Clock clock;
  private final Supplier<Settings> settings;
  private final Map<String, Booking> byUid = new LinkedHashMap<>();
  private final Map<Integer, NavigableMap<Instant, List<Booking>>> acceptedByHost = new HashMap<>();
  private final Map<Integer, EventType> eventTypes = new TreeMap<>();
  private final BufferedWriter file;
  private long lastId = 700_000;

  Bookings(Path stateFile, Clock clock, Supplier<Settings> settings) throws IOException {
    this.clock = clock;
    this.settings = settings;
    EventType.DEFAULTS.forEach(t -> eventTypes.put(t.id(), t));
    if (Files.exists(stateFile)) {
      for (String line : Files.readAllLines(stateFile)) {
        // A kill in the middle of a write leaves a torn last line: that change was never answered.
        if (line.endsWith("}")) {
          apply(json.readValue(line, Line.class));
        }
      }
    }
    this.file =
        Files.newBufferedWriter(stateFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    file.newLine();
  }

  private void apply(Line line) {
    if (line.booking() != null) {
      put(line.booking());
    } else if (line.gone() != null) {
      unindex(byUid.remove(line.gone()));
    } else if (line.eventType() != null) {
      eventTypes.put(line.eventType().id(), line.eventType());
    }
  }

  private void put(Booking booking) {
    unindex(byUid.put(booking.uid(), booking));
    if (booking.status() == Status.ACCEPTED) {
      acceptedByHost
          .computeIfAbsent(booking.hostId(), h -> new TreeMap<>())
          .computeIfAbsent(booking.start(), s -> new ArrayList<>())
          .add(booking);
    }
    lastId = Math.max(lastId, booking.id());
  }

  private void unindex(@Nullable Booking booking) {
    NavigableMap<Instant, List<Booking>> accepted =
        booking == null ? null : acceptedByHost.get(booking.hostId());
    if (booking != null && accepted != null) {
      List<Booking> sameStart = accepted.get(booking.start());
      if (sameStart != null && sameStart.remove(booking) && sameStart.isEmpty()) {
        accepted.remove(booking.start());
      }
    }
  }

  private void save(Line line) {
    try {
      file.write(json.writeValueAsString(line));
      file.newLine();
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the bookings", e);
    }
    apply(line);
  }

  private void save(Booking booking) {
    save(new Line(booking, null, null));
  }

  synchronized EventType eventType(int id) {
    EventType type = eventTypes.get(id);
    if (type == null) {
      throw ApiError.of(404, "Event type with id " + id + " not found.");
    }
    return type;
  }

  synchronized List<EventType> eventTypes() {
    return List.copyOf(eventTypes.values());
  }

  synchronized void define(EventType type) {
    save(new Line(null, null, type));
  }

  synchronized List<Booking> all() {
    return List.copyOf(byUid.values());
  }

  synchronized Booking get(String uid) {
    Booking booking = byUid.get(uid);
    if (booking == null) {
      throw ApiError.of(404, "Booking with uid=%s was not found in the database".formatted(uid));
    }
    return booking;
  }

  /**
   * @param force books although the host is busy, as nobody but the host can
   */
  synchronized Made create(Order order, boolean force) {
    EventType type = eventType(order.eventTypeId());
    Instant end = order.start().plus(Duration.ofMinutes(type.lengthInMinutes()));
    if (type.requiresConfirmation() || type.roundRobin()) {
      Status repeated = type.requiresConfirmation() ? Status.PENDING : Status.ACCEPTED;
      for (Booking b : byUid.values()) {
        if (b.status() == repeated
            && b.eventTypeId() == type.id()
            && b.start().equals(order.start())
            && b.attendee().isSamePersonAs(order.attendee())) {
          return new Made(b, false, null);
        }
      }
    }
    Optional<Booking> shared = shared(type, order.start());
    if (shared.isPresent()) {
      return join(shared.get(), type, order);
    }
    if (!force) {
      requireBookable(type.hostId(), order.start(), end, null);
    }
    return made(order, type, null);
  }

  /** A booking for the same hour of that many weeks; only the first is looked at. */
  synchronized List<Booking> createSeries(Order order, int count) {
    EventType type = eventType(order.eventTypeId());
    requireBookable(
        type.hostId(),
        order.start(),
        order.start().plus(Duration.ofMinutes(type.lengthInMinutes())),
        null);
    Series series = new Series(newUid(), count);
    List<Booking> occurrences = new ArrayList<>();
    for (int week = 0; week < count; week++) {
      Instant start = order.start().atZone(ZONE).plusWeeks(week).toInstant();
      Order occurrence =
          new Order(
              order.eventTypeId(),
              start,
              order.attendee(),
              order.guests(),
              order.metadata(),
              order.responses());
      occurrences.add(made(occurrence, type, series).booking());
    }
    return occurrences;
  }

  private Made made(Order order, EventType type, @Nullable Series series) {
    Instant now = now();
    Instant end = order.start().plus(Duration.ofMinutes(type.lengthInMinutes()));
    String uid = newUid();
    Seat seat = type.places() == 0 ? null : seat(order);
    Booking booking =
        new Booking(
            lastId + 1,
            uid,
            type.id(),
            type.hostId(),
            type.requiresConfirmation() || type.cents() > 0 ? Status.PENDING : Status.ACCEPTED,
            order.start(),
            end,
            order.attendee(),
            order.guests(),
            order.metadata(),
            order.responses(),
            uid + "@Cal.com",
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            now,
            now.plusMillis(3),
            seat == null ? List.of() : List.of(seat),
            series,
            List.of());
    save(booking);
    return new Made(booking, true, seat);
  }

  /** A time of that event type at which somebody has a seat already. */
  private Optional<Booking> shared(EventType type, Instant start) {
    return type.places() == 0
        ? Optional.empty()
        : byUid.values().stream()
            .filter(b -> b.isLive() && b.eventTypeId() == type.id() && b.start().equals(start))
            .findFirst();
  }

  synchronized boolean hasFreeSeat(EventType type, Instant start) {
    return shared(type, start).filter(b -> b.seats().size() < type.places()).isPresent();
  }

  private Made join(Booking booking, EventType type, Order order) {
    if (booking.seats().size() >= type.places()) {
      throw ApiError.of(409, "No more seats left at this seated booking.");
    }
    if (booking.seats().stream().anyMatch(s -> s.attendee().isSamePersonAs(order.attendee()))) {
      throw ApiError.of(409, "already_signed_up_for_this_booking_error");
    }
    Seat seat = seat(order);
    List<Seat> taken = new ArrayList<>(booking.seats());
    taken.add(seat);
    Booking joined = booking.withSeats(taken, now());
    save(joined);
    return new Made(joined, true, seat);
  }

  private static Seat seat(Order order) {
    return new Seat(UUID.randomUUID().toString(), order.attendee(), order.metadata());
  }

  /** One person leaves; with the last one the booking is cancelled. */
  synchronized Booking giveUpSeat(String uid, String seatUid) {
    Booking booking = get(uid);
    List<Seat> left = booking.seats().stream().filter(s -> !s.uid().equals(seatUid)).toList();
    if (left.size() == booking.seats().size()) {
      throw ApiError.of(404, "Seat with uid=%s was not found".formatted(seatUid));
    }
    if (left.isEmpty()) {
      return cancel(uid, null, null);
    }
    Booking remaining = booking.withSeats(left, now());
    save(remaining);
    return remaining;
  }

  synchronized Booking markAbsent(String uid, String email, boolean absent) {
    Booking marked = get(uid).withAbsent(email, absent);
    save(marked);
    return marked;
  }

  /** That occurrence and all later ones; Cal.com tells of that one only. */
  synchronized Booking cancelFrom(String uid, @Nullable String reason, @Nullable String by) {
    Booking first = get(uid);
    for (Booking other : List.copyOf(byUid.values())) {
      if (first.series() != null
          && first.series().equals(other.series())
          && other.isLive()
          && other.start().isAfter(first.start())) {
        cancel(other.uid(), reason, by);
      }
    }
    return cancel(uid, reason, by);
  }

  /** What holds and is due. */
  synchronized List<Booking> accepted(Predicate<Booking> due) {
    return byUid.values().stream().filter(b -> b.status() == Status.ACCEPTED).filter(due).toList();
  }

  synchronized Booking reschedule(
      String uid,
      Instant start,
      @Nullable String reason,
      @Nullable String by,
      Map<String, String> metadata,
      boolean force) {
    Booking old = get(uid);
    if (!old.isLive()) {
      throw ApiError.of(
          400,
          old.rescheduledToUid() == null
              ? "Can't reschedule booking with uid=%s because it has been cancelled. Please provide uid of a booking that is not cancelled."
                  .formatted(uid)
              : "Can't reschedule booking with uid=%1$s because it has been cancelled and rescheduled already to booking with uid=%2$s. You probably want to reschedule %2$s instead by passing it within the request URL."
                  .formatted(uid, old.rescheduledToUid()));
    }
    EventType type = eventType(old.eventTypeId());
    Instant now = now();
    Instant end = start.plus(Duration.between(old.start(), old.end()));
    if (!force) {
      requireBookable(old.hostId(), start, end, old.uid());
    }
    boolean skipsConfirmation = by != null && by.equalsIgnoreCase(type.host().email());
    Map<String, String> merged = new LinkedHashMap<>(old.metadata());
    merged.putAll(metadata);
    Booking next =
        new Booking(
            lastId + 1,
            newUid(),
            old.eventTypeId(),
            old.hostId(),
            type.requiresConfirmation() && !skipsConfirmation ? Status.PENDING : Status.ACCEPTED,
            start,
            end,
            old.attendee(),
            old.guests(),
            merged,
            old.responses(),
            old.icsUid(),
            old.icsSequence() + 1,
            reason,
            null,
            reason,
            by,
            old.uid(),
            null,
            now,
            now.plusMillis(3),
            old.seats(),
            old.series(),
            List.of());
    save(old.replacedBy(next, now));
    save(next);
    return next;
  }

  synchronized Booking cancel(String uid, @Nullable String reason, @Nullable String by) {
    Booking booking = get(uid);
    if (!booking.isLive()) {
      throw ApiError.of(
          400,
          "Can't cancel booking with uid=%s because it has been cancelled already. Please provide uid of a booking that is not cancelled."
              .formatted(uid));
    }
    if (booking.end().isBefore(now())) {
      throw ApiError.of(400, "Cannot cancel a booking that has already ended");
    }
    Booking cancelled = booking.withStatus(Status.CANCELLED, reason, by, now());
    save(cancelled);
    return cancelled;
  }

  /** Confirms or declines a booking that waits for it. */
  synchronized Booking decide(String uid, Status decision, @Nullable String reason) {
    Booking booking = get(uid);
    if (booking.status() != Status.PENDING) {
      throw ApiError.of(
          400,
          "Booking with uid=%s is %s and does not wait for a confirmation"
              .formatted(uid, booking.status()));
    }
    Booking decided = booking.withStatus(decision, reason, null, now());
    save(decided);
    return decided;
  }

  /** Takes it away without a trace, as an account's deletion does. */
  synchronized void delete(String uid) {
    get(uid);
    save(new Line(null, uid, null));
  }

  synchronized boolean isFree(int hostId, Instant start, Instant end, @Nullable String exceptUid) {
    NavigableMap<Instant, List<Booking>> accepted = acceptedByHost.get(hostId);
    return accepted == null
        || accepted.subMap(start.minus(LONGEST), end).values().stream()
            .flatMap(List::stream)
            .noneMatch(b -> b.overlaps(start, end) && !b.uid().equals(exceptUid));
  }

  boolean isOpen(Instant start, Instant end) {
    LocalTime from = start.atZone(ZONE).toLocalTime();
    LocalTime to = end.atZone(ZONE).toLocalTime();
    return !from.isBefore(OPENS) && !to.isAfter(CLOSES) && from.isBefore(to);
  }

  private void requireBookable(int hostId, Instant start, Instant end, @Nullable String exceptUid) {
    if (start.isBefore(now()) && !settings.get().allowPast()) {
      throw ApiError.of(400, "Attempting to book a meeting in the past.");
    }
    if ((settings.get().openingHours() && !isOpen(start, end))
        || !isFree(hostId, start, end, exceptUid)) {
      throw ApiError.of(400, ApiError.TAKEN);
    }
  }

  private String newUid() {
    StringBuilder uid = new StringBuilder(22);
    for (int i = 0; i < 22; i++) {
      uid.append(BASE58.charAt(random.nextInt(BASE58.length())));
    }
    return uid.toString();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
