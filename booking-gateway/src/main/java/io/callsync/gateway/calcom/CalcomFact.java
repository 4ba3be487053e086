package io.callsync.gateway.calcom;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.LinkMark;
import io.callsync.gateway.booking.LinkStatus;
import io.callsync.gateway.booking.Seat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one message of Cal.com, webhook or API answer, says about one uid.
 *
 * @param requestId our request id from the metadata, null where the message carries none
 * @param first whether the message may be the first one about a booking: created or requested
 * @param seats the people whom it names; empty where it is about the uid as a whole
 */
public record CalcomFact(
    String calcomAccount, Link link, @Nullable UUID requestId, boolean first, List<Seat> seats) {

  /** Whether the message itself says that these people share the booking, each with a seat. */
  public boolean seated() {
    return link.is(LinkMark.SEATED) && !seats.isEmpty();
  }

  /** Whether our request id is in its metadata, or in that of a seat. */
  public boolean carries(UUID ourRequest) {
    return ourRequest.equals(requestId)
        || seats.stream().anyMatch(seat -> ourRequest.equals(seat.requestId()));
  }

  /** The same, said of each seat that it names. */
  public List<CalcomFact> each() {
    return seats.stream().map(this::of).toList();
  }

  /** The one seat that it is about, null where it is about none or several. */
  public @Nullable Seat seat() {
    return seated() && seats.size() == 1 ? seats.getFirst() : null;
  }

  /**
   * Cal.com tells the cancellation of a series by one of its occurrences, and does not name the
   * series then: that it is one may be known of the booking alone.
   */
  public boolean mayHideMore(List<BookingState> folded) {
    return link.status() == LinkStatus.CANCELLED
        && folded.stream()
            .map(booking -> booking.links().get(link.uid()))
            .anyMatch(known -> known != null && known.is(LinkMark.RECURRING));
  }

  private CalcomFact of(Seat seat) {
    return new CalcomFact(
        calcomAccount,
        link.of(seat),
        seat.requestId() == null ? requestId : seat.requestId(),
        first,
        List.of(seat));
  }
}
