package io.callsync.validator.rule;

import static io.callsync.validator.rule.With.with;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.BookingDetails;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.CustomerRow;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Chains as the live way makes them. */
final class Samples {

  static final Instant NOW = Instant.parse("2025-10-23T10:05:00Z");
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final long CALL = 559;
  static final long CUSTOMER = 17;
  static final long OTHER_CUSTOMER = 18;
  static final long FOREIGN_CUSTOMER = 19;
  static final long COMPANY = 1;
  static final long OTHER_COMPANY = 2;
  static final String RETELL_CALL = "call_0a1b2c3d4e5f60718293a4b5c6d";

  private Samples() {}

  static UUID bookingId(long appointmentId) {
    return new UUID(0, appointmentId);
  }

  /** A phone call that booked appointment 7. */
  static Chain booked() {
    return withBooking(plainCall(), 7, "confirmed");
  }

  /** A phone call in which nothing was booked. */
  static Chain plainCall() {
    return new Chain(
        new ChainKey.OfCall(CALL),
        NOW,
        LIMIT,
        new CallRow(
            CALL,
            RETELL_CALL,
            COMPANY,
            false,
            null,
            NOW.minusSeconds(300),
            true,
            false,
            false,
            null,
            Set.of(),
            false,
            4),
        new ExpectedCall(CALL, RETELL_CALL, 4, COMPANY, null),
        List.of(),
        List.of(),
        Map.of(
            CUSTOMER, new CustomerRow(CUSTOMER, COMPANY),
            OTHER_CUSTOMER, new CustomerRow(OTHER_CUSTOMER, COMPANY),
            FOREIGN_CUSTOMER, new CustomerRow(FOREIGN_CUSTOMER, OTHER_COMPANY)),
        Set.of(COMPANY, OTHER_COMPANY),
        List.of());
  }

  /** Adds a booking of that status, with its row, and links the call. */
  static Chain withBooking(Chain chain, long appointmentId, String status) {
    AppointmentRow row = appointment(appointmentId, CALL, status);
    return add(
        call(
            chain,
            c ->
                with(
                    c,
                    "customerId",
                    CUSTOMER,
                    "bookingConfirmed",
                    true,
                    "claimed",
                    true,
                    "details",
                    new BookingDetails(row.calcomBookingId(), row.calcomUid(), RETELL_CALL),
                    "bookingIds",
                    Set.of(row.bookingId()))),
        row,
        expected(row));
  }

  /** Adds a wish that was asked for so many seconds ago. */
  static Chain withWish(Chain chain, long appointmentId, long secondsAgo) {
    return with(
        call(chain, c -> with(c, "customerId", CUSTOMER, "analyzed", false)),
        "bookings",
        plus(
            chain.bookings(),
            with(
                expected(appointment(appointmentId, CALL, "confirmed")),
                "status",
                "requested",
                "revision",
                1L,
                "requestedAt",
                NOW.minusSeconds(secondsAgo))));
  }

  /** A booking that was made on Cal.com's page. */
  static Chain onPage() {
    AppointmentRow row = with(appointment(9, null, "confirmed"), "source", "calcom_webhook");
    return with(
        plainCall(),
        "key",
        new ChainKey.OfBooking(row.bookingId()),
        "call",
        null,
        "expectedCall",
        null,
        "appointments",
        List.of(row),
        "bookings",
        List.of(expected(row)));
  }

  static AppointmentRow appointment(long id, Long callId, String status) {
    return new AppointmentRow(
        id,
        bookingId(id),
        "default",
        1000 + id,
        "",
        "uid-" + id,
        callId,
        Set.of(),
        CUSTOMER,
        COMPANY,
        3L,
        NOW.plusSeconds(86_400 + id),
        NOW.plusSeconds(88_200 + id),
        "Europe/Berlin",
        status,
        callId == null ? "calcom_webhook" : "retell_phone",
        "Erika Beispiel",
        2);
  }

  static ExpectedBooking expected(AppointmentRow row) {
    return new ExpectedBooking(
        row.bookingId(),
        row.revision(),
        row.id(),
        row.callId(),
        row.customerId(),
        row.companyId(),
        row.status(),
        row.source(),
        row.startsAt(),
        row.endsAt(),
        row.callId() == null ? null : NOW.minusSeconds(200),
        false,
        false,
        row.calcomBookingId(),
        row.calcomUid());
  }

  static Chain add(Chain chain, AppointmentRow row, ExpectedBooking... expected) {
    return with(
        chain,
        "appointments",
        plus(chain.appointments(), row),
        "bookings",
        plus(chain.bookings(), expected));
  }

  static Chain call(Chain chain, UnaryOperator<CallRow> change) {
    return with(chain, "call", change.apply(chain.call()));
  }

  static Chain appointment(Chain chain, UnaryOperator<AppointmentRow> change) {
    List<AppointmentRow> rows = new ArrayList<>(chain.appointments());
    rows.set(0, change.apply(rows.getFirst()));
    return with(chain, "appointments", rows);
  }

  static Chain withoutRow(Chain chain) {
    return with(
        chain, "appointments", chain.appointments().subList(1, chain.appointments().size()));
  }

  static Chain withoutCustomer(Chain chain, long id) {
    Map<Long, CustomerRow> customers = new HashMap<>(chain.customers());
    customers.remove(id);
    return with(chain, "customers", customers);
  }

  @SafeVarargs
  static <T> List<T> plus(List<T> list, T... more) {
    List<T> all = new ArrayList<>(list);
    all.addAll(List.of(more));
    return all;
  }
}
