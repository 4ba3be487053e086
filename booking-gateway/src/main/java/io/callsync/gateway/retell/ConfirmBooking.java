package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.WishStore;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.retell.Conversation.Turn;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The second step of the predecessor's booking in two. Here the first one has booked, so this one
 * tells how the call's last wish stands, and books nothing.
 */
@Component
record ConfirmBooking(
    Conversation conversation,
    WishStore wishes,
    BookAppointment book,
    Chains chains,
    Directory directory)
    implements AgentFunction {

  @Override
  public String name() {
    return "confirm_booking";
  }

  @Override
  public FunctionAnswer answer(VerifiedRequest request, FunctionCall call) {
    Turn turn = conversation.turn(request, call);
    return turn.company()
        .map(
            company ->
                wishes
                    .openOf(turn.call().retellCallId())
                    .map(wish -> book.await(wish, call))
                    .or(() -> last(turn).map(booking -> told(booking, company)))
                    .orElseGet(() -> FunctionAnswer.askBack("date_required", company, List.of()))
                    .today(turn.now(), company))
        .orElseGet(Turn::companyUnknown);
  }

  private Optional<BookingState> last(Turn turn) {
    return turn.call().bookings().entrySet().stream()
        .max(Comparator.comparingLong(booking -> booking.getValue().appointmentId()))
        .map(Map.Entry::getKey)
        .map(bookingId -> chains.read(UUID.fromString(bookingId)));
  }

  private FunctionAnswer told(BookingState booking, CompanyEntry company) {
    return FunctionAnswer.about(
        booking, company, directory.serviceOf(booking.calcomAccount(), booking.eventTypeId()));
  }
}
