package io.callsync.validator.expectation;

import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.longOrNull;
import static io.callsync.validator.sql.Sql.longs;
import static io.callsync.validator.sql.Sql.texts;

import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the events say should be there, so that rows that vanished or never came are missed, and
 * wishes in flight are known. The highest revision wins, in any order.
 */
@Repository
public class Expectations {

  private static final JsonMapper ROWS =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private static final String KEEP_BOOKINGS =
      """
      insert into expected_booking as e
        (booking_id, revision, appointment_id, call_id, customer_id, company_id, status, source, starts_at, ends_at, requested_at, in_doubt, late,
         calcom_booking_id, calcom_uid)
      select booking_id, revision, appointment_id, call_id, customer_id, company_id, status, source, starts_at, ends_at, requested_at, in_doubt, late,
        calcom_booking_id, calcom_uid
      from jsonb_to_recordset(:rows::jsonb) as r (booking_id uuid, revision bigint, appointment_id bigint, call_id bigint,
        customer_id bigint, company_id bigint, status text, source text, starts_at timestamptz, ends_at timestamptz,
        requested_at timestamptz, in_doubt boolean, late boolean,
        calcom_booking_id bigint, calcom_uid text)
      order by booking_id
      on conflict (booking_id) do update set
        revision = excluded.revision, appointment_id = excluded.appointment_id, call_id = excluded.call_id,
        customer_id = excluded.customer_id, company_id = excluded.company_id, status = excluded.status,
        source = excluded.source, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
        requested_at = excluded.requested_at, in_doubt = excluded.in_doubt, late = excluded.late,
        calcom_booking_id = excluded.calcom_booking_id, calcom_uid = excluded.calcom_uid
      where excluded.revision > e.revision
      """;

  private static final String KEEP_CALLS =
      """
      insert into expected_call as e (call_id, retell_call_id, revision, company_id, customer_id)
      select call_id, retell_call_id, revision, company_id, customer_id
      from jsonb_to_recordset(:rows::jsonb) as r (call_id bigint, retell_call_id text, revision bigint, company_id bigint,
        customer_id bigint)
      order by call_id
      on conflict (call_id) do update set
        retell_call_id = excluded.retell_call_id, revision = excluded.revision, company_id = excluded.company_id,
        customer_id = excluded.customer_id
      where excluded.revision > e.revision
      """;

  private final JdbcClient jdbc;

  public Expectations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps what is newer than what is known; each booking once. */
  public void keepBookings(Collection<ExpectedBooking> bookings) {
    if (!bookings.isEmpty()) {
      jdbc.sql(KEEP_BOOKINGS).param("rows", ROWS.writeValueAsString(bookings)).update();
    }
  }

  /** Keeps what is newer than what is known; each call once. */
  public void keepCalls(Collection<ExpectedCall> calls) {
    if (!calls.isEmpty()) {
      jdbc.sql(KEEP_CALLS).param("rows", ROWS.writeValueAsString(calls)).update();
    }
  }

  /** The bookings of these calls, and these bookings. */
  public List<ExpectedBooking> bookings(Collection<Long> callIds, Collection<UUID> bookingIds) {
    if (callIds.isEmpty() && bookingIds.isEmpty()) {
      return List.of();
    }
    return jdbc.sql(
            """
            select * from expected_booking where call_id = any(:calls)
            union
            select * from expected_booking where booking_id = any(:bookings::uuid[])
            """)
        .param("calls", longs(callIds))
        .param("bookings", texts(bookingIds))
        .query((row, n) -> booking(row))
        .list();
  }

  public Map<Long, ExpectedCall> calls(Collection<Long> callIds) {
    return jdbc
        .sql("select * from expected_call where call_id = any(:calls)")
        .param("calls", longs(callIds))
        .query((row, n) -> call(row))
        .list()
        .stream()
        .collect(Collectors.toMap(ExpectedCall::callId, c -> c));
  }

  /** The chains that these bookings belong to, by what is known so far. */
  public Set<ChainKey> chainsOfBookings(Collection<UUID> bookingIds) {
    Set<ChainKey> chains = new HashSet<>();
    for (ExpectedBooking booking : bookings(List.of(), bookingIds)) {
      chains.add(
          booking.callId() == null
              ? new ChainKey.OfBooking(booking.bookingId())
              : new ChainKey.OfCall(booking.callId()));
    }
    return chains;
  }

  /** The chains that use these customers. */
  public Set<ChainKey> chainsOfCustomers(Collection<Long> customerIds) {
    return chains(
        """
        select call_id, null::uuid as booking_id from expected_call where customer_id = any(:ids)
        union
        select call_id, booking_id from expected_booking where customer_id = any(:ids)
        """,
        customerIds);
  }

  /** The calls of these companies. */
  public Set<ChainKey> chainsOfCompanies(Collection<Long> companyIds) {
    return chains(
        "select call_id, null::uuid as booking_id from expected_call where company_id = any(:ids)",
        companyIds);
  }

  /** Calls after that id, of one company where it is given. */
  public List<Long> callsAfter(long id, @Nullable Long companyId, int limit) {
    return jdbc.sql(
            """
            select call_id from expected_call where call_id > :id and (:company::bigint is null or company_id = :company)
            order by call_id limit :limit
            """)
        .param("id", id)
        .param("company", companyId)
        .param("limit", limit)
        .query(Sql.LONG)
        .list();
  }

  /** Bookings without a call, after that one. */
  public List<UUID> callLessBookingsAfter(UUID bookingId, int limit) {
    return jdbc.sql(
            "select booking_id from expected_booking where call_id is null and booking_id > ? order by 1 limit ?")
        .params(bookingId, limit)
        .query(Sql.UUIDS)
        .list();
  }

  /** Our id of the call that has this id, ours or Retell's. */
  public Optional<Long> callId(String id) {
    boolean ours = id.matches("\\d{1,18}");
    return jdbc.sql(
            "select call_id from expected_call where "
                + (ours ? "call_id" : "retell_call_id")
                + " = ?")
        .param(ours ? (Object) Long.parseLong(id) : id)
        .query(Long.class)
        .optional();
  }

  private Set<ChainKey> chains(String sql, Collection<Long> ids) {
    Set<ChainKey> chains = new HashSet<>();
    if (!ids.isEmpty()) {
      jdbc.sql(sql)
          .param("ids", longs(ids))
          .query(
              row -> {
                Long call = longOrNull(row, "call_id");
                chains.add(
                    call == null
                        ? new ChainKey.OfBooking(row.getObject("booking_id", UUID.class))
                        : new ChainKey.OfCall(call));
              });
    }
    return chains;
  }

  private static ExpectedBooking booking(ResultSet row) throws SQLException {
    return new ExpectedBooking(
        row.getObject("booking_id", UUID.class),
        row.getLong("revision"),
        row.getLong("appointment_id"),
        longOrNull(row, "call_id"),
        longOrNull(row, "customer_id"),
        longOrNull(row, "company_id"),
        row.getString("status"),
        row.getString("source"),
        instantOrNull(row, "starts_at"),
        instantOrNull(row, "ends_at"),
        instantOrNull(row, "requested_at"),
        row.getBoolean("in_doubt"),
        row.getBoolean("late"),
        longOrNull(row, "calcom_booking_id"),
        row.getString("calcom_uid"));
  }

  private static ExpectedCall call(ResultSet row) throws SQLException {
    return new ExpectedCall(
        row.getLong("call_id"),
        row.getString("retell_call_id"),
        row.getLong("revision"),
        longOrNull(row, "company_id"),
        longOrNull(row, "customer_id"));
  }
}
