package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Booking.Attendee;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the body of POST /v2/bookings and says everything that is wrong with it. */
final class OrderParser {

  private static final int METADATA_KEYS = 50;
  private static final int METADATA_KEY_LENGTH = 40;
  private static final int METADATA_VALUE_LENGTH = 500;

  private final JsonNode body;
  private final List<String> faults = new ArrayList<>();

  OrderParser(JsonNode body) {
    this.body = body;
  }

  Bookings.Order order() {
    String start = text(body, "start");
    if (start == null) {
      faults.add("start must be a valid ISO 8601 date string");
    }
    if (!body.path("eventTypeId").isInt()) {
      faults.add("Either eventTypeId or eventTypeSlug and username must be given");
    }
    Attendee attendee = attendee(body.path("attendee"));
    Map<String, String> metadata = metadata(body.path("metadata"));
    Instant at = start == null ? Instant.EPOCH : Times.parse("start", start);
    if (!faults.isEmpty()) {
      throw ApiError.invalid(faults);
    }
    List<String> guests = new ArrayList<>();
    body.path("guests").forEach(g -> guests.add(g.asString()));
    return new Bookings.Order(
        body.path("eventTypeId").asInt(), at, attendee, guests, metadata, responses());
  }

  private Map<String, Object> responses() {
    Map<String, Object> responses = new LinkedHashMap<>();
    body.path("bookingFieldsResponses")
        .properties()
        .forEach(
            e ->
                responses.put(
                    e.getKey(), JsonMapper.shared().treeToValue(e.getValue(), Object.class)));
    return responses;
  }

  private Attendee attendee(JsonNode node) {
    String name = text(node, "name");
    String email = text(node, "email");
    String phone = text(node, "phoneNumber");
    String zone = text(node, "timeZone");
    if (name == null) {
      faults.add("attendee.name should not be empty");
    }
    if (zone == null || !isZone(zone)) {
      faults.add("attendee.timeZone must be a valid IANA time-zone");
    }
    if (email == null && phone == null) {
      faults.add("attendee must have at least one of email or phoneNumber");
    }
    if (email != null && !email.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+")) {
      faults.add("attendee.email must be an email");
    }
    if (phone != null && !phone.matches("\\+[1-9][0-9]{6,14}")) {
      faults.add("attendee.phoneNumber must be a valid phone number in E.164 format");
    }
    String language = text(node, "language");
    return new Attendee(
        name == null ? "" : name,
        email == null ? (phone == null ? "" : phone.substring(1)) + "@sms.cal.com" : email,
        phone,
        zone == null ? "UTC" : zone,
        language == null ? "en" : language.toLowerCase(Locale.ROOT));
  }

  /** Strings, and what looks like strings: numbers and truth values pass the validation too. */
  private Map<String, String> metadata(JsonNode node) {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (node.size() > METADATA_KEYS) {
      faults.add("metadata must have at most %d keys".formatted(METADATA_KEYS));
    }
    node.properties()
        .forEach(
            e -> {
              if (!e.getValue().isValueNode()) {
                faults.add("metadata." + e.getKey() + " must be a string, number or boolean");
                return;
              }
              String value = e.getValue().asString();
              if (e.getKey().length() > METADATA_KEY_LENGTH) {
                faults.add(
                    "metadata keys must be at most %d characters".formatted(METADATA_KEY_LENGTH));
              }
              if (value.length() > METADATA_VALUE_LENGTH) {
                faults.add(
                    "metadata values must be at most %d characters"
                        .formatted(METADATA_VALUE_LENGTH));
              }
              if (!e.getKey().equals("videoCallUrl")) {
                metadata.put(e.getKey(), value);
              }
            });
    return metadata;
  }

  static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() && !value.asString().isBlank() ? value.asString() : null;
  }

  private static boolean isZone(String zone) {
    try {
      ZoneId.of(zone);
      return zone.contains("/") || zone.equals("UTC");
    } catch (DateTimeException e) {
      return false;
    }
  }
}
