package io.callsync.systemtests;

import io.callsync.localstack.LocalStack;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The rows that people see, and a hand that can damage them. */
final class Rows {

  /** A row of appointments. */
  record Appointment(Map<String, Object> columns) {
    long id() {
      return (Long) columns.get("id");
    }

    UUID bookingId() {
      return (UUID) columns.get("booking_id");
    }

    Long calcomId() {
      return (Long) columns.get("calcom_v2_booking_id");
    }

    String uid() {
      return (String) columns.get("external_id");
    }

    Long callId() {
      return (Long) columns.get("call_id");
    }

    Long customerId() {
      return (Long) columns.get("customer_id");
    }

    Long companyId() {
      return (Long) columns.get("company_id");
    }

    Long serviceId() {
      return (Long) columns.get("service_id");
    }

    Instant startsAt() {
      return (Instant) columns.get("starts_at");
    }

    Instant endsAt() {
      return (Instant) columns.get("ends_at");
    }

    String status() {
      return (String) columns.get("status");
    }

    String source() {
      return (String) columns.get("source");
    }

    String seatUid() {
      return (String) columns.get("seat_uid");
    }

    String attendeeName() {
      return (String) columns.get("attendee_name");
    }

    JsonNode metadata() {
      return Http.JSON.readTree((String) columns.get("metadata"));
    }
  }

  /** A row of calls. */
  record Call(Map<String, Object> columns) {
    long id() {
      return (Long) columns.get("id");
    }

    Long companyId() {
      return (Long) columns.get("company_id");
    }

    Long customerId() {
      return (Long) columns.get("customer_id");
    }

    String status() {
      return (String) columns.get("status");
    }

    Instant startedAt() {
      return (Instant) columns.get("started_at");
    }

    Instant endedAt() {
      return (Instant) columns.get("ended_at");
    }

    String fromNumber() {
      return (String) columns.get("from_number");
    }

    boolean bookingConfirmed() {
      return (Boolean) columns.get("booking_confirmed");
    }

    Boolean successful() {
      return (Boolean) columns.get("call_successful");
    }

    long revision() {
      return (Long) columns.get("revision");
    }

    JsonNode bookingDetails() {
      Object details = columns.get("booking_details");
      return details == null ? Http.JSON.createObjectNode() : Http.JSON.readTree((String) details);
    }
  }

  /** A row of customers. */
  record Customer(Map<String, Object> columns) {
    long id() {
      return (Long) columns.get("id");
    }

    Long companyId() {
      return (Long) columns.get("company_id");
    }

    String name() {
      return (String) columns.get("name");
    }

    String phone() {
      return (String) columns.get("phone");
    }

    String email() {
      return (String) columns.get("email");
    }

    String identifiedBy() {
      return (String) columns.get("identified_by");
    }
  }

  private final LocalStack stack;

  Rows(LocalStack stack) {
    this.stack = stack;
  }

  Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", stack.addresses().jdbcUser());
    properties.setProperty("password", stack.settings().secrets().databasePassword());
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(stack.addresses().jdbc(database), properties);
  }

  /** What the read model holds. */
  List<Map<String, Object>> query(String sql, Object... arguments) {
    return queryIn("appointments", sql, arguments);
  }

  /** What one of the services' databases holds. */
  List<Map<String, Object>> queryIn(String database, String sql, Object... arguments) {
    try (Connection connection = connect(database);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      List<Map<String, Object>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        ResultSetMetaData columns = result.getMetaData();
        while (result.next()) {
          Map<String, Object> row = new LinkedHashMap<>();
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            row.put(columns.getColumnLabel(i), plain(result, columns, i));
          }
          rows.add(row);
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static Object plain(ResultSet row, ResultSetMetaData columns, int i) throws SQLException {
    return switch (columns.getColumnTypeName(i)) {
      case "timestamptz" -> {
        Timestamp at = row.getTimestamp(i);
        yield at == null ? null : at.toInstant();
      }
      case "json", "jsonb", "_text" -> row.getString(i);
      default -> row.getObject(i);
    };
  }

  private static void bind(PreparedStatement statement, Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
  }

  /** By hand, past every service; how many rows it struck. */
  int update(String sql, Object... arguments) {
    return updateIn("appointments", sql, arguments);
  }

  int updateIn(String database, String sql, Object... arguments) {
    try (Connection connection = connect(database);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, arguments);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  List<Call> calls(Caller caller) {
    return query("select * from calls where retell_call_id = ?", caller.callId()).stream()
        .map(Call::new)
        .toList();
  }

  /** The call's one row. */
  Optional<Call> call(Caller caller) {
    List<Call> rows = calls(caller);
    if (rows.size() > 1) {
      throw new AssertionError("several rows of one call: " + rows);
    }
    return rows.stream().findFirst();
  }

  /** All appointments that a call made, by the link that people follow. */
  List<Appointment> appointments(Caller caller) {
    return query(
            """
            select a.* from appointments a join calls c on c.id = a.call_id
            where c.retell_call_id = ? order by a.id
            """,
            caller.callId())
        .stream()
        .map(Appointment::new)
        .toList();
  }

  Optional<Appointment> appointment(long id) {
    return query("select * from appointments where id = ?", id).stream()
        .map(Appointment::new)
        .findFirst();
  }

  /** By the current uid at Cal.com. */
  List<Appointment> appointmentsWithUid(String uid) {
    return query("select * from appointments where external_id = ?", uid).stream()
        .map(Appointment::new)
        .toList();
  }

  List<Customer> customersWithPhone(String phone) {
    return query("select * from customers where phone = ? order by id", phone).stream()
        .map(Customer::new)
        .toList();
  }

  Optional<Customer> customer(Long id) {
    return query("select * from customers where id = ?", id).stream()
        .map(Customer::new)
        .findFirst();
  }

  /** What happened to a booking: the types of its events in order. */
  List<String> history(UUID bookingId) {
    return query(
            "select event_type from appointment_history where booking_id = ? order by revision",
            bookingId)
        .stream()
        .map(row -> (String) row.get("event_type"))
        .toList();
  }

  /** How many deliveries about that call or uid the gateway has kept. */
  int deliveries(String subject) {
    return queryIn("gateway", "select id from delivery where subject = ?", subject).size();
  }

  List<String> outcomes(String subject) {
    return queryIn("gateway", "select outcome from delivery where subject = ? order by id", subject)
        .stream()
        .map(row -> (String) row.get("outcome"))
        .toList();
  }
}
