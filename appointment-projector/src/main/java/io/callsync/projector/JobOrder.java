package io.callsync.projector;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants done, as it comes by HTTP.
 *
 * @param kind replay or rebuild
 * @param from a replay's first moment, with {@code to} as the end, excluded, by default now
 * @param booking a booking's uuid or its appointment's id
 * @param call our id of a call or Retell's
 * @param partition for instance booking-events-0, with {@code firstOffset} and {@code lastOffset},
 *     both included
 * @param dryRun whether what differs is only shown
 * @param author who wants it
 * @param reason why
 */
record JobOrder(
    @Nullable String kind,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String booking,
    @Nullable String call,
    @Nullable String partition,
    @Nullable Long firstOffset,
    @Nullable Long lastOffset,
    @Nullable Boolean dryRun,
    @Nullable String author,
    @Nullable String reason) {

  static final String REPLAY = "replay";
  static final String REBUILD = "rebuild";

  /** Whether what differs is put right. */
  boolean applies() {
    return !Boolean.TRUE.equals(dryRun);
  }
}
