package io.callsync.gateway.delivery;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.customer.CustomerState;
import java.util.List;
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

  private final JdbcTemplate jdbc;
  private final JsonMapper json;

  AggregateStore(JdbcTemplate jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  long mint(String sequence) {
    return java.util.Objects.requireNonNull(
        jdbc.queryForObject("select nextval(?::regclass)", Long.class, sequence));
  }

  Optional<Stored<CallState>> lockCall(String retellCallId) {
    return one(
        "select state, revision from call where retell_call_id = ? for update",
        CallState.class,
        retellCallId);
  }

  /** False where another transaction was first; it is committed then and can be locked. */
  boolean insertCall(CallState call) {
    return jdbc.update(
            """
            insert into call (retell_call_id, call_id, revision, state) values (?, ?, 0, ?::jsonb)
            on conflict (retell_call_id) do nothing
            """,
            call.retellCallId(),
            call.callId(),
            json.writeValueAsString(call))
        == 1;
  }

  void updateCall(CallState call, long revision) {
    jdbc.update(
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

  void insertBooking(BookingState booking) {
    jdbc.update(
        """
        insert into booking (booking_id, appointment_id, calcom_account, request_id, revision, state)
        values (?, ?, ?, ?, 0, ?::jsonb)
        """,
        booking.bookingId(),
        booking.appointmentId(),
        booking.calcomAccount(),
        booking.wish() == null ? null : booking.wish().requestId(),
        json.writeValueAsString(booking));
  }

  void updateBooking(BookingState booking, @Nullable Long eventTypeId, long revision) {
    jdbc.update(
        "update booking set company_id = ?, event_type_id = ?, revision = ?, state = ?::jsonb where booking_id = ?",
        booking.companyId(),
        eventTypeId,
        revision,
        json.writeValueAsString(booking),
        booking.bookingId());
  }

  Optional<Stored<CustomerState>> lockCustomer(long companyId, CustomerIdentity identity) {
    return one(
        "select state, revision from customer where company_id = ? and identity = ? for update",
        CustomerState.class,
        companyId,
        identity.key());
  }

  /** False where another transaction was first. */
  boolean insertCustomer(CustomerState customer, CustomerIdentity identity) {
    return jdbc.update(
            """
            insert into customer (customer_id, company_id, identity, revision, state)
            values (?, ?, ?, 0, ?::jsonb) on conflict (company_id, identity) do nothing
            """,
            customer.customerId(),
            customer.companyId(),
            identity.key(),
            json.writeValueAsString(customer))
        == 1;
  }

  void updateCustomer(CustomerState customer, long revision) {
    jdbc.update(
        "update customer set revision = ?, state = ?::jsonb where customer_id = ?",
        revision,
        json.writeValueAsString(customer),
        customer.customerId());
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
