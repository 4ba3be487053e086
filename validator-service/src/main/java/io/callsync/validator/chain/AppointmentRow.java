package io.callsync.validator.chain;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An appointment as the read model shows it.
 *
 * @param furtherCalls calls about it beside the one that made it
 */
public record AppointmentRow(
    long id,
    UUID bookingId,
    String calcomAccount,
    @Nullable Long calcomBookingId,
    String seatUid,
    @Nullable String calcomUid,
    @Nullable Long callId,
    Set<Long> furtherCalls,
    @Nullable Long customerId,
    @Nullable Long companyId,
    @Nullable Long serviceId,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    String timezone,
    String status,
    String source,
    @Nullable String attendeeName,
    long revision) {

  /** The statuses of an appointment to which somebody is expected to come. */
  public static final Set<String> STANDING = Set.of("confirmed", "scheduled", "pending");

  /** True while somebody is expected to come. */
  public boolean standing() {
    return STANDING.contains(status);
  }

  /** True where both stand for one person's visit: same attendee, service and start. */
  public boolean sameVisit(AppointmentRow other) {
    return standing()
        && other.standing()
        && startsAt != null
        && startsAt.equals(other.startsAt)
        && serviceId != null
        && serviceId.equals(other.serviceId)
        && customerId != null
        && customerId.equals(other.customerId)
        && Objects.equals(folded(attendeeName), folded(other.attendeeName));
  }

  /** True where both claim the same booking at Cal.com. */
  public boolean sameCalcomBooking(AppointmentRow other) {
    return calcomUid != null
        && calcomUid.equals(other.calcomUid)
        && calcomAccount.equals(other.calcomAccount)
        && seatUid.equals(other.seatUid);
  }

  private static @Nullable String folded(@Nullable String name) {
    return name == null ? null : name.strip().toLowerCase(Locale.ROOT);
  }
}
