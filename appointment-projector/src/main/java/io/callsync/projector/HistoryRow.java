package io.callsync.projector;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of appointment_history: what happened to a booking, when, and by which event. */
record HistoryRow(
    UUID bookingId,
    long revision,
    long appointmentId,
    UUID eventId,
    String eventType,
    Instant occurredAt,
    Instant receivedAt,
    String source,
    String cause,
    String status,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Long calcomBookingId,
    @Nullable String calcomUid) {

  /** Which revision of which booking. */
  record Key(UUID bookingId, long revision) {}

  Key key() {
    return new Key(bookingId, revision);
  }
}
