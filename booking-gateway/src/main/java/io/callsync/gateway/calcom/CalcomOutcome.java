package io.callsync.gateway.calcom;

import tools.jackson.databind.JsonNode;

/** How a request to Cal.com ended. In doubt means: it may or may not have happened. */
public sealed interface CalcomOutcome {

  /**
   * Cal.com answered with a booking.
   *
   * @param data the answer's data as received
   */
  record Answered(CalcomFact fact, JsonNode data) implements CalcomOutcome {}

  /** Cal.com said no, and nothing was booked. */
  record Refused(Refusal refusal, int status) implements CalcomOutcome {}

  /** Time-out, cut connection, server error, or an answer that is not about our question. */
  record InDoubt(String cause) implements CalcomOutcome {}

  /** Why Cal.com said no. */
  enum Refusal {
    SLOT_TAKEN,
    OUT_OF_WINDOW,
    EVENT_TYPE_INVALID,
    NOT_AUTHORISED,
    RATE_LIMITED,
    /** Cancelled before, moved before, or over. */
    ALREADY_DONE,
    /** Nothing was sent, since Cal.com fails at the moment. */
    UNAVAILABLE,
    INVALID
  }
}
