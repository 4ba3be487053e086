package io.callsync.validator.chain;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the events say about a booking: its highest revision seen.
 *
 * @param startsAt Cal.com's time; null where it was read by an older version of this service
 * @param calcomBookingId as startsAt, with {@code calcomUid}
 * @param late came to be at Cal.com after its caller had been told no
 */
public record ExpectedBooking(
    UUID bookingId,
    long revision,
    long appointmentId,
    @Nullable Long callId,
    @Nullable Long customerId,
    @Nullable Long companyId,
    String status,
    String source,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Instant requestedAt,
    boolean inDoubt,
    boolean late,
    @Nullable Long calcomBookingId,
    @Nullable String calcomUid) {

  private static final Set<String> WITHOUT_ROW = Set.of("requested", "failed", "aliased");

  /** True where people must see an appointment of it. */
  public boolean hasRow() {
    return !WITHOUT_ROW.contains(status);
  }

  /** True while we asked Cal.com and do not know the outcome. */
  public boolean wish() {
    return status.equals("requested");
  }

  /** True where it turned out to be another booking. */
  public boolean aliased() {
    return status.equals("aliased");
  }
}
