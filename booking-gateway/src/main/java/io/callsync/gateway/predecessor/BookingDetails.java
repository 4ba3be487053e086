package io.callsync.gateway.predecessor;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The shapes of calls.booking_details, told apart by their keys. Pure. */
sealed interface BookingDetails {

  /** Nothing, or nothing that is known. */
  record None() implements BookingDetails {}

  /** Shape A: an availability question was asked. */
  record Question() implements BookingDetails {}

  /**
   * Shapes B and C: booked at Cal.com.
   *
   * @param failedLocally C: the predecessor could not write its own row
   */
  record Booked(CalcomPicture picture, boolean failedLocally) implements BookingDetails {}

  /**
   * Shapes D1 and D2: guessed from the transcript after the call.
   *
   * @param startsAt wall clock; of an alternative where that was taken
   * @param booked D1: and booked at Cal.com, under the call's booking_id
   */
  record Guess(@Nullable LocalDateTime startsAt, boolean booked) implements BookingDetails {}

  static BookingDetails of(OldRow call) {
    ObjectNode details = call.json("booking_details");
    CalcomPicture picture = CalcomPicture.of(details.path("calcom_booking"));
    if (picture != null) {
      return new Booked(picture, details.path("appointment_creation_failed").asBoolean(false));
    }
    if (details.has("starts_at") || details.has("extracted_data") || details.has("patient_name")) {
      return new Guess(
          start(details), call.flag("booking_confirmed") && call.text("booking_id") != null);
    }
    return details.has("checked_at")
            || details.has("exact_time_available")
            || details.has("alternatives_found")
        ? new Question()
        : new None();
  }

  private static @Nullable LocalDateTime start(JsonNode details) {
    String text = CalcomPicture.text(details, "starts_at");
    try {
      return text == null ? null : WallClock.parse(text);
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}
