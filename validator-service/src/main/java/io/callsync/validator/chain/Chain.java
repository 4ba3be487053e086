package io.callsync.validator.chain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known about one chain at one moment: the rows as people see them, and what the events
 * say. It may hold rows of other chains, where they bear on this one; {@link #owned()} are its own.
 *
 * @param appointments rows that belong to, or mention, or resemble what belongs to this chain
 * @param bookings what the events say about those and about this chain's further bookings
 * @param customers rows of the customers that call and appointments name
 * @param companies ids of the company rows that exist, of those that the call names
 * @param claims other calls that hold the booking of Cal.com that this call holds
 * @param requestLimit how long a wish may be without outcome
 */
public record Chain(
    ChainKey key,
    Instant now,
    Duration requestLimit,
    @Nullable CallRow call,
    @Nullable ExpectedCall expectedCall,
    List<AppointmentRow> appointments,
    List<ExpectedBooking> bookings,
    Map<Long, CustomerRow> customers,
    Set<Long> companies,
    List<Claim> claims) {

  /** Our id of the call, null for a booking without one. */
  public @Nullable Long callId() {
    return key instanceof ChainKey.OfCall(long id) ? id : null;
  }

  /** The chain an appointment belongs to: what the events say, else what its row says. */
  public ChainKey ownerOf(AppointmentRow appointment) {
    Long expected = expected(appointment).map(ExpectedBooking::callId).orElse(null);
    if (expected != null) {
      return new ChainKey.OfCall(expected);
    }
    return appointment.callId() != null
        ? new ChainKey.OfCall(appointment.callId())
        : new ChainKey.OfBooking(appointment.bookingId());
  }

  /** The appointments that belong to this chain and to no other. */
  public List<AppointmentRow> owned() {
    return appointments.stream().filter(a -> ownerOf(a).equals(key)).toList();
  }

  /** The appointments this call made or spoke about. */
  public List<AppointmentRow> reached() {
    return appointments.stream().filter(this::reaches).toList();
  }

  /** The bookings the events give to this chain. */
  public List<ExpectedBooking> ownBookings() {
    return bookings.stream().filter(b -> ownerOf(b).equals(key)).toList();
  }

  /** Own bookings of which people must see an appointment and see none. */
  public List<ExpectedBooking> unseen() {
    return ownBookings().stream().filter(b -> b.hasRow() && row(b.bookingId()).isEmpty()).toList();
  }

  /** Own wishes without outcome. */
  public List<ExpectedBooking> wishes() {
    return ownBookings().stream().filter(b -> b.wish() && row(b.bookingId()).isEmpty()).toList();
  }

  public Optional<ExpectedBooking> expected(AppointmentRow appointment) {
    return bookings.stream().filter(b -> b.bookingId().equals(appointment.bookingId())).findFirst();
  }

  public Optional<AppointmentRow> row(UUID bookingId) {
    return appointments.stream().filter(a -> a.bookingId().equals(bookingId)).findFirst();
  }

  /** True where this call made a booking, whether or not it is seen. */
  public boolean hasBooking() {
    return (call != null && (call.bookingConfirmed() || call.details() != null))
        || !owned().isEmpty()
        || ownBookings().stream().anyMatch(ExpectedBooking::hasRow);
  }

  /** True for a call that made a booking or wished for one. */
  public boolean bookingCall() {
    return callId() != null
        && (hasBooking()
            || !reached().isEmpty()
            || ownBookings().stream().anyMatch(b -> !b.aliased()));
  }

  /** The company the chain is about, by its rows, else by the log; null where unknown. */
  public @Nullable Long companyId() {
    if (call != null && call.companyId() != null) {
      return call.companyId();
    }
    if (expectedCall != null && expectedCall.companyId() != null) {
      return expectedCall.companyId();
    }
    return Stream.concat(
            owned().stream().map(AppointmentRow::companyId),
            ownBookings().stream().map(ExpectedBooking::companyId))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private ChainKey ownerOf(ExpectedBooking booking) {
    return booking.callId() != null
        ? new ChainKey.OfCall(booking.callId())
        : row(booking.bookingId())
            .map(this::ownerOf)
            .orElse(new ChainKey.OfBooking(booking.bookingId()));
  }

  private boolean reaches(AppointmentRow appointment) {
    return ownerOf(appointment).equals(key)
        || (callId() != null && appointment.furtherCalls().contains(callId()))
        || (call != null && isInDetails(call.details(), appointment));
  }

  private static boolean isInDetails(@Nullable BookingDetails details, AppointmentRow appointment) {
    return details != null
        && details.calcomId() != null
        && details.calcomId().equals(appointment.calcomBookingId());
  }
}
