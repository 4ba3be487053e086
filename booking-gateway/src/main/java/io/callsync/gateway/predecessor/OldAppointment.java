package io.callsync.gateway.predecessor;

import io.callsync.gateway.booking.BookingStatus;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An appointment, verified; its times are wall clock until the whole of the evidence is looked at.
 *
 * @param picture Cal.com's answer in its metadata
 * @param retellCallId of the call that its metadata name
 * @param moved whether it was ever rescheduled
 * @param byPhone whether a call made it, as its source says; null where nothing tells
 */
record OldAppointment(
    long id,
    @Nullable Long companyId,
    @Nullable String branchId,
    @Nullable String staffId,
    @Nullable Long customerId,
    @Nullable Long serviceId,
    @Nullable Long callId,
    @Nullable String retellCallId,
    @Nullable LocalDateTime startsAt,
    @Nullable LocalDateTime endsAt,
    @Nullable LocalDateTime previousStartsAt,
    ZoneId salon,
    CalcomNames names,
    @Nullable CalcomPicture picture,
    @Nullable Long eventTypeId,
    @Nullable Long hostId,
    BookingStatus status,
    boolean moved,
    @Nullable Boolean byPhone,
    @Nullable String attendeeName,
    @Nullable String reason,
    @Nullable Instant changedAt) {

  private static final Set<String> PHONE =
      Set.of("retell_webhook", "retell_phone", "retell_ai", "retell", "voice", "phone");

  private static final Set<String> NO_PHONE =
      Set.of(
          "cal.com",
          "calcom",
          "calcom_sync",
          "calcom_webhook",
          "cal.com_webhook",
          "walk-in",
          "online",
          "api",
          "admin",
          "backfill_script",
          "backfill",
          "crm_sync",
          "crm_composite_sync",
          "crm_composite_sync_parallel",
          "artisan");

  /** Null where the row is left out, which is told. */
  static @Nullable OldAppointment of(OldRow row, Consumer<Finding> findings) {
    Long id = OldTables.id(row, findings);
    if (id == null) {
      return null;
    }
    JsonNode metadata = row.json("metadata");
    CalcomPicture picture = CalcomPicture.of(metadata.path("calcom_booking"));
    CalcomNames names =
        CalcomNames.of(
            java.util.Arrays.asList(
                row.text("calcom_v2_booking_id"),
                row.text("calcom_v2_booking_uid"),
                row.text("calcom_booking_uid"),
                row.text("calcom_booking_id"),
                row.text("external_id"),
                CalcomPicture.text(metadata, "calcom_booking_id")),
            row.text("calcom_previous_booking_uid"));
    if (!names.agree()) {
      findings.accept(row.finding(Trouble.CALCOM_NAMES_DIFFER));
    }
    if (row.flag("is_composite") || row.text("composite_group_uid") != null) {
      findings.accept(row.finding(Trouble.COMPOSITE));
    }
    boolean moved =
        "rescheduled".equalsIgnoreCase(row.text("status"))
            || row.text("rescheduled_at") != null
            || row.text("previous_starts_at") != null;
    String call = CalcomPicture.text(metadata, "call_id");
    String original = CalcomPicture.text(metadata, "original_call_id");
    return new OldAppointment(
        id,
        row.number("company_id"),
        row.text("branch_id"),
        row.text("staff_id"),
        row.number("customer_id"),
        row.number("service_id"),
        row.number("call_id"),
        call == null ? original : call,
        row.wallClock("starts_at"),
        row.wallClock("ends_at"),
        row.wallClock("previous_starts_at"),
        Objects.requireNonNullElse(WallClock.zone(row.text("booking_timezone")), OldCall.SALON),
        names,
        picture,
        row.number("calcom_event_type_id"),
        row.number("calcom_host_id"),
        status(row),
        moved,
        byPhone(
            java.util.Arrays.asList(
                row.text("source"),
                CalcomPicture.text(metadata, "created_via"),
                CalcomPicture.text(metadata, "booked_via"),
                CalcomPicture.text(metadata, "sync_method"),
                row.text("sync_origin"))),
        OldContact.name(CalcomPicture.text(metadata, "customer_name")),
        row.text("cancellation_reason"),
        WallClock.timestamp(
            row.text("cancelled_at", "rescheduled_at", "updated_at", "created_at")));
  }

  /** The predecessor's word for it; a word that nobody knows is a mere plan. */
  private static BookingStatus status(OldRow row) {
    String word = Objects.requireNonNullElse(row.text("status"), "").toLowerCase(Locale.ROOT);
    return switch (word) {
      case "cancelled", "canceled", "rejected" -> BookingStatus.CANCELLED;
      case "completed" -> BookingStatus.COMPLETED;
      case "no_show", "no-show" -> BookingStatus.NO_SHOW;
      case "pending" -> BookingStatus.PENDING;
      // Moved and standing: the predecessor called a live one rescheduled.
      case "confirmed", "accepted", "booked", "in_progress", "rescheduled" ->
          BookingStatus.CONFIRMED;
      default -> BookingStatus.SCHEDULED;
    };
  }

  private static @Nullable Boolean byPhone(List<@Nullable String> signs) {
    for (String sign : signs) {
      String word = sign == null ? "" : sign.toLowerCase(Locale.ROOT);
      if (PHONE.contains(word) || word.startsWith("retell_")) {
        return true;
      }
      if (NO_PHONE.contains(word)) {
        return false;
      }
    }
    return null;
  }

  /** By source: the phone path wrote the salon's clock, all else UTC. Null where nothing tells. */
  @Nullable ZoneId zoneBySource() {
    return byPhone == null ? null : byPhone ? salon : ZoneOffset.UTC;
  }
}
