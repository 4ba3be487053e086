package io.callsync.gateway.booking;

import io.callsync.gateway.booking.ChangeStore.Change;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.call.CallBooking;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.delivery.Chain;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Folds what Cal.com says into the booking it is about, and carries the consequences to the call
 * and the wish. The same way for webhooks, answers and look-ups.
 */
@Component
public class BookingFolding {

  private static final Logger log = LoggerFactory.getLogger(BookingFolding.class);

  private static final String DEFAULT_ZONE = "Europe/Berlin";

  private final BookingIdentity identity;
  private final BookingPlace places;
  private final WishStore wishes;
  private final ChangeStore changes;
  private final Clock clock;

  BookingFolding(
      BookingIdentity identity,
      BookingPlace places,
      WishStore wishes,
      ChangeStore changes,
      Clock clock) {
    this.identity = identity;
    this.places = places;
    this.wishes = wishes;
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * @param mayBeNew whether an unknown uid, or an unknown seat of it, is a booking made without us
   * @return the bookings it is about: one, or those of several seats; empty where it cannot be said
   *     yet which ones
   */
  public List<BookingState> fold(Chain chain, CalcomFact fact, String source, boolean mayBeNew) {
    if (!fact.seated()) {
      Optional<BookingState> asked = ofRequest(chain, fact);
      if (asked.isPresent()) {
        return List.of(fold(chain, asked.get(), fact));
      }
    }
    List<BookingState> now = ofUid(chain, fact, fact.link().uid());
    List<BookingState> before = ofUid(chain, fact, fact.link().previousUid());
    if (isAboutSeats(fact, now, before) && !(mayBeNew && isAboutTheOnlyOne(fact, now))) {
      return foldSeats(chain, fact, now, before, source, mayBeNew);
    }
    List<BookingState> known = now.isEmpty() ? before : now;
    if (known.isEmpty()) {
      known = ofNumber(chain, fact);
    }
    if (known.isEmpty() && mayBeNew) {
      known = List.of(newBooking(chain, fact, source));
    }
    return known.stream().map(booking -> fold(chain, booking, fact)).toList();
  }

  private static boolean isAboutSeats(
      CalcomFact fact, List<BookingState> now, List<BookingState> before) {
    return fact.seated()
        || (!fact.seats().isEmpty()
            && Stream.of(now, before).flatMap(List::stream).anyMatch(BookingState::isSeat));
  }

  /** What was booked before its event type got seats has none, whatever is said of it now. */
  private static boolean isAboutTheOnlyOne(CalcomFact fact, List<BookingState> now) {
    return now.size() == 1
        && !now.getFirst().isSeat()
        && fact.seats().stream().allMatch(seat -> seat.seatUid() == null);
  }

  /**
   * All seats or none, so that a message waits until each one that it names is known. Of the seats
   * of a uid one may be without its reference; for a second one Cal.com is asked.
   */
  private List<BookingState> foldSeats(
      Chain chain,
      CalcomFact fact,
      List<BookingState> now,
      List<BookingState> before,
      String source,
      boolean mayBeNew) {
    Map<CalcomFact, Optional<BookingState>> holders = new LinkedHashMap<>();
    boolean oneWithout = false;
    for (CalcomFact one : fact.each()) {
      Seat seat = one.seats().getFirst();
      Optional<BookingState> holder =
          ofRequest(chain, one).or(() -> seat.among(now)).or(() -> seat.among(before));
      if (holder.isEmpty()) {
        if (!mayBeNew || (seat.seatUid() == null && (oneWithout || hasOneWithout(fact)))) {
          return List.of();
        }
        oneWithout |= seat.seatUid() == null;
      }
      holders.put(one, holder);
    }
    return holders.entrySet().stream()
        .map(
            e ->
                fold(
                    chain,
                    e.getValue()
                        .map(holder -> chain.booking(holder.bookingId()))
                        .orElseGet(() -> newBooking(chain, e.getKey(), source)),
                    e.getKey()))
        .toList();
  }

  /** As above, where it is known whose fact it is. */
  public BookingState fold(Chain chain, BookingState booking, CalcomFact fact) {
    CalcomFact own =
        !fact.seated()
            ? fact
            : fact.each().stream()
                .filter(one -> booking.mayBeMeantBy(one.link(), one.seat()))
                .findFirst()
                .orElse(fact);
    BookingState folded =
        settle(chain, claim(chain, seated(chain, booking, own).with(own.link()).settled()));
    takeBackLate(folded);
    return folded;
  }

  /** A seat that joins a uid learns what was said of the uid as a whole before. */
  private BookingState seated(Chain chain, BookingState booking, CalcomFact fact) {
    Seat seat = fact.seat();
    if (seat == null) {
      return booking;
    }
    BookingState holder = booking.withSeat(seat.seatUid());
    if (!booking.links().containsKey(fact.link().uid())) {
      for (BookingState neighbour : ofUid(chain, fact, fact.link().uid())) {
        Link known = neighbour.links().get(fact.link().uid());
        if (known != null) {
          holder = holder.with(known.ofAllSeats());
        }
      }
    }
    return holder;
  }

  /** The caller was told no and has gone elsewhere: what surfaces now must not stay booked. */
  private void takeBackLate(BookingState booking) {
    Wish wish = booking.wish();
    Instant now = clock.instant();
    booking
        .current()
        .filter(link -> booking.refusal() != null)
        .filter(link -> booking.status().stands())
        // Cancelled without its seat it would take everybody's with it.
        .filter(link -> !booking.isSeat())
        .ifPresent(
            link -> {
              Change cancel =
                  new Change(
                      UUID.randomUUID(),
                      booking.bookingId(),
                      Objects.requireNonNull(wish).callId(),
                      wish.retellCallId(),
                      link.uid(),
                      null,
                      now);
              if (changes.open(cancel, now)) {
                log.warn(
                    "booking {} surfaced after its wish was refused; it is cancelled",
                    booking.bookingId());
              }
            });
  }

  private Optional<BookingState> ofRequest(Chain chain, CalcomFact fact) {
    return Optional.ofNullable(fact.requestId())
        .flatMap(id -> identity.ofRequest(fact.calcomAccount(), id))
        .map(chain::booking)
        .filter(booking -> booking.mayBeMeantBy(fact.link(), fact.seat()));
  }

  private List<BookingState> ofUid(Chain chain, CalcomFact fact, @Nullable String uid) {
    if (uid == null) {
      return List.of();
    }
    List<BookingState> locked = locked(chain, fact.calcomAccount(), uid);
    // Whoever takes a further seat holds the others' locks: while these were waited for, it came.
    return locked.stream().anyMatch(BookingState::isSeat)
        ? locked(chain, fact.calcomAccount(), uid)
        : locked;
  }

  private List<BookingState> locked(Chain chain, String account, String uid) {
    return identity.ofUid(account, uid).stream().map(chain::booking).distinct().toList();
  }

  /** An imported booking may be known by Cal.com's number alone until Cal.com names its uid. */
  private List<BookingState> ofNumber(Chain chain, CalcomFact fact) {
    Long number = fact.link().calcomBookingId();
    return number == null ? List.of() : ofUid(chain, fact, BookingIdentity.uidOfNumber(number));
  }

  private boolean hasOneWithout(CalcomFact fact) {
    return identity.hasOneWithoutSeat(fact.calcomAccount(), fact.link().uid());
  }

  private BookingState newBooking(Chain chain, CalcomFact fact, String source) {
    String account = fact.calcomAccount();
    Seat seat = fact.seat();
    UUID candidate = UUID.randomUUID();
    UUID owner =
        identity.claim(account, fact.link().uid(), seat == null ? null : seat.seatUid(), candidate);
    return owner.equals(candidate)
        ? chain.newBooking(candidate, account, source, DEFAULT_ZONE, fresh -> fresh)
        : chain.booking(owner);
  }

  /** Every uid of the chain leads here; whoever held one of them was a wrong guess. */
  private BookingState claim(Chain chain, BookingState booking) {
    BookingState mine = booking;
    for (String uid : List.copyOf(booking.links().keySet())) {
      if (booking.seatUid() != null) {
        identity.tellSeat(booking.calcomAccount(), uid, booking.seatUid(), booking.bookingId());
      }
      UUID owner =
          identity.claim(booking.calcomAccount(), uid, booking.seatUid(), mine.bookingId());
      if (!owner.equals(mine.bookingId())) {
        BookingState other = chain.booking(owner);
        if (!other.bookingId().equals(mine.bookingId())) {
          mine = identified(chain, mine, other);
        }
      }
    }
    identity.wake(chain, mine.calcomAccount(), mine.links().keySet(), clock.instant());
    return mine;
  }

  /** Two bookings are one: the wished one holds, else the older. */
  private BookingState identified(Chain chain, BookingState one, BookingState other) {
    boolean oneHolds =
        one.wish() != null || (other.wish() == null && one.appointmentId() < other.appointmentId());
    BookingState canonical = oneHolds ? one : other;
    BookingState guess = oneHolds ? other : one;
    chain.put(guess.aliasOf(canonical.bookingId()));
    identity.move(guess.bookingId(), canonical.bookingId());
    return canonical.absorb(guess);
  }

  /** Takes in what was imported of a booking; all its names at Cal.com lead to it from now on. */
  public BookingState foldImported(
      Chain chain, BookingState booking, List<Link> names, PredecessorBooking imported) {
    BookingState folded = booking;
    for (Link name : names) {
      folded = folded.with(name);
    }
    Long number = imported.calcomBookingId();
    if (number != null && names.isEmpty()) {
      identity.claim(
          booking.calcomAccount(), BookingIdentity.uidOfNumber(number), null, booking.bookingId());
    }
    return settle(chain, claim(chain, folded.with(imported)));
  }

  /** Company, customer, call and wish follow the booking. */
  public BookingState settle(Chain chain, BookingState folded) {
    BookingState booking = places.place(chain, folded);
    chain.put(booking);
    String retellCallId = booking.retellCallId();
    if (retellCallId != null) {
      CallState call = chain.call(retellCallId);
      if (booking.companyId() != null) {
        call = call.withCustomer(booking.companyId(), booking.customerId());
      }
      chain.put(
          isMereWish(booking)
              ? call
              : call.withBooking(booking.bookingId().toString(), callBooking(booking)));
    }
    wishes.follow(chain, booking.bookingId(), booking.status());
    return booking;
  }

  /** A wish of ours has its own row; of an imported one the call alone leads to it. */
  private static boolean isMereWish(BookingState booking) {
    return booking.wish() != null
        && (booking.status() == BookingStatus.REQUESTED
            || booking.status() == BookingStatus.FAILED);
  }

  private static CallBooking callBooking(BookingState booking) {
    BookingStatus status = booking.status();
    boolean confirmed =
        booking.links().values().stream()
                .anyMatch(
                    l -> l.status() == LinkStatus.ACCEPTED || l.status() == LinkStatus.CANCELLED)
            || (booking.predecessor() != null && booking.predecessor().wasConfirmed());
    return new CallBooking(
        booking.appointmentId(),
        confirmed,
        booking.calcomBookingId(),
        booking.current().map(Link::uid).orElse(null),
        // Cal.com has no other word for a visit that is over.
        switch (status) {
          case CONFIRMED, COMPLETED, NO_SHOW -> "accepted";
          default -> status.word();
        },
        booking.startsAt(),
        booking.endsAt(),
        booking.eventTypeId());
  }
}
