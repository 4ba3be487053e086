package io.callsync.ops.deadletter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a dead letter beside its content.
 *
 * @param at when it was put aside
 * @param reason why; after a redrive in vain why not then
 * @param source where the record came from, as TOPIC/PARTITION/OFFSET
 * @param state open, redriven or dropped
 * @param redrives how often it was handled once more
 */
record Letter(
    String id,
    String consumer,
    Instant at,
    String source,
    String reason,
    String state,
    int redrives,
    @Nullable Instant closedAt,
    @Nullable String closedBy,
    @Nullable String closedBecause) {

  static final String OPEN = "open";

  boolean isOpen() {
    return state.equals(OPEN);
  }
}
