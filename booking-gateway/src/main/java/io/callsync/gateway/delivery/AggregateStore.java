package io.callsync.gateway.delivery;

import static java.util.stream.Collectors.joining;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.customer.CustomerState;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The aggregates' rows: locked when read, one revision further when written. */
@Repository
class AggregateStore {

  /** An aggregate as it is stored. */
  record Stored<T>(T state, long revision) {}

  /** A statement that nothing depends on until the commit. */
  record Write(String sql, @Nullable Object... arguments) {}

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  AggregateStore(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  long mintAppointmentId() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select nextval('appointment_id')", Long.class));
  }

  /** All in one round trip. */
  void write(List<Write> writes) {
    if (!writes.isEmpty()) {
      jdbc.update(
          writes.stream().map(Write::sql).collect(joining(";\n")),
          writes.stream().flatMap(w -> Arrays.stream(w.arguments())).toArray());
    }
  }

  Optional<Stored<CallState>> lockCall(String retellCallId) {
    return one(
        "select state, revision from call where retell_call_id = ? for update",
        CallState.class,
        retellCallId);
  }

  /** The new call's id; empty where another transaction was first: its call can be locked now. */
  Optional<Long> claimCall(String retellCallId) {
    return id(
        """
        insert into call (retell_call_id, call_id, revision, state) values (?, nextval('call_id'), 0, '{}')
        on conflict (retell_call_id) do nothing returning call_id
        """,
        retellCallId);
  }

  /** False where the call is known, or the id is another call's. */
  boolean claimCall(long callId, String retellCallId) {
    return jdbc.update(
            """
            insert into call (retell_call_id, call_id, revision, state) values (?, ?, 0, '{}')
            on conflict do nothing
            """,
            retellCallId,
            callId)
        == 1;
  }

  Optional<UUID> holderOf(long appointmentId) {
    return jdbc
        .query(
            "select booking_id from booking where appointment_id = ?",
            (row, n) -> row.getObject(1, UUID.class),
            appointmentId)
        .stream()
        .findFirst();
  }

  Write update(CallState call, long revision) {
    return new Write(
        "update call set company_id = ?, to_number = ?, revision = ?, state = ?::jsonb where retell_call_id = ?",
        call.companyId(),
        call.toNumber(),
        revision,
        json.writeValueAsString(call),
        call.retellCallId());
  }

  Optional<Stored<BookingState>> lockBooking(UUID bookingId) {
    return one(
        "select state, revision from booking where booking_id = ? for update",
        BookingState.class,
        bookingId);
  }

  Optional<Stored<BookingState>> readBooking(UUID bookingId) {
    return one(
        "select state, revision from booking where booking_id = ?", BookingState.class, bookingId);
  }

  Write insert(BookingState booking, @Nullable Long eventTypeId, long revision) {
    return new Write(
        """
        insert into booking (booking_id, appointment_id, calcom_account, request_id,
                             company_id, customer_id, starts_at, stands, event_type_id, revision, state)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)""",
        booking.bookingId(),
        booking.appointmentId(),
        booking.calcomAccount(),
        booking.wish() == null ? null : booking.wish().requestId(),
        booking.companyId(),
        booking.customerId(),
        timestamp(booking.startsAt()),
        booking.status().stands(),
        eventTypeId,
        revision,
        json.writeValueAsString(booking));
  }

  private static @Nullable Timestamp timestamp(@Nullable Instant instant) {
    return instant == null ? null : Timestamp.from(instant);
  }

  Write update(BookingState booking, @Nullable Long eventTypeId, long revision) {
    return new Write(
        """
        update booking set company_id = ?, customer_id = ?, starts_at = ?, stands = ?, event_type_id = ?,
                           revision = ?, state = ?::jsonb
        where booking_id = ?""",
        booking.companyId(),
        booking.customerId(),
        timestamp(booking.startsAt()),
        booking.status().stands(),
        eventTypeId,
        revision,
        json.writeValueAsString(booking),
        booking.bookingId());
  }

  /** Whose customer it is, and who within that company. */
  record Owned(long companyId, CustomerIdentity identity) {}

  Owned identityOf(long customerId) {
    return Objects.requireNonNull(
        jdbc.queryForObject(
            "select company_id, identity from customer where customer_id = ?",
            (row, n) -> new Owned(row.getLong(1), CustomerIdentity.parse(row.getString(2))),
            customerId));
  }

  /** Whose customer has that id. */
  Optional<Owned> ownerOf(long customerId) {
    return jdbc
        .query(
            "select company_id, identity from customer where customer_id = ?",
            (row, n) -> new Owned(row.getLong(1), CustomerIdentity.parse(row.getString(2))),
            customerId)
        .stream()
        .findFirst();
  }

  /** False where the id or the identity is another customer's. */
  boolean claimCustomer(long customerId, long companyId, CustomerIdentity identity) {
    return jdbc.update(
            """
            insert into customer (customer_id, company_id, identity, revision, state)
            values (?, ?, ?, 0, '{}') on conflict do nothing
            """,
            customerId,
            companyId,
            identity.key())
        == 1;
  }

  Optional<Stored<CustomerState>> lockCustomer(long companyId, CustomerIdentity identity) {
    return one(
        "select state, revision from customer where company_id = ? and identity = ? for update",
        CustomerState.class,
        companyId,
        identity.key());
  }

  /** The new customer's id; empty where another transaction was first. */
  Optional<Long> claimCustomer(long companyId, CustomerIdentity identity) {
    return id(
        """
        insert into customer (customer_id, company_id, identity, revision, state)
        values (nextval('customer_id'), ?, ?, 0, '{}')
        on conflict (company_id, identity) do nothing returning customer_id
        """,
        companyId,
        identity.key());
  }

  Write update(CustomerState customer, long revision) {
    return new Write(
        "update customer set revision = ?, state = ?::jsonb where customer_id = ?",
        revision,
        json.writeValueAsString(customer),
        customer.customerId());
  }

  private Optional<Long> id(String insert, Object... arguments) {
    return jdbc.query(insert, (row, n) -> row.getLong(1), arguments).stream().findFirst();
  }

  private <T> Optional<Stored<T>> one(String sql, Class<T> type, Object... arguments) {
    List<Stored<T>> rows =
        jdbc.query(
            sql,
            (row, n) -> new Stored<>(json.readValue(row.getString(1), type), row.getLong(2)),
            arguments);
    return rows.stream().findFirst();
  }
}
