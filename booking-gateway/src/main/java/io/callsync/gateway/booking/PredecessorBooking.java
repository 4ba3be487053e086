package io.callsync.gateway.booking;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the predecessor's tables say of a booking: the weakest source, of which only that is shown
 * which neither Cal.com nor a call of ours has said.
 *
 * @param reference table and old id
 * @param status requested where it is not known whether it was ever booked
 * @param calcomBookingId Cal.com's numeric id, which may be known without the uid
 * @param callId our id of the call that made it
 * @param attendee phone in E.164; placeholders are null
 * @param reason of a cancellation, free text
 */
public record PredecessorBooking(
    String reference,
    BookingStatus status,
    @Nullable Long calcomBookingId,
    @Nullable Long callId,
    @Nullable String retellCallId,
    @Nullable Long companyId,
    @Nullable Long serviceId,
    @Nullable String branchId,
    @Nullable String staffId,
    @Nullable Long customerId,
    @Nullable Long eventTypeId,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Instant previousStartsAt,
    Attendee attendee,
    @Nullable String reason) {

  /** Whether it was a real booking once, whatever became of it. */
  boolean wasConfirmed() {
    return switch (status) {
      case CONFIRMED, CANCELLED, COMPLETED, NO_SHOW -> true;
      case REQUESTED, PENDING, SCHEDULED, DECLINED, FAILED, ALIASED -> false;
    };
  }

  /** With the call as it is known here. */
  public PredecessorBooking madeBy(long call, String retellCall) {
    return linked(call, retellCall, customerId);
  }

  /** Where the customer's id is somebody else's here. */
  public PredecessorBooking withoutCustomer() {
    return linked(callId, retellCallId, null);
  }

  private PredecessorBooking linked(
      @Nullable Long call, @Nullable String retellCall, @Nullable Long customer) {
    return new PredecessorBooking(
        reference,
        status,
        calcomBookingId,
        call,
        retellCall,
        companyId,
        serviceId,
        branchId,
        staffId,
        customer,
        eventTypeId,
        startsAt,
        endsAt,
        previousStartsAt,
        attendee,
        reason);
  }
}
