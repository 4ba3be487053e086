package io.callsync.gateway.predecessor;

import io.callsync.gateway.booking.Attendee;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A booking as Cal.com answered it when it was made, kept in a JSON column: its names and times are
 * Cal.com's, its status was true then.
 *
 * @param retellCallId the call that the booking itself names
 */
record CalcomPicture(
    CalcomNames names,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Long eventTypeId,
    @Nullable Long hostId,
    @Nullable String retellCallId,
    Attendee attendee) {

  /** Null where the node is no booking. */
  static @Nullable CalcomPicture of(JsonNode booking) {
    CalcomNames names = CalcomNames.of(CalcomNames.in(booking), null);
    if (names.isEmpty()) {
      return null;
    }
    JsonNode person = booking.path("attendees").path(0);
    JsonNode fields = booking.path("bookingFieldsResponses");
    return new CalcomPicture(
        names,
        time(booking, "start", "startTime"),
        time(booking, "end", "endTime"),
        CalcomNames.number(
            text(booking, "eventTypeId") == null
                ? text(booking.path("eventType"), "id")
                : text(booking, "eventTypeId")),
        CalcomNames.number(text(booking.path("hosts").path(0), "id")),
        text(booking.path("metadata"), "call_id"),
        new Attendee(
            OldContact.name(either(text(person, "name"), text(fields, "name"))),
            OldContact.phone(either(text(person, "phoneNumber"), text(fields, "phone"))),
            OldContact.email(either(text(person, "email"), text(fields, "email")))));
  }

  private static @Nullable Instant time(JsonNode booking, String name, String older) {
    return WallClock.timestamp(either(text(booking, name), text(booking, older)));
  }

  private static @Nullable String either(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }

  static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    String text = value.isString() || value.isNumber() ? value.asString() : null;
    return text == null || text.isBlank() ? null : text.replace("\u0000", "").strip();
  }
}
