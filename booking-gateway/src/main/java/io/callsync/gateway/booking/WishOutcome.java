package io.callsync.gateway.booking;

import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.calcom.CalcomOutcome;
import io.callsync.gateway.calcom.CalcomOutcome.Answered;
import io.callsync.gateway.calcom.CalcomOutcome.InDoubt;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Records how Cal.com took a wish: the second commit of a booking. */
@Component
public class WishOutcome {

  private static final Logger log = LoggerFactory.getLogger(WishOutcome.class);

  private final Chains chains;
  private final BookingFolding bookings;
  private final WishStore wishes;
  private final Clock clock;

  WishOutcome(Chains chains, BookingFolding bookings, WishStore wishes, Clock clock) {
    this.chains = chains;
    this.bookings = bookings;
    this.wishes = wishes;
    this.clock = clock;
  }

  public void record(UUID bookingId, CalcomOutcome outcome) {
    record(bookingId, outcome, (chain, booking) -> booking);
  }

  /**
   * The outcome, and what is said about it, in one commit.
   *
   * @param answer is given the booking after the outcome; a webhook may have brought it before
   */
  public <T> T record(
      UUID bookingId, CalcomOutcome outcome, BiFunction<Chain, BookingState, T> answer) {
    return chains.decide(
        chain -> {
          BookingState booking = chain.booking(bookingId);
          BookingState after = apply(chain, booking, outcome);
          chain.save(cause(booking, Cause.RETELL_PHONE));
          return answer.apply(chain, after);
        });
  }

  /** What a look-up at Cal.com found of an open wish. */
  public BookingState found(UUID bookingId, CalcomFact fact) {
    return chains.decide(
        chain -> {
          BookingState booking = chain.booking(bookingId);
          BookingState after = bookings.fold(chain, booking, fact);
          chain.save(cause(booking, Cause.CALCOM_RECONCILIATION));
          return after;
        });
  }

  /** Nothing was found for longer than Cal.com may take. */
  public void giveUp(UUID bookingId) {
    chains.decide(
        chain -> {
          BookingState booking = chain.booking(bookingId);
          refuse(chain, booking, "not_booked");
          return chain.save(cause(booking, Cause.CALCOM_RECONCILIATION));
        });
  }

  /** The booking of a wish as it stands, without a lock. */
  public BookingState read(UUID requestId) {
    return chains.read(wishes.bookingOf(requestId).orElseThrow());
  }

  private BookingState apply(Chain chain, BookingState booking, CalcomOutcome outcome) {
    return switch (outcome) {
      case Answered answered when isOurs(booking, answered.fact()) ->
          bookings.fold(chain, booking, answered.fact());
      case Answered foreign -> doubt(chain, booking, "the answer is about another booking");
      case Refused refused ->
          refuse(chain, booking, refused.refusal().name().toLowerCase(Locale.ROOT));
      case InDoubt doubt -> doubt(chain, booking, doubt.cause());
    };
  }

  /**
   * Cal.com may answer with somebody's older booking: ours carries our request id, start and event
   * type.
   */
  private static boolean isOurs(BookingState booking, CalcomFact fact) {
    Wish wish = booking.wish();
    Long eventType = fact.link().eventTypeId();
    return wish != null
        && fact.carries(wish.requestId())
        && wish.startsAt().equals(fact.link().startsAt())
        && (eventType == null || eventType == wish.eventTypeId());
  }

  private BookingState refuse(Chain chain, BookingState booking, String reason) {
    Wish wish = booking.wish();
    return wish == null || !booking.links().isEmpty()
        ? booking
        : bookings.settle(chain, booking.with(wish.refused(reason)));
  }

  private BookingState doubt(Chain chain, BookingState booking, String why) {
    Wish wish = booking.wish();
    if (wish == null || !booking.links().isEmpty()) {
      return booking;
    }
    log.warn("booking {} is in doubt: {}", booking.bookingId(), why);
    BookingState doubted = booking.with(wish.doubted(true));
    chain.put(doubted);
    return doubted;
  }

  private Cause cause(BookingState booking, String source) {
    Instant now = clock.instant();
    Wish wish = booking.wish();
    String reference = wish == null ? "booking:" + booking.bookingId() : "wish:" + wish.requestId();
    return new Cause(source, reference, now, now);
  }
}
