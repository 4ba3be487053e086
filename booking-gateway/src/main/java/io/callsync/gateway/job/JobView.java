package io.callsync.gateway.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A job as operators see it; the projector's have the same fields.
 *
 * @param applies whether what differs is put right, and not only shown
 * @param unit what is counted
 * @param secondsLeft null where nobody knows
 * @param differences how many it found, or put right
 * @param trouble what keeps it from going on, or why it failed
 * @param found the first of them
 */
public record JobView(
    String id,
    String kind,
    Map<String, Object> order,
    boolean applies,
    String state,
    boolean cancelRequested,
    String unit,
    long done,
    long total,
    long perSecond,
    @Nullable Long secondsLeft,
    long differences,
    @Nullable String trouble,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    List<JsonNode> found) {

  public static JobView of(Job job) {
    return of(job, List.of());
  }

  static JobView of(Job job, List<JsonNode> found) {
    return new JobView(
        job.name(),
        job.kind(),
        Map.of("author", job.operator(), "reason", job.reason(), "wanted", job.wanted()),
        job.applies(),
        job.state().word(),
        job.cancelRequested(),
        job.unit(),
        job.progress().done(),
        job.progress().total(),
        Math.round(job.progress().perSecond()),
        job.progress().secondsLeft(job.state()),
        job.differences(),
        job.trouble(),
        job.createdAt(),
        job.startedAt(),
        job.endedAt(),
        found);
  }
}
