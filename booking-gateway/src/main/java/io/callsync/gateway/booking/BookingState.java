package io.callsync.gateway.booking;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All facts about one booking. What people see of it is derived, never stored beside it, and the
 * fold of facts does not depend on their order.
 *
 * @param source what first told us of it
 * @param wish null where the booking was made without us
 * @param links by uid
 * @param seatUid which seat of a Cal.com booking that several people share; null where there are no
 *     seats, or while it is not known
 * @param predecessor what was imported of it; yields to all that Cal.com, a call or we say
 */
public record BookingState(
    UUID bookingId,
    long appointmentId,
    String calcomAccount,
    String source,
    @Nullable Long companyId,
    @Nullable Long serviceId,
    @Nullable String branchId,
    @Nullable String staffId,
    @Nullable Long customerId,
    String timezone,
    @Nullable Wish wish,
    NavigableMap<String, Link> links,
    NavigableSet<Long> furtherCallIds,
    NavigableSet<UUID> aliases,
    @Nullable UUID aliasOf,
    @Nullable String seatUid,
    @Nullable PredecessorBooking predecessor) {

  public static BookingState of(
      UUID bookingId, long appointmentId, String calcomAccount, String source, String timezone) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        null,
        null,
        null,
        null,
        null,
        timezone,
        null,
        new TreeMap<>(),
        new TreeSet<>(),
        new TreeSet<>(),
        null,
        null,
        null);
  }

  /**
   * Adds what is known of a uid; its predecessor gets a place in the chain even if nothing else is
   * known of it.
   */
  public BookingState with(Link fact) {
    var merged = new TreeMap<>(links);
    merged.merge(fact.uid(), fact, Link::merge);
    if (fact.previousUid() != null) {
      merged.putIfAbsent(fact.previousUid(), Link.stub(fact.previousUid()));
    }
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId,
        timezone,
        wish,
        merged,
        furtherCallIds,
        aliases,
        aliasOf,
        seatUid,
        predecessor);
  }

  public BookingState with(Wish newWish) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId,
        timezone,
        newWish,
        links,
        furtherCallIds,
        aliases,
        aliasOf,
        seatUid,
        predecessor);
  }

  public BookingState withSeat(@Nullable String seat) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId,
        timezone,
        wish,
        links,
        furtherCallIds,
        aliases,
        aliasOf,
        Merge.greater(seatUid, seat),
        predecessor);
  }

  /** Whether other people may hold seats of the same booking at Cal.com. */
  public boolean isSeat() {
    return seatUid != null || links.values().stream().anyMatch(l -> l.is(LinkMark.SEATED));
  }

  /**
   * Whether a message that carries our request id is about this booking. Cal.com copies a booking's
   * metadata to every occurrence of its series, and shows it with everybody else's seat.
   *
   * @param seat the seat that the message is about, null where it is about no seat
   */
  public boolean mayBeMeantBy(Link link, @Nullable Seat seat) {
    if (seat != null) {
      return (seatUid != null && seat.seatUid() != null)
          ? seatUid.equals(seat.seatUid())
          : wish != null && wish.isOf(seat);
    }
    return seatUid == null
        && (links.containsKey(link.uid())
            || !link.is(LinkMark.RECURRING)
            || wish == null
            || wish.startsAt().equals(link.startsAt()));
  }

  /** When it begins now; the wished time while Cal.com has not spoken. */
  public @Nullable Instant startsAt() {
    return known(Link::startsAt, Wish::startsAt, PredecessorBooking::startsAt);
  }

  public @Nullable Instant endsAt() {
    return known(Link::endsAt, Wish::endsAt, PredecessorBooking::endsAt);
  }

  /** Cal.com's event type of the current link, else the wished one. */
  public @Nullable Long eventTypeId() {
    return known(Link::eventTypeId, Wish::eventTypeId, PredecessorBooking::eventTypeId);
  }

  /** Cal.com's numeric id; an imported one may be known before its uid is. */
  public @Nullable Long calcomBookingId() {
    return known(Link::calcomBookingId, asked -> null, PredecessorBooking::calcomBookingId);
  }

  /** Our id of the call that made it, null where no call did. */
  public @Nullable Long callId() {
    return wish != null ? Long.valueOf(wish.callId()) : imported(PredecessorBooking::callId);
  }

  /** Retell's id of the call that made it, null where no call did. */
  public @Nullable String retellCallId() {
    return wish != null ? wish.retellCallId() : imported(PredecessorBooking::retellCallId);
  }

  /** Cal.com's word first, then what the caller asked for, then what was imported. */
  private <T> @Nullable T known(
      Function<Link, @Nullable T> ofLink,
      Function<Wish, @Nullable T> ofWish,
      Function<PredecessorBooking, @Nullable T> ofOld) {
    Link link = current().orElse(null);
    T value = link == null ? null : ofLink.apply(link);
    if (value == null && wish != null) {
      value = ofWish.apply(wish);
    }
    return value == null ? imported(ofOld) : value;
  }

  private <T> @Nullable T imported(Function<PredecessorBooking, @Nullable T> field) {
    return predecessor == null ? null : field.apply(predecessor);
  }

  /** The wish as it stands once Cal.com has spoken of the booking: no longer in doubt. */
  public BookingState settled() {
    return wish != null && wish.inDoubt() && !links.isEmpty() ? with(wish.doubted(false)) : this;
  }

  /**
   * Why the booking is not what its caller was promised: the wish was refused, or another time was
   * booked than the one that was asked for. Null where it is, or where nobody called.
   */
  public @Nullable String refusal() {
    if (wish == null || wish.failureReason() != null) {
      return wish == null ? null : wish.failureReason();
    }
    // The first link of a chain was made for the wish; a later one may lie anywhere.
    return links.values().stream()
            .filter(link -> link.previousUid() == null && link.startsAt() != null)
            .allMatch(link -> wish.startsAt().equals(link.startsAt()))
        ? null
        : "other_time";
  }

  public BookingState withPlace(
      @Nullable Long company,
      @Nullable Long service,
      @Nullable String branch,
      @Nullable String staff,
      @Nullable Long customer,
      String zone) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        company,
        service,
        branch,
        staff,
        customer,
        zone,
        wish,
        links,
        furtherCallIds,
        aliases,
        aliasOf,
        seatUid,
        predecessor);
  }

  /** Takes over the links of a booking that turned out to be this one. */
  public BookingState absorb(BookingState guess) {
    BookingState absorbed = this;
    for (Link link : guess.links.values()) {
      absorbed = absorbed.with(link);
    }
    var names = new TreeSet<>(aliases);
    names.add(guess.bookingId);
    names.addAll(guess.aliases);
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId == null ? guess.customerId : customerId,
        timezone,
        wish,
        absorbed.links,
        furtherCallIds,
        names,
        aliasOf,
        Merge.greater(seatUid, guess.seatUid),
        predecessor == null ? guess.predecessor : predecessor);
  }

  public BookingState aliasOf(UUID canonical) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId,
        timezone,
        wish,
        links,
        furtherCallIds,
        aliases,
        canonical,
        seatUid,
        predecessor);
  }

  public BookingState withFurtherCall(long callId) {
    if (Objects.equals(callId(), callId) || furtherCallIds.contains(callId)) {
      return this;
    }
    var calls = new TreeSet<>(furtherCallIds);
    calls.add(callId);
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId,
        serviceId,
        branchId,
        staffId,
        customerId,
        timezone,
        wish,
        links,
        calls,
        aliases,
        aliasOf,
        seatUid,
        predecessor);
  }

  /**
   * The link that holds now: the one nobody replaced. Should Cal.com ever fork a chain, the
   * greatest numeric id is the youngest.
   */
  public Optional<Link> current() {
    var replaced =
        links.values().stream()
            .map(Link::previousUid)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return links.values().stream()
        .filter(l -> !replaced.contains(l.uid()))
        .max(
            Comparator.comparing(
                    Link::calcomBookingId, Comparator.nullsFirst(Comparator.<Long>naturalOrder()))
                .thenComparing(Link::uid));
  }

  /**
   * What was imported of it last; where nothing else is known of company and customer, that too.
   */
  public BookingState with(PredecessorBooking imported) {
    return new BookingState(
        bookingId,
        appointmentId,
        calcomAccount,
        source,
        companyId == null ? imported.companyId() : companyId,
        serviceId == null ? imported.serviceId() : serviceId,
        branchId == null ? imported.branchId() : branchId,
        staffId == null ? imported.staffId() : staffId,
        customerId == null ? imported.customerId() : customerId,
        timezone,
        wish,
        links,
        furtherCallIds,
        aliases,
        aliasOf,
        seatUid,
        imported);
  }

  /** All uids, oldest first, as far as the chain is known. */
  public List<String> uidChain() {
    Map<String, Link> remaining = new TreeMap<>(links);
    var chain = new java.util.ArrayDeque<String>();
    Optional<Link> at = current();
    while (at.isPresent() && remaining.remove(at.get().uid()) != null) {
      chain.addFirst(at.get().uid());
      at = Optional.ofNullable(at.get().previousUid()).map(links::get);
    }
    return Stream.concat(remaining.keySet().stream(), chain.stream()).toList();
  }

  public BookingStatus status() {
    if (aliasOf != null) {
      return BookingStatus.ALIASED;
    }
    Optional<Link> current = current();
    if (predecessor != null
        && current.map(Link::status).orElse(LinkStatus.UNKNOWN) == LinkStatus.UNKNOWN
        && (wish == null || current.isPresent())) {
      return predecessor.status();
    }
    return current
        .map(
            link ->
                switch (link.status()) {
                  case UNKNOWN, PENDING -> BookingStatus.PENDING;
                  case ACCEPTED -> accepted(link);
                  case REJECTED -> BookingStatus.DECLINED;
                  case CANCELLED -> BookingStatus.CANCELLED;
                })
        .orElseGet(
            () ->
                wish != null && wish.failureReason() != null
                    ? BookingStatus.FAILED
                    : BookingStatus.REQUESTED);
  }

  /** Who was absent counts for more than that the time has passed. */
  private static BookingStatus accepted(Link link) {
    if (link.noShow()) {
      return BookingStatus.NO_SHOW;
    }
    return link.is(LinkMark.ENDED) ? BookingStatus.COMPLETED : BookingStatus.CONFIRMED;
  }
}
