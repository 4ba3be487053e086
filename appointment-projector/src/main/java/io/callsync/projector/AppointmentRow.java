package io.callsync.projector;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A booking as a row of appointments; {@code furtherCallIds} are its rows of appointment_calls. */
record AppointmentRow(
    long id,
    UUID bookingId,
    String calcomAccount,
    @Nullable Long calcomBookingId,
    String seatUid,
    @Nullable String externalId,
    @Nullable Long callId,
    @Nullable Long customerId,
    @Nullable Long companyId,
    @Nullable String branchId,
    @Nullable Long serviceId,
    @Nullable String staffId,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    String timezone,
    String status,
    String source,
    @Nullable String attendeeName,
    @Nullable String attendeePhone,
    @Nullable String attendeeEmail,
    String metadata,
    long revision,
    List<Long> furtherCallIds) {

  private static final Set<String> WITHOUT_ROW = Set.of("requested", "failed", "aliased");

  /** One booking at Cal.com, or one seat of it: held by one appointment at most. */
  record Identity(String calcomAccount, long calcomBookingId, String seatUid) {}

  /** Whether a booking in this status is an appointment; a mere or failed wish is none. */
  boolean visible() {
    return !WITHOUT_ROW.contains(status);
  }

  /** What it holds at Cal.com; null as long as Cal.com's id is unknown. */
  @Nullable Identity identity() {
    return calcomBookingId == null ? null : new Identity(calcomAccount, calcomBookingId, seatUid);
  }
}
