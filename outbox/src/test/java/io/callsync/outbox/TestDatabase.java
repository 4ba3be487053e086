package io.callsync.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.callsync.localstack.LocalStack;
import io.callsync.schemas.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database of its own for one test, and relays on it. */
final class TestDatabase implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(5);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  final LocalStack stack = TestStack.running();
  final String name = "t" + NUMBER.incrementAndGet();
  final RelayDatabase database;
  final HikariDataSource pool;
  final JdbcClient jdbc;
  final TransactionTemplate transaction;
  final Outbox outbox;

  private final List<Relay> relays = new ArrayList<>();

  TestDatabase() throws SQLException {
    try (Connection connection = admin()) {
      connection.createStatement().execute("create database " + name);
    }
    database = new RelayDatabase(url(name), user(), password());
    pool = database.pool(Duration.ofSeconds(10));
    jdbc = JdbcClient.create(pool);
    transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    outbox = new Outbox(pool);
  }

  TestDatabase withOutbox() {
    try (var sql = Outbox.class.getResourceAsStream("/db/outbox/V0_1__outbox.sql")) {
      jdbc.sql(new String(sql.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)).update();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url(String database) {
    return stack.addresses().jdbc(database);
  }

  String user() {
    return stack.addresses().jdbcUser();
  }

  String password() {
    return stack.settings().secrets().databasePassword();
  }

  SchemaRegistry registry() {
    return new SchemaRegistry(stack.addresses().registry());
  }

  Received received() {
    return new Received(stack.addresses().kafka(), registry());
  }

  Connection admin() throws SQLException {
    return DriverManager.getConnection(url("postgres"), user(), password());
  }

  Relay outboxRelay() {
    return relay(new OutboxSource(name), Duration.ofHours(24));
  }

  Relay relay(Source source, Duration window) {
    var relay =
        new Relay(
            database, stack.addresses().kafka(), registry(), source, name, name, LEASE, window);
    relays.add(relay);
    return relay;
  }

  void append(OutboxMessage... messages) {
    transaction.executeWithoutResult(status -> outbox.append(List.of(messages)));
  }

  <T> T value(String sql, Class<T> type) {
    return jdbc.sql(sql).query(type).single();
  }

  Map<String, Object> slot() {
    return jdbc.sql("select * from pg_replication_slots where slot_name = ?")
        .param(name)
        .query()
        .singleRow();
  }

  @Override
  public void close() throws SQLException {
    relays.forEach(Relay::stop);
    pool.close();
    try (Connection connection = admin()) {
      connection
          .createStatement()
          .execute(
              "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '"
                  + name
                  + "' and active");
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  connection
                      .createStatement()
                      .execute(
                          "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '"
                              + name
                              + "'"));
    }
  }
}
