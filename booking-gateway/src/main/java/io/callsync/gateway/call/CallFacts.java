package io.callsync.gateway.call;

import static io.callsync.gateway.intake.Fields.bool;
import static io.callsync.gateway.intake.Fields.number;
import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.booking.Merge;
import io.callsync.gateway.customer.CallerNumber;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one kind of delivery said of a call (field meanings: Retell's call object). Everything but
 * the id may be missing.
 *
 * @param fromNumber E.164, null for a hidden number
 * @param toNumber the company's line, E.164
 * @param callSuccessful Retell's opinion
 * @param bookingClaimed whether the analysis says that a booking was made
 */
public record CallFacts(
    @Nullable String direction,
    @Nullable String fromNumber,
    @Nullable String toNumber,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String callStatus,
    @Nullable String disconnectionReason,
    @Nullable String agentId,
    @Nullable String summary,
    @Nullable Boolean callSuccessful,
    @Nullable Boolean bookingClaimed) {

  /** The year 9999: what lies beyond is no time but a broken number. */
  private static final long LATEST_MS = 253_402_300_799_000L;

  /** Reads Retell's call object; unknown fields are passed over, wrong types count as absent. */
  public static CallFacts of(JsonNode call) {
    JsonNode analysis = call.path("call_analysis");
    return new CallFacts(
        text(call, "direction"),
        CallerNumber.parse(text(call, "from_number")),
        CallerNumber.parse(text(call, "to_number")),
        instant(call, "start_timestamp"),
        instant(call, "end_timestamp"),
        text(call, "call_status"),
        text(call, "disconnection_reason"),
        text(call, "agent_id"),
        text(analysis, "call_summary"),
        bool(analysis, "call_successful"),
        claim(analysis.path("custom_analysis_data")));
  }

  /** Commutative, associative and idempotent. */
  CallFacts merge(CallFacts other) {
    return new CallFacts(
        Merge.greater(direction, other.direction),
        Merge.greater(fromNumber, other.fromNumber),
        Merge.greater(toNumber, other.toNumber),
        Merge.greater(startedAt, other.startedAt),
        Merge.greater(endedAt, other.endedAt),
        Merge.greater(callStatus, other.callStatus),
        Merge.greater(disconnectionReason, other.disconnectionReason),
        Merge.greater(agentId, other.agentId),
        Merge.greater(summary, other.summary),
        Merge.greater(callSuccessful, other.callSuccessful),
        Merge.greater(bookingClaimed, other.bookingClaimed));
  }

  /**
   * The agent's own fields that say "booked": post-call fields are free, these names are in use.
   */
  private static @Nullable Boolean claim(JsonNode custom) {
    for (String flag :
        new String[] {"appointment_booked", "booking_confirmed", "appointment_made"}) {
      Boolean value = bool(custom, flag);
      if (value != null) {
        return value;
      }
    }
    String outcome = text(custom, "session_outcome");
    return outcome == null ? null : outcome.equals("appointment_booked");
  }

  private static @Nullable Instant instant(JsonNode node, String field) {
    Long millis = number(node, field);
    return millis == null || Math.abs(millis) > LATEST_MS ? null : Instant.ofEpochMilli(millis);
  }
}
