package io.callsync.gateway.retell;

import io.callsync.gateway.booking.FreeTimes;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.ServiceEntry;
import io.callsync.gateway.retell.Conversation.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Fresh times for a caller whose wish was taken meanwhile. */
@Component
class Alternatives {

  private static final int NAMED = 3;
  private static final Duration AROUND = Duration.ofDays(1);

  private final FreeSlots slots;
  private final OfferBook offerBook;

  Alternatives(FreeSlots slots, OfferBook offerBook) {
    this.slots = slots;
    this.offerBook = offerBook;
  }

  /**
   * Adds offers near the wished time to an answer; none where Cal.com does not say.
   *
   * @param wish the one that was refused
   */
  UnaryOperator<FunctionAnswer> to(
      Turn turn,
      CompanyEntry company,
      ServiceEntry service,
      Instant wished,
      @Nullable String movedUid,
      UUID wish) {
    try {
      Instant from = wished.minus(AROUND).isBefore(turn.now()) ? turn.now() : wished.minus(AROUND);
      List<Instant> free =
          slots.between(service, from, wished.plus(AROUND), movedUid, wish).stream()
              .filter(start -> start.isAfter(turn.now()))
              .toList();
      return offerBook.offering(turn, company, service, FreeTimes.near(free, wished, NAMED));
    } catch (CalcomUnavailable away) {
      return UnaryOperator.identity();
    }
  }

  /** Adds the next free times to an answer; none where Cal.com does not say. */
  UnaryOperator<FunctionAnswer> next(Turn turn, CompanyEntry company, ServiceEntry service) {
    try {
      return offerBook.offering(turn, company, service, slots.next(service, turn.now(), NAMED));
    } catch (CalcomUnavailable away) {
      return UnaryOperator.identity();
    }
  }
}
