package io.callsync.gateway.job;

import io.callsync.ops.job.JobProgress;
import io.callsync.ops.job.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Long work that an operator ordered, as stored.
 *
 * @param wanted what it is about, as its kind understands it
 * @param applies whether what differs is put right, and not only shown
 * @param operator whose token it was
 * @param unit what is counted, for instance deliveries
 * @param at the last id that it is through with, 0 at the start
 * @param differences how many it found, or put right
 * @param trouble what keeps it from going on, or why it failed
 */
public record Job(
    long id,
    String kind,
    JsonNode wanted,
    boolean applies,
    String operator,
    String reason,
    JobState state,
    boolean cancelRequested,
    String unit,
    JobProgress progress,
    long at,
    long differences,
    @Nullable String trouble,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt) {

  /** Operators type this; the projector's jobs have plain numbers. */
  public String name() {
    return "g" + id;
  }
}
