package io.callsync.gateway.booking;

import io.callsync.gateway.booking.ChangeStore.Change;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.call.CallBooking;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.delivery.Chain;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
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
   * @param mayBeNew whether an unknown uid is a booking made without us
   * @return the booking, empty where it cannot be said yet which one it is
   */
  public Optional<BookingState> fold(
      Chain chain, CalcomFact fact, String source, boolean mayBeNew) {
    return find(chain, fact, source, mayBeNew).map(booking -> fold(chain, booking, fact));
  }

  /** As above, where it is known whose fact it is. */
  public BookingState fold(Chain chain, BookingState booking, CalcomFact fact) {
    BookingState folded = settle(chain, claim(chain, booking.with(fact.link()).settled()));
    takeBackLate(folded);
    return folded;
  }

  /** The caller was told no and has gone elsewhere: what surfaces now must not stay booked. */
  private void takeBackLate(BookingState booking) {
    Wish wish = booking.wish();
    Instant now = clock.instant();
    booking
        .current()
        .filter(link -> wish != null && wish.failureReason() != null)
        .filter(link -> booking.status().stands())
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

  private Optional<BookingState> find(
      Chain chain, CalcomFact fact, String source, boolean mayBeNew) {
    String account = fact.calcomAccount();
    String previous = fact.link().previousUid();
    Optional<UUID> known =
        Optional.ofNullable(fact.requestId())
            .flatMap(identity::ofRequest)
            .or(() -> identity.ofUid(account, fact.link().uid()))
            .or(() -> Optional.ofNullable(previous).flatMap(uid -> identity.ofUid(account, uid)));
    if (known.isPresent()) {
      return known.map(chain::booking);
    }
    if (!mayBeNew) {
      return Optional.empty();
    }
    UUID candidate = UUID.randomUUID();
    UUID owner = identity.claim(account, fact.link().uid(), candidate);
    return Optional.of(
        owner.equals(candidate)
            ? chain.newBooking(candidate, account, source, DEFAULT_ZONE, fresh -> fresh)
            : chain.booking(owner));
  }

  /** Every uid of the chain leads here; whoever held one of them was a wrong guess. */
  private BookingState claim(Chain chain, BookingState booking) {
    BookingState mine = booking;
    for (String uid : List.copyOf(booking.links().keySet())) {
      UUID owner = identity.claim(booking.calcomAccount(), uid, mine.bookingId());
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

  /** Company, customer, call and wish follow the booking. */
  public BookingState settle(Chain chain, BookingState folded) {
    BookingState booking = places.place(chain, folded);
    chain.put(booking);
    Wish wish = booking.wish();
    if (wish != null) {
      CallState call = chain.call(wish.retellCallId());
      if (booking.companyId() != null) {
        call = call.withCustomer(booking.companyId(), booking.customerId());
      }
      chain.put(
          booking.status() == BookingStatus.REQUESTED || booking.status() == BookingStatus.FAILED
              ? call
              : call.withBooking(booking.bookingId().toString(), callBooking(booking)));
    }
    wishes.follow(chain, booking.bookingId(), booking.status());
    return booking;
  }

  private static CallBooking callBooking(BookingState booking) {
    Link link = booking.current().orElseThrow();
    boolean confirmed =
        booking.links().values().stream()
            .anyMatch(l -> l.status() == LinkStatus.ACCEPTED || l.status() == LinkStatus.CANCELLED);
    return new CallBooking(
        booking.appointmentId(),
        confirmed,
        link.calcomBookingId(),
        link.uid(),
        booking.status() == BookingStatus.CONFIRMED ? "accepted" : booking.status().word(),
        link.startsAt(),
        link.endsAt(),
        link.eventTypeId());
  }
}
