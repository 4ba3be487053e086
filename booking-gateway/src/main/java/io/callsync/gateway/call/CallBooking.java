package io.callsync.gateway.call;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a call knows of a booking it made.
 *
 * @param confirmed whether Cal.com ever confirmed it
 * @param status Cal.com's word, lower case
 */
public record CallBooking(
    long appointmentId,
    boolean confirmed,
    @Nullable Long calcomBookingId,
    @Nullable String calcomUid,
    @Nullable String status,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Long eventTypeId) {}
