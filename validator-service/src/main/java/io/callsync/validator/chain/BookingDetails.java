package io.callsync.validator.chain;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Cal.com booking that a call's booking_details hold.
 *
 * @param namedCall Retell's id of the call that the booking itself names, null where it names none
 */
public record BookingDetails(
    @Nullable Long calcomId, @Nullable String calcomUid, @Nullable String namedCall) {

  /** Imported values are JSON texts that contain JSON, up to twice. */
  private static final int ENCODINGS = 2;

  /**
   * Reads booking_details; null where they hold no Cal.com booking, as those of a mere availability
   * check or of a guess from the transcript.
   */
  public static @Nullable BookingDetails read(@Nullable String json) {
    if (json == null) {
      return null;
    }
    JsonNode booking = decode(json).path("calcom_booking");
    JsonNode id = booking.path("id");
    String uid = text(booking.path("uid"));
    Long calcomId = id.isIntegralNumber() ? Long.valueOf(id.asLong()) : null;
    if (calcomId == null && uid == null) {
      return null;
    }
    return new BookingDetails(calcomId, uid, text(booking.path("metadata").path("call_id")));
  }

  /** True where the booking names no call, or this one. */
  public boolean belongsTo(String retellCallId) {
    return namedCall == null || namedCall.equals(retellCallId);
  }

  private static JsonNode decode(String json) {
    try {
      JsonNode node = JsonMapper.shared().readTree(json);
      for (int i = 0; i < ENCODINGS && node.isString(); i++) {
        node = JsonMapper.shared().readTree(node.asString());
      }
      return node;
    } catch (JacksonException notJson) {
      // Free text holds no booking.
      return JsonMapper.shared().createObjectNode();
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() && !node.asString().isEmpty() ? node.asString() : null;
  }
}
