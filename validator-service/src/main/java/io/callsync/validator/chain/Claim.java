package io.callsync.validator.chain;

import java.util.Objects;

/** A call whose details hold a booking of Cal.com. */
public record Claim(long callId, String retellCallId, BookingDetails details) {

  /** Numbers are unique within an account only, uids everywhere. */
  public boolean sameBooking(BookingDetails other) {
    return details.calcomId() != null
        && details.calcomId().equals(other.calcomId())
        && (details.calcomUid() == null
            || other.calcomUid() == null
            || Objects.equals(details.calcomUid(), other.calcomUid()));
  }

  /** True where the booking itself names this call. */
  public boolean vouchedFor() {
    return retellCallId.equals(details.namedCall());
  }
}
