package io.callsync.projector;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.DirectoryEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.Personal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What one event says about the read model: the aggregate's whole row at one revision. */
sealed interface Change {

  /** The aggregate's revision that this shows. */
  long revision();

  /** A booking at one revision, the entry it makes in the history and the guesses it replaces. */
  record BookingChange(AppointmentRow row, HistoryRow history, Map<UUID, UUID> aliases)
      implements Change {
    @Override
    public long revision() {
      return row.revision();
    }
  }

  /** A row of calls. */
  record CallRow(
      long id,
      String retellCallId,
      @Nullable Long companyId,
      boolean companyDefaulted,
      @Nullable Long customerId,
      @Nullable String branchId,
      @Nullable String fromNumber,
      @Nullable String toNumber,
      @Nullable String direction,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      String status,
      @Nullable String disconnectionReason,
      @Nullable String summary,
      @Nullable String agentId,
      @Nullable Boolean callSuccessful,
      @Nullable Boolean bookingClaimed,
      boolean analyzed,
      boolean bookingConfirmed,
      @Nullable String bookingDetails,
      List<String> bookingIds,
      boolean callbackRequested,
      String metadata,
      long revision)
      implements Change {}

  /** A row of customers. */
  record CustomerRow(
      long id,
      long companyId,
      @Nullable String name,
      @Nullable String email,
      @Nullable String phone,
      String identifiedBy,
      boolean erased,
      long revision)
      implements Change {}

  /** An entry of the directory; {@code entry} is the Avro record that says which kind it is. */
  record DirectoryRow(
      DirectoryTable table, String id, SpecificRecord entry, boolean deleted, long revision)
      implements Change {}

  /**
   * Reads an event.
   *
   * @throws RuntimeException where it breaks what its schema cannot say, a booking id that is no
   *     UUID for instance
   */
  static Change of(SpecificRecord event) {
    return switch (event) {
      case BookingEvent e -> booking(e.getMeta(), e.getBooking());
      case CallEvent e -> call(e.getMeta(), e.getCall());
      case CustomerEvent e -> customer(e.getMeta(), e.getCustomer());
      case DirectoryEvent e -> directory(e);
      default ->
          throw new IllegalArgumentException(
              event.getSchema().getFullName() + " is no event of the read model");
    };
  }

  private static BookingChange booking(Meta meta, Booking b) {
    UUID bookingId = UUID.fromString(b.getBookingId());
    var metadata = new TreeMap<String, Object>(b.getMetadata());
    metadata.put("uid_chain", b.getUidChain());
    metadata.put("in_doubt", b.getInDoubt());
    putIfKnown(metadata, "request_id", b.getRequestId());
    putIfKnown(metadata, "requested_at", b.getRequestedAt());
    putIfKnown(metadata, "wished_start", b.getWishedStart());
    putIfKnown(metadata, "previous_starts_at", b.getPreviousStartsAt());
    putIfKnown(metadata, "recurring_uid", b.getRecurringUid());
    JsonNode attendee = Personal.open(b.getAttendee());
    var row =
        new AppointmentRow(
            b.getAppointmentId(),
            bookingId,
            b.getCalcomAccount(),
            b.getCalcomBookingId(),
            b.getSeatUid(),
            b.getCalcomUid(),
            b.getCallId(),
            b.getCustomerId(),
            b.getCompanyId(),
            b.getBranchId(),
            b.getServiceId(),
            b.getStaffId(),
            b.getStartsAt(),
            b.getEndsAt(),
            b.getTimezone(),
            b.getStatus(),
            b.getSource(),
            text(attendee, "name"),
            text(attendee, "phone"),
            text(attendee, "email"),
            json(metadata),
            meta.getRevision(),
            b.getFurtherCallIds().stream().sorted().distinct().toList());
    var history =
        new HistoryRow(
            bookingId,
            meta.getRevision(),
            b.getAppointmentId(),
            UUID.fromString(meta.getEventId()),
            meta.getType(),
            meta.getOccurredAt(),
            meta.getReceivedAt(),
            meta.getSource(),
            meta.getCause(),
            b.getStatus(),
            b.getStartsAt(),
            b.getEndsAt(),
            b.getCalcomBookingId(),
            b.getCalcomUid());
    var aliases = new TreeMap<UUID, UUID>();
    for (String alias : b.getAliases()) {
      aliases.put(UUID.fromString(alias), bookingId);
    }
    String aliasOf = b.getAliasOf();
    if (aliasOf != null) {
      aliases.put(bookingId, UUID.fromString(aliasOf));
    }
    return new BookingChange(row, history, Map.copyOf(aliases));
  }

  private static CallRow call(Meta meta, Call c) {
    JsonNode personal = Personal.open(c.getPersonal());
    JsonNode details = personal.path("booking_details");
    return new CallRow(
        c.getCallId(),
        c.getRetellCallId(),
        c.getCompanyId(),
        c.getCompanyDefaulted(),
        c.getCustomerId(),
        c.getBranchId(),
        text(personal, "from_number"),
        c.getToNumber(),
        c.getDirection(),
        c.getStartedAt(),
        c.getEndedAt(),
        c.getStatus(),
        c.getDisconnectionReason(),
        text(personal, "summary"),
        c.getAgentId(),
        c.getCallSuccessful(),
        c.getBookingClaimed(),
        c.getAnalyzed(),
        c.getBookingConfirmed(),
        details.isMissingNode() || details.isNull() ? null : details.toString(),
        List.copyOf(c.getBookingIds()),
        c.getCallbackRequested(),
        json(new TreeMap<>(c.getMetadata())),
        meta.getRevision());
  }

  private static CustomerRow customer(Meta meta, Customer c) {
    JsonNode personal = Personal.open(c.getPersonal());
    return new CustomerRow(
        c.getCustomerId(),
        c.getCompanyId(),
        text(personal, "name"),
        text(personal, "email"),
        text(personal, "phone"),
        c.getIdentifiedBy(),
        c.getErased(),
        meta.getRevision());
  }

  private static DirectoryRow directory(DirectoryEvent e) {
    var entry = (SpecificRecord) e.getEntry();
    DirectoryTable table = DirectoryTable.of(entry);
    return new DirectoryRow(
        table, table.idOf(entry), entry, e.getDeleted(), e.getMeta().getRevision());
  }

  private static void putIfKnown(
      Map<String, Object> metadata, String name, @Nullable Object value) {
    if (value != null) {
      metadata.put(name, value.toString());
    }
  }

  private static @Nullable String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asString();
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }
}
