package io.callsync.gateway.predecessor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The predecessor's tables that are imported, in the order in which one needs the other, and the
 * columns that are read of them. No other is: no key of an account, no transcript.
 */
enum OldTable {
  COMPANIES("id", "name", "deleted_at"),
  BRANCHES("id", "company_id", "name", "deleted_at"),
  PHONE_NUMBERS(
      "id", "company_id", "branch_id", "number", "phone_number", "number_normalized", "deleted_at"),
  SERVICES(
      "id",
      "company_id",
      "branch_id",
      "name",
      "display_name",
      "calcom_name",
      "duration_minutes",
      "duration",
      "is_active",
      "calcom_event_type_id",
      "deleted_at"),
  STAFF(
      "id",
      "company_id",
      "branch_id",
      "home_branch_id",
      "name",
      "email",
      "calcom_user_id",
      "is_active",
      "deleted_at"),
  CUSTOMERS(
      "id",
      "company_id",
      "name",
      "first_name",
      "last_name",
      "email",
      "phone",
      "created_at",
      "deleted_at"),
  CALLS(
      "id",
      "retell_call_id",
      "company_id",
      "branch_id",
      "customer_id",
      "appointment_id",
      "converted_appointment_id",
      "from_number",
      "to_number",
      "direction",
      "status",
      "call_status",
      "start_timestamp",
      "end_timestamp",
      "duration_ms",
      "duration_sec",
      "called_at",
      "call_time",
      "created_at",
      "disconnection_reason",
      "summary",
      "agent_id",
      "retell_agent_id",
      "call_successful",
      "booking_confirmed",
      "booking_id",
      "booking_details",
      "appointment_made",
      "session_outcome",
      "customer_link_method",
      "deleted_at"),
  APPOINTMENTS(
      "id",
      "company_id",
      "branch_id",
      "staff_id",
      "customer_id",
      "service_id",
      "call_id",
      "starts_at",
      "ends_at",
      "booking_timezone",
      "calcom_v2_booking_id",
      "calcom_v2_booking_uid",
      "calcom_booking_uid",
      "calcom_booking_id",
      "external_id",
      "calcom_previous_booking_uid",
      "calcom_event_type_id",
      "calcom_host_id",
      "calcom_sync_status",
      "sync_origin",
      "status",
      "previous_starts_at",
      "rescheduled_at",
      "cancelled_at",
      "cancellation_reason",
      "metadata",
      "source",
      "is_composite",
      "composite_group_uid",
      "created_at",
      "updated_at",
      "deleted_at");

  private final Set<String> columns;

  OldTable(String... columns) {
    this.columns = Set.of(columns);
  }

  /** The predecessor's name, also that of the file. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean reads(String column) {
    return columns.contains(column);
  }

  static Optional<OldTable> called(String word) {
    return Arrays.stream(values()).filter(t -> t.word().equals(word)).findFirst();
  }
}
