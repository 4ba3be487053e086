package io.callsync.validator.chain;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call as the read model shows it.
 *
 * @param claimed the agent or an analysis said that something was booked
 * @param details what the call keeps about a Cal.com booking, null where it keeps none
 */
public record CallRow(
    long id,
    String retellCallId,
    @Nullable Long companyId,
    boolean companyDefaulted,
    @Nullable Long customerId,
    @Nullable Instant startedAt,
    boolean analyzed,
    boolean claimed,
    boolean bookingConfirmed,
    @Nullable BookingDetails details,
    Set<UUID> bookingIds,
    boolean callbackRequested,
    long revision) {}
