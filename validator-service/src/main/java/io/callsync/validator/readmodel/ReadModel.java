package io.callsync.validator.readmodel;

import static io.callsync.validator.sql.Sql.elements;
import static io.callsync.validator.sql.Sql.instantOrNull;
import static io.callsync.validator.sql.Sql.longOrNull;
import static io.callsync.validator.sql.Sql.longs;
import static io.callsync.validator.sql.Sql.texts;
import static io.callsync.validator.sql.Sql.utc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.callsync.validator.ValidatorProperties.ReadModelAccess;
import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.BookingDetails;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Claim;
import io.callsync.validator.chain.CustomerRow;
import io.callsync.validator.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rows that people see. Reads only, and may not be there yet: then every method throws a
 * DataAccessException.
 */
public final class ReadModel implements AutoCloseable {

  private static final Set<String> CLAIMS = Set.of("appointment_booked");

  private static final String CALLS =
      """
      select id, retell_call_id, company_id, company_defaulted, customer_id, started_at, analyzed, booking_claimed,
             metadata ->> 'session_outcome' as session_outcome, booking_confirmed, booking_details::text as booking_details,
             booking_ids, callback_requested, revision
      from calls where id = any(?)
      """;

  /**
   * What belongs to the chains, and what may repeat that: the same customer at the same time, where
   * both stand or both claim one booking. Who cancelled the same hour hundreds of times is not
   * compared with all of it each time.
   */
  private static final String APPOINTMENTS =
      """
      with direct as materialized (
        select id from appointments where call_id = any(:calls)
        union select id from appointments where booking_id = any(:bookings::uuid[])
        union select appointment_id from appointment_calls where call_id = any(:calls)
        union select id from appointments where calcom_v2_booking_id = any(:calcom)
      ), near as (
        select id from direct
        union
        select b.id from direct join appointments a using (id)
          join appointments b on b.customer_id = a.customer_id and b.starts_at = a.starts_at
            and (b.external_id = a.external_id or (a.status = any(:standing) and b.status = any(:standing)))
      )
      select a.id, a.booking_id, a.calcom_account, a.calcom_v2_booking_id, a.seat_uid, a.external_id, a.call_id,
             a.customer_id, a.company_id, a.service_id, a.starts_at, a.ends_at, a.booking_timezone, a.status, a.source,
             a.attendee_name, a.revision,
             (select array_agg(c.call_id) from appointment_calls c where c.appointment_id = a.id) as further_calls
      from near join appointments a using (id)
      order by a.id
      """;

  /** Without Cal.com ids to look for, that branch would read the whole table for nothing. */
  private static final String APPOINTMENTS_WITHOUT_CALCOM =
      APPOINTMENTS.replaceFirst("(?m)^\\s*union select id .* any\\(:calcom\\)\\n", "");

  /** Who else holds these bookings of Cal.com. */
  private static final String CLAIMS_ON =
      """
      select id, retell_call_id, booking_details::text as booking_details from calls
      where booking_details is not null and booking_details #>> '{calcom_booking,id}' = any(?)
      """;

  private static final String DRIFTS =
      """
      with verified as (
        select id, ended_at, not coalesce((wanted ->> 'dryRun')::boolean, false) as applied
        from job where kind = 'rebuild' and state = 'done' order by id desc limit 1
      ), mended as (
        select d.table_name, d.row_key from verified
          join job j on j.id > verified.id and j.state = 'done' and not coalesce((j.wanted ->> 'dryRun')::boolean, false)
          join job_difference d on d.job_id = j.id
      )
      select d.table_name, d.kind = 'revision_missing' as missing, count(*) as drifted, min(d.row_key) as first_row,
             verified.id, verified.ended_at
      from verified join job_difference d on d.job_id = verified.id
      where (d.kind = 'revision_missing' or not applied) and (d.table_name, d.row_key) not in (table mended)
      group by d.table_name, missing, verified.id, verified.ended_at
      """;

  private final HikariDataSource dataSource;
  private final JdbcClient jdbc;
  private final TransactionTemplate snapshot;

  public ReadModel(ReadModelAccess access) {
    var config = new HikariConfig();
    config.setPoolName("readmodel");
    config.setJdbcUrl(access.url());
    config.setUsername(access.user());
    config.setPassword(access.password());
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(2000);
    config.setReadOnly(true);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    // It need not be there when the validator starts.
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "callsync-validator");
    config.addDataSourceProperty("socketTimeout", "60");
    this.dataSource = new HikariDataSource(config);
    this.jdbc = JdbcClient.create(dataSource);
    this.snapshot = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    snapshot.setReadOnly(true);
  }

  /** Everything that the rows hold about these calls and bookings. */
  public Rows rows(Collection<Long> callIds, Collection<UUID> bookingIds) {
    return inSnapshot(
        () -> {
          Map<Long, CallRow> calls =
              jdbc.sql(CALLS).param(longs(callIds)).query((row, n) -> call(row)).list().stream()
                  .collect(Collectors.toMap(CallRow::id, c -> c));
          List<AppointmentRow> appointments = appointments(calls, callIds, bookingIds);
          return new Rows(
              calls,
              appointments,
              customers(
                  Stream.concat(
                      calls.values().stream().map(CallRow::customerId),
                      appointments.stream().map(AppointmentRow::customerId))),
              companies(calls.values().stream().map(CallRow::companyId)),
              claims(calls.values()));
        });
  }

  private List<AppointmentRow> appointments(
      Map<Long, CallRow> calls, Collection<Long> callIds, Collection<UUID> bookingIds) {
    Set<UUID> bookings = new HashSet<>(bookingIds);
    calls.values().forEach(c -> bookings.addAll(c.bookingIds()));
    Set<Long> calcomIds =
        calls.values().stream()
            .filter(c -> c.bookingIds().isEmpty())
            .map(CallRow::details)
            .filter(Objects::nonNull)
            .map(BookingDetails::calcomId)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    var query =
        jdbc.sql(calcomIds.isEmpty() ? APPOINTMENTS_WITHOUT_CALCOM : APPOINTMENTS)
            .param("calls", longs(callIds))
            .param("bookings", texts(bookings))
            .param("standing", AppointmentRow.STANDING.toArray(String[]::new));
    return (calcomIds.isEmpty() ? query : query.param("calcom", longs(calcomIds)))
        .query((row, n) -> appointment(row))
        .list();
  }

  private List<Claim> claims(Collection<CallRow> calls) {
    String[] wanted =
        calls.stream()
            .map(CallRow::details)
            .filter(Objects::nonNull)
            .map(BookingDetails::calcomId)
            .filter(Objects::nonNull)
            .map(Object::toString)
            .distinct()
            .toArray(String[]::new);
    List<Claim> claims = new ArrayList<>();
    if (wanted.length > 0) {
      jdbc.sql(CLAIMS_ON)
          .param(wanted)
          .query(
              row -> {
                BookingDetails details = BookingDetails.read(row.getString("booking_details"));
                if (details != null) {
                  claims.add(
                      new Claim(row.getLong("id"), row.getString("retell_call_id"), details));
                }
              });
    }
    return claims;
  }

  private Map<Long, CustomerRow> customers(Stream<@Nullable Long> ids) {
    long[] wanted = distinct(ids);
    return wanted.length == 0
        ? Map.of()
        : jdbc
            .sql("select id, company_id from customers where id = any(?)")
            .param(wanted)
            .query((row, n) -> new CustomerRow(row.getLong("id"), row.getLong("company_id")))
            .list()
            .stream()
            .collect(Collectors.toMap(CustomerRow::id, c -> c));
  }

  private Set<Long> companies(Stream<@Nullable Long> ids) {
    long[] wanted = distinct(ids);
    return wanted.length == 0
        ? Set.of()
        : Set.copyOf(
            jdbc.sql("select id from companies where id = any(?)")
                .param(wanted)
                .query(Sql.LONG)
                .list());
  }

  /**
   * What the newest rebuild that came to its end found and did not mend, or has no way to, and no
   * replay has mended since.
   */
  public List<Drift> drifts() {
    return jdbc.sql(DRIFTS)
        .query(
            (row, n) ->
                new Drift(
                    row.getString("table_name"),
                    row.getBoolean("missing"),
                    row.getLong("drifted"),
                    row.getString("first_row"),
                    row.getLong("id"),
                    Objects.requireNonNull(instantOrNull(row, "ended_at"))))
        .list();
  }

  /** Up to where the rows show each topic. */
  public Map<TopicPartition, Long> projectorPositions() {
    var positions = new HashMap<TopicPartition, Long>();
    jdbc.sql("select topic, partition, next_offset from projector_position")
        .query(
            row -> {
              positions.put(
                  new TopicPartition(row.getString("topic"), row.getInt("partition")),
                  row.getLong("next_offset"));
            });
    return positions;
  }

  /** Calls after that id, of one company where it is given. */
  public List<Long> callsAfter(long id, @Nullable Long companyId, int limit) {
    return jdbc.sql(
            """
            select id from calls where id > :id and (:company::bigint is null or company_id = :company)
            order by id limit :limit
            """)
        .param("id", id)
        .param("company", companyId)
        .param("limit", limit)
        .query(Sql.LONG)
        .list();
  }

  /** The least id of the calls that started then or later. */
  public Optional<Long> firstCallSince(Instant since) {
    return jdbc.sql("select min(id) as id from calls where started_at >= ?")
        .param(utc(since))
        .query((row, n) -> Optional.ofNullable(longOrNull(row, "id")))
        .single();
  }

  /** Bookings of appointments without a call, after that appointment id, by appointment id. */
  public Map<Long, UUID> callLessBookingsAfter(long appointmentId, int limit) {
    return jdbc
        .sql(
            "select id, booking_id from appointments where call_id is null and id > ? order by id limit ?")
        .params(appointmentId, limit)
        .query((row, n) -> Map.entry(row.getLong("id"), row.getObject("booking_id", UUID.class)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Our id of the call that has this id, ours or Retell's. */
  public Optional<Long> callId(String id) {
    if (id.matches("\\d{1,18}")) {
      return jdbc.sql("select id from calls where id = ?")
          .param(Long.parseLong(id))
          .query(Long.class)
          .optional();
    }
    return jdbc.sql("select id from calls where retell_call_id = ?")
        .param(id)
        .query(Long.class)
        .optional();
  }

  /** One whole row as JSON, for people. */
  public Optional<JsonNode> whole(String table, @Nullable Long id) {
    if (!Set.of("calls", "customers", "companies").contains(table)) {
      throw new IllegalArgumentException("no table " + table);
    }
    return id == null
        ? Optional.empty()
        : jdbc.sql("select to_jsonb(t)::text from " + table + " t where id = ?")
            .param(id)
            .query(String.class)
            .optional()
            .map(JsonMapper.shared()::readTree);
  }

  /** Names of companies by id. */
  public Map<Long, String> companyNames() {
    return names("companies");
  }

  /** Names of services by id. */
  public Map<Long, String> serviceNames() {
    return names("services");
  }

  private Map<Long, String> names(String table) {
    return jdbc
        .sql("select id, name from " + table)
        .query((row, n) -> Map.entry(row.getLong("id"), row.getString("name")))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public void close() {
    dataSource.close();
  }

  private <T> T inSnapshot(Supplier<T> work) {
    return Objects.requireNonNull(snapshot.execute(status -> work.get()));
  }

  private static long[] distinct(Stream<@Nullable Long> ids) {
    return longs(ids.filter(Objects::nonNull).collect(Collectors.toCollection(TreeSet::new)));
  }

  private static CallRow call(ResultSet row) throws SQLException {
    String outcome = row.getString("session_outcome");
    return new CallRow(
        row.getLong("id"),
        row.getString("retell_call_id"),
        longOrNull(row, "company_id"),
        row.getBoolean("company_defaulted"),
        longOrNull(row, "customer_id"),
        instantOrNull(row, "started_at"),
        row.getBoolean("analyzed"),
        row.getBoolean("booking_claimed") || (outcome != null && CLAIMS.contains(outcome)),
        row.getBoolean("booking_confirmed"),
        BookingDetails.read(row.getString("booking_details")),
        Arrays.stream(elements(row.getArray("booking_ids")))
            .flatMap(id -> uuid((String) id).stream())
            .collect(Collectors.toSet()),
        row.getBoolean("callback_requested"),
        row.getLong("revision"));
  }

  private static AppointmentRow appointment(ResultSet row) throws SQLException {
    return new AppointmentRow(
        row.getLong("id"),
        row.getObject("booking_id", UUID.class),
        row.getString("calcom_account"),
        longOrNull(row, "calcom_v2_booking_id"),
        row.getString("seat_uid"),
        row.getString("external_id"),
        longOrNull(row, "call_id"),
        Arrays.stream(elements(row.getArray("further_calls")))
            .map(Long.class::cast)
            .collect(Collectors.toSet()),
        longOrNull(row, "customer_id"),
        longOrNull(row, "company_id"),
        longOrNull(row, "service_id"),
        instantOrNull(row, "starts_at"),
        instantOrNull(row, "ends_at"),
        row.getString("booking_timezone"),
        row.getString("status"),
        row.getString("source"),
        row.getString("attendee_name"),
        row.getLong("revision"));
  }

  /** Anybody may have written anything into a text column. */
  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }
}
