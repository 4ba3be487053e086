package io.callsync.validator.ops;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chain in the table of all.
 *
 * @param bookingId of a booking without a call; null for a call
 */
record ChainLine(
    @Nullable Long callId,
    @Nullable String bookingId,
    @Nullable String retellCallId,
    @Nullable Instant startedAt,
    @Nullable Long companyId,
    @Nullable String company,
    @Nullable Long customerId,
    List<Long> appointmentIds,
    String status,
    List<String> violations) {}
