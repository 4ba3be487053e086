package io.callsync.projector;

import static io.callsync.projector.Column.bigint;
import static io.callsync.projector.Column.bigints;
import static io.callsync.projector.Column.bool;
import static io.callsync.projector.Column.instant;
import static io.callsync.projector.Column.integer;
import static io.callsync.projector.Column.jsonb;
import static io.callsync.projector.Column.text;
import static io.callsync.projector.Column.texts;
import static io.callsync.projector.Column.uuid;

import io.callsync.projector.Change.CallRow;
import io.callsync.projector.Change.CustomerRow;
import io.callsync.projector.Change.DirectoryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The tables of the read model; the migrations create them. */
final class Tables {

  /** A further call about an appointment. */
  record FurtherCall(long appointmentId, long callId, long revision) {}

  static final Table<CallRow> CALLS =
      Table.of(
          "calls",
          1,
          bigint("id", CallRow::id),
          text("retell_call_id", CallRow::retellCallId),
          bigint("company_id", CallRow::companyId),
          bool("company_defaulted", CallRow::companyDefaulted),
          bigint("customer_id", CallRow::customerId),
          text("branch_id", CallRow::branchId),
          text("from_number", CallRow::fromNumber),
          text("to_number", CallRow::toNumber),
          text("direction", CallRow::direction),
          instant("started_at", CallRow::startedAt),
          instant("ended_at", CallRow::endedAt),
          text("status", CallRow::status),
          text("disconnection_reason", CallRow::disconnectionReason),
          text("summary", CallRow::summary),
          text("agent_id", CallRow::agentId),
          bool("call_successful", CallRow::callSuccessful),
          bool("booking_claimed", CallRow::bookingClaimed),
          bool("analyzed", CallRow::analyzed),
          bool("booking_confirmed", CallRow::bookingConfirmed),
          jsonb("booking_details", CallRow::bookingDetails),
          texts("booking_ids", CallRow::bookingIds),
          bool("callback_requested", CallRow::callbackRequested),
          jsonb("metadata", CallRow::metadata),
          bigint("revision", CallRow::revision));

  static final Table<CustomerRow> CUSTOMERS =
      Table.of(
          "customers",
          1,
          bigint("id", CustomerRow::id),
          bigint("company_id", CustomerRow::companyId),
          text("name", CustomerRow::name),
          text("email", CustomerRow::email),
          text("phone", CustomerRow::phone),
          text("identified_by", CustomerRow::identifiedBy),
          bool("erased", CustomerRow::erased),
          bigint("revision", CustomerRow::revision));

  static final Table<AppointmentRow> APPOINTMENTS =
      Table.of(
          "appointments",
          1,
          bigint("id", AppointmentRow::id),
          uuid("booking_id", AppointmentRow::bookingId),
          text("calcom_account", AppointmentRow::calcomAccount),
          bigint("calcom_v2_booking_id", AppointmentRow::calcomBookingId),
          text("seat_uid", AppointmentRow::seatUid),
          text("external_id", AppointmentRow::externalId),
          bigint("call_id", AppointmentRow::callId),
          bigint("customer_id", AppointmentRow::customerId),
          bigint("company_id", AppointmentRow::companyId),
          text("branch_id", AppointmentRow::branchId),
          bigint("service_id", AppointmentRow::serviceId),
          text("staff_id", AppointmentRow::staffId),
          instant("starts_at", AppointmentRow::startsAt),
          instant("ends_at", AppointmentRow::endsAt),
          text("booking_timezone", AppointmentRow::timezone),
          text("status", AppointmentRow::status),
          text("source", AppointmentRow::source),
          text("attendee_name", AppointmentRow::attendeeName),
          text("attendee_phone", AppointmentRow::attendeePhone),
          text("attendee_email", AppointmentRow::attendeeEmail),
          jsonb("metadata", AppointmentRow::metadata),
          bigint("revision", AppointmentRow::revision));

  /** As appointments, with the further calls, which have no table of their own there. */
  static final Table<AppointmentRow> YIELDED = yielded();

  static final Table<FurtherCall> APPOINTMENT_CALLS =
      Table.of(
          "appointment_calls",
          2,
          bigint("appointment_id", FurtherCall::appointmentId),
          bigint("call_id", FurtherCall::callId),
          bigint("revision", FurtherCall::revision));

  static final Table<HistoryRow> HISTORY =
      Table.of(
          "appointment_history",
          2,
          uuid("booking_id", HistoryRow::bookingId),
          bigint("revision", HistoryRow::revision),
          bigint("appointment_id", HistoryRow::appointmentId),
          uuid("event_id", HistoryRow::eventId),
          text("event_type", HistoryRow::eventType),
          instant("occurred_at", HistoryRow::occurredAt),
          instant("received_at", HistoryRow::receivedAt),
          text("source", HistoryRow::source),
          text("cause", HistoryRow::cause),
          text("status", HistoryRow::status),
          instant("starts_at", HistoryRow::startsAt),
          instant("ends_at", HistoryRow::endsAt),
          bigint("calcom_booking_id", HistoryRow::calcomBookingId),
          text("calcom_uid", HistoryRow::calcomUid));

  static final Table<Map.Entry<UUID, UUID>> ALIASES =
      Table.of(
          "booking_alias",
          1,
          uuid("alias_booking_id", Map.Entry::getKey),
          uuid("booking_id", Map.Entry::getValue));

  static final Table<DirectoryRow> DIRECTORY_DELETED =
      Table.of(
          "directory_deleted",
          2,
          text("entity_type", r -> r.table().entityType()),
          text("entity_id", DirectoryRow::id),
          bigint("revision", DirectoryRow::revision));

  static final Table<IndexEntry> PROJECTED_EVENTS =
      Table.of(
          "projected_event",
          3,
          text("topic", IndexEntry::topic),
          integer("partition", IndexEntry::partition),
          bigint("record_offset", IndexEntry::offset),
          text("aggregate", IndexEntry::aggregate),
          bigint("revision", IndexEntry::revision),
          bigint("call_id", IndexEntry::callId),
          bigint("customer_id", IndexEntry::customerId),
          instant("recorded_at", IndexEntry::recordedAt));

  private Tables() {}

  private static Table<AppointmentRow> yielded() {
    var columns = new ArrayList<>(APPOINTMENTS.columns());
    columns.add(bigints("further_call_ids", AppointmentRow::furtherCallIds));
    return new Table<>("appointment_yielded", 1, List.copyOf(columns));
  }
}
