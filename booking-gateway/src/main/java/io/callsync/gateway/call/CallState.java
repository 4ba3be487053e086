package io.callsync.gateway.call;

import io.callsync.events.Call;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Personal;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * All facts about one call, by the delivery they came with. The row is derived: per field the
 * latest kind of delivery that knows it, null never overwriting; booking facts come from bookings
 * only.
 *
 * @param connection whose key signed what we know of it
 * @param companyByNumber from the directory by the called number
 * @param companyByBooking from the service that was booked; stronger
 * @param companyDefault the operator's default, used where nothing else is known
 * @param bookings by booking id
 * @param callbackNote whom to call back and why, null where nobody asked for it
 * @param predecessor what was imported of it; yields to all else
 */
public record CallState(
    long callId,
    String retellCallId,
    String connection,
    Map<CallSource, CallFacts> facts,
    @Nullable Long companyByNumber,
    @Nullable Long companyByBooking,
    @Nullable Long companyDefault,
    @Nullable String branchId,
    @Nullable Long customerId,
    NavigableMap<String, CallBooking> bookings,
    boolean callbackRequested,
    @Nullable String callbackNote,
    @Nullable PredecessorCall predecessor) {

  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String ONGOING = "ongoing";

  /** Imported without any sign of an end: long over, but nobody saw when. */
  private static final String END_UNKNOWN = "end_unknown";

  private static final Set<String> NOT_OVER = Set.of(ONGOING, END_UNKNOWN);

  public CallState {
    // Calls of the time before there were several.
    connection = Objects.requireNonNullElse(connection, Connection.DEFAULT);
  }

  public static CallState of(long callId, String retellCallId, String connection) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        Map.of(),
        null,
        null,
        null,
        null,
        null,
        new TreeMap<>(),
        false,
        null,
        null);
  }

  public CallState with(CallSource source, CallFacts fact) {
    var merged = new EnumMap<CallSource, CallFacts>(CallSource.class);
    merged.putAll(facts);
    merged.merge(source, fact, CallFacts::merge);
    return new CallState(
        callId,
        retellCallId,
        connection,
        merged,
        companyByNumber,
        companyByBooking,
        companyDefault,
        branchId,
        customerId,
        bookings,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  public CallState withCompanyByNumber(@Nullable Long company, @Nullable String branch) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        company,
        companyByBooking,
        companyDefault,
        branch,
        customerId,
        bookings,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  public CallState withCompanyDefault(@Nullable Long company) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        companyByBooking,
        company,
        branchId,
        customerId,
        bookings,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  public CallState withCustomer(long company, @Nullable Long customer) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        company,
        companyDefault,
        branchId,
        customer == null ? customerId : customer,
        bookings,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  public CallState withBooking(String bookingId, CallBooking booking) {
    var merged = new TreeMap<>(bookings);
    merged.put(bookingId, booking);
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        companyByBooking,
        companyDefault,
        branchId,
        customerId,
        merged,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  /** Somebody shall call back; asked twice, it is one request with the later note. */
  public CallState withCallback(String note) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        companyByBooking,
        companyDefault,
        branchId,
        customerId,
        bookings,
        true,
        note,
        predecessor);
  }

  /** The customer of a call that wants to be called back; the company stays as it is. */
  public CallState withCallbackCustomer(long customer) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        companyByBooking,
        companyDefault,
        branchId,
        customer,
        bookings,
        callbackRequested,
        callbackNote,
        predecessor);
  }

  /** What was imported of it last. */
  public CallState with(PredecessorCall imported) {
    return new CallState(
        callId,
        retellCallId,
        connection,
        facts,
        companyByNumber,
        companyByBooking,
        companyDefault,
        branchId,
        customerId,
        bookings,
        callbackRequested,
        callbackNote,
        imported);
  }

  public @Nullable Long companyId() {
    Long known = knownCompanyId();
    return known == null ? companyDefault : known;
  }

  /** Its company where it is not merely assumed. */
  private @Nullable Long knownCompanyId() {
    if (companyByBooking != null) {
      return companyByBooking;
    }
    return companyByNumber == null && predecessor != null
        ? predecessor.companyId()
        : companyByNumber;
  }

  private @Nullable Long shownCustomerId() {
    return customerId == null && predecessor != null ? predecessor.customerId() : customerId;
  }

  private @Nullable String shownBranchId() {
    return branchId == null && predecessor != null ? predecessor.branchId() : branchId;
  }

  public @Nullable String toNumber() {
    return latest(CallFacts::toNumber);
  }

  public @Nullable String fromNumber() {
    return latest(CallFacts::fromNumber);
  }

  private <T> @Nullable T latest(Function<CallFacts, @Nullable T> field) {
    T found = null;
    for (CallSource source : CallSource.values()) {
      CallFacts fact = facts.get(source);
      T value = fact == null ? null : field.apply(fact);
      if (value != null) {
        found = value;
      }
    }
    return found;
  }

  /** Only what was observed: a call that nobody saw end is ongoing, unless it is an old one. */
  private String status() {
    String said =
        latest(
            f ->
                "error".equals(f.callStatus()) || "not_connected".equals(f.callStatus())
                    ? f.callStatus()
                    : null);
    if (said != null) {
      return said;
    }
    CallFacts imported = facts.get(CallSource.PREDECESSOR);
    boolean ended =
        facts.containsKey(CallSource.ENDED)
            || facts.containsKey(CallSource.ANALYZED)
            || latest(CallFacts::endedAt) != null
            || (imported != null && "ended".equals(imported.callStatus()));
    if (ended) {
      return "ended";
    }
    return imported != null && facts.size() == 1 ? END_UNKNOWN : ONGOING;
  }

  public Call snapshot(Pseudonyms pseudonyms) {
    Map<String, Object> personal = new HashMap<>();
    String from = fromNumber();
    if (from != null) {
      personal.put("from_number", from);
    }
    String summary = latest(CallFacts::summary);
    if (summary != null) {
      personal.put("summary", summary);
    }
    if (callbackNote != null && !callbackNote.isEmpty()) {
      personal.put("callback_note", callbackNote);
    }
    confirmedBooking()
        .<Object>map(CallState::details)
        .or(
            () ->
                Optional.ofNullable(predecessor)
                    .map(PredecessorCall::bookingDetails)
                    .map(JSON::readTree))
        .ifPresent(details -> personal.put("booking_details", details));
    return Call.newBuilder()
        .setCallId(callId)
        .setRetellCallId(retellCallId)
        .setCompanyId(companyId())
        .setCompanyDefaulted(companyId() != null && knownCompanyId() == null)
        .setCustomerId(shownCustomerId())
        .setBranchId(shownBranchId())
        .setDirection(latest(CallFacts::direction))
        .setToNumber(toNumber())
        .setStartedAt(latest(CallFacts::startedAt))
        .setEndedAt(latest(CallFacts::endedAt))
        .setStatus(status())
        .setDisconnectionReason(latest(CallFacts::disconnectionReason))
        .setAgentId(latest(CallFacts::agentId))
        .setCallSuccessful(latest(CallFacts::callSuccessful))
        .setBookingClaimed(latest(CallFacts::bookingClaimed))
        .setAnalyzed(facts.containsKey(CallSource.ANALYZED))
        .setBookingConfirmed(confirmedBooking().isPresent())
        .setBookingIds(bookings.keySet().stream().toList())
        .setCallbackRequested(callbackRequested)
        .setPersonal(Personal.seal(personal))
        .setFromHash(pseudonyms.of(from))
        .setMetadata(Map.of())
        .build();
  }

  private Optional<CallBooking> confirmedBooking() {
    return bookings.values().stream()
        .filter(CallBooking::confirmed)
        .min(Comparator.comparingLong(CallBooking::appointmentId));
  }

  private static Map<String, Object> details(CallBooking booking) {
    Map<String, Object> calcom = new LinkedHashMap<>();
    putPresent(calcom, "id", booking.calcomBookingId());
    putPresent(calcom, "uid", booking.calcomUid());
    putPresent(calcom, "status", booking.status());
    putPresent(calcom, "start", Objects.toString(booking.startsAt(), null));
    putPresent(calcom, "end", Objects.toString(booking.endsAt(), null));
    putPresent(calcom, "eventTypeId", booking.eventTypeId());
    return Map.of("appointment_id", booking.appointmentId(), "calcom_booking", calcom);
  }

  private static void putPresent(Map<String, Object> target, String name, @Nullable Object value) {
    if (value != null) {
      target.put(name, value);
    }
  }

  /** The event's type, empty where nothing that people can see has changed. Pure. */
  public static Optional<String> eventType(@Nullable Call before, Call after) {
    if (after.equals(before)) {
      return Optional.empty();
    }
    if (after.getCallbackRequested() && (before == null || !before.getCallbackRequested())) {
      return Optional.of(EventTypes.CALLBACK_REQUESTED);
    }
    if (before == null) {
      return Optional.of(
          after.getAnalyzed()
              ? EventTypes.CALL_ANALYZED
              : NOT_OVER.contains(after.getStatus())
                  ? EventTypes.CALL_STARTED
                  : EventTypes.CALL_ENDED);
    }
    if (after.getAnalyzed() && !before.getAnalyzed()) {
      return Optional.of(EventTypes.CALL_ANALYZED);
    }
    if (!NOT_OVER.contains(after.getStatus()) && NOT_OVER.contains(before.getStatus())) {
      return Optional.of(EventTypes.CALL_ENDED);
    }
    boolean linked =
        !Objects.equals(after.getCustomerId(), before.getCustomerId())
            || !after.getBookingIds().equals(before.getBookingIds())
            || after.getBookingConfirmed() != before.getBookingConfirmed()
            || (after.getBookingConfirmed() && !after.getPersonal().equals(before.getPersonal()));
    if (linked) {
      return Optional.of(EventTypes.CALL_LINKED);
    }
    return Optional.of(EventTypes.CALL_CORRECTED);
  }
}
