package io.callsync.gateway.predecessor;

import io.callsync.gateway.call.CallFacts;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A call, verified.
 *
 * @param appointmentIds which of its columns name one
 * @param names what booking_id and booking_details call a booking of Cal.com
 * @param details JSON object of a question or a guess, null where it holds a booking or nothing
 * @param claimed some column says that something was booked; triggers wrote it, so it proves
 *     nothing
 */
record OldCall(
    long id,
    String retellCallId,
    @Nullable Long companyId,
    @Nullable String branchId,
    @Nullable Long customerId,
    List<Long> appointmentIds,
    CallFacts facts,
    boolean confirmed,
    boolean claimed,
    CalcomNames names,
    BookingDetails booking,
    @Nullable String details) {

  /** Where all the predecessor's salons are. */
  static final ZoneId SALON = ZoneId.of("Europe/Berlin");

  private static final Set<String> ENDED =
      Set.of("completed", "ended", "analyzed", "call_analyzed", "failed");

  private static final Set<String> GUESSED_LINK = Set.of("name_match", "ai_match");

  /** Null where the row is left out, which is told. */
  static @Nullable OldCall of(OldRow row, Consumer<Finding> findings) {
    Long id = OldTables.id(row, findings);
    if (id == null) {
      return null;
    }
    String retellCallId = row.text("retell_call_id");
    if (retellCallId == null || retellCallId.length() > 100) {
      findings.accept(row.finding(Trouble.RETELL_ID_MISSING));
      return null;
    }
    if (retellCallId.startsWith("test_") || retellCallId.startsWith("flow_test_")) {
      findings.accept(row.finding(Trouble.TEST_CALL));
    }
    if (GUESSED_LINK.contains(Objects.requireNonNullElse(row.text("customer_link_method"), ""))) {
      findings.accept(row.finding(Trouble.CUSTOMER_LINK_GUESSED));
    }
    BookingDetails booking = BookingDetails.of(row);
    List<@Nullable String> names = new ArrayList<>();
    if (booking instanceof BookingDetails.Booked(CalcomPicture picture, boolean _)) {
      names.add(picture.names().uid());
      names.add(Objects.toString(picture.names().id(), null));
    }
    names.add(row.text("booking_id"));
    CalcomNames calcom = CalcomNames.of(names, null);
    if (!calcom.agree()) {
      findings.accept(row.finding(Trouble.CALCOM_NAMES_DIFFER));
    }
    boolean keepsDetails =
        booking instanceof BookingDetails.Question || booking instanceof BookingDetails.Guess;
    return new OldCall(
        id,
        retellCallId,
        row.number("company_id"),
        row.text("branch_id"),
        row.number("customer_id"),
        Stream.of(row.number("appointment_id"), row.number("converted_appointment_id"))
            .filter(Objects::nonNull)
            .map(Long::valueOf)
            .distinct()
            .toList(),
        facts(row, findings),
        row.flag("booking_confirmed"),
        row.flag("appointment_made") || "appointment_booked".equals(row.text("session_outcome")),
        calcom,
        booking,
        keepsDetails ? row.json("booking_details").toString().replace("\\u0000", "") : null);
  }

  private static CallFacts facts(OldRow row, Consumer<Finding> findings) {
    Instant start = WallClock.timestamp(row.text("start_timestamp"));
    if (start == null) {
      var called = row.wallClock("called_at", "call_time", "created_at");
      start = WallClock.at(called, SALON);
      if (called != null && start == null) {
        findings.accept(row.finding(Trouble.TIME_UNCLEAR));
      }
    }
    Instant end = WallClock.timestamp(row.text("end_timestamp"));
    Long millis = row.number("duration_ms");
    Long seconds = row.number("duration_sec");
    if (end == null && start != null && (millis != null || seconds != null)) {
      end =
          millis != null
              ? start.plusMillis(millis)
              : start.plusSeconds(Objects.requireNonNull(seconds));
    }
    boolean ended =
        end != null
            || row.text("disconnection_reason") != null
            || Stream.of("status", "call_status")
                .map(row::text)
                .filter(Objects::nonNull)
                .anyMatch(word -> ENDED.contains(word.toLowerCase(Locale.ROOT)));
    if (!ended) {
      findings.accept(row.finding(Trouble.END_UNKNOWN));
    }
    String direction = row.text("direction");
    return new CallFacts(
        direction == null && row.text("to_number") != null ? "inbound" : direction,
        OldContact.phone(row.text("from_number")),
        OldContact.line(row.text("to_number")),
        start,
        end,
        ended ? "ended" : null,
        row.text("disconnection_reason"),
        row.text("retell_agent_id", "agent_id"),
        row.text("summary"),
        row.text("call_successful") == null ? null : row.flag("call_successful"),
        null);
  }

  boolean isTemporary() {
    return retellCallId.startsWith("temp_");
  }

  /** Whether both are one call: equal numbers, and a start within two minutes. */
  boolean resembles(OldCall other) {
    Instant mine = facts.startedAt();
    Instant theirs = other.facts.startedAt();
    return mine != null
        && theirs != null
        && facts.fromNumber() != null
        && facts.fromNumber().equals(other.facts.fromNumber())
        && Objects.equals(facts.toNumber(), other.facts.toNumber())
        && java.time.Duration.between(mine, theirs).abs().toSeconds() <= 120;
  }
}
