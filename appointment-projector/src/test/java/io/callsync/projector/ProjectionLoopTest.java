package io.callsync.projector;

import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.call;
import static io.callsync.projector.Universe.customer;
import static io.callsync.projector.Universe.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.callsync.events.BookingEvent;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackException;
import io.callsync.localstack.StackSettings;
import io.callsync.outbox.SchemaRefusal;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The loop on a real broker, registry and Postgres, each its own process. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProjectionLoopTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Set<Part> PARTS = EnumSet.of(Part.KAFKA, Part.POSTGRES, Part.REGISTRY);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path home;

  private static LocalStack stack;
  private static HikariDataSource database;
  private static SchemaRegistry registry;

  private static KafkaProducer<byte[], byte[]> producer;
  private final List<ProjectionLoop> loops = new ArrayList<>();

  @BeforeAll
  static void start() {
    Path checkout = StackSettings.findCheckout(Path.of("."));
    stack = new LocalStack(StackSettings.load(checkout, home, freePorts(), Map.of()), line -> {});
    stack.start(PARTS);
    database = new HikariDataSource();
    database.setJdbcUrl(stack.addresses().jdbc("appointments"));
    database.setUsername(stack.addresses().jdbcUser());
    database.setPassword(stack.settings().secrets().databasePassword());
    database.setConnectionTimeout(1000);
    Flyway.configure()
        .dataSource(database)
        .locations("classpath:db/outbox", "classpath:db/projector")
        .load()
        .migrate();
    registry = new SchemaRegistry(stack.addresses().registry());
  }

  @AfterAll
  static void end() {
    database.close();
    stack.stop();
  }

  /** Each test has the topics and tables to itself. */
  @BeforeEach
  void anew() throws Exception {
    stack.start(PARTS);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.addresses().kafka()))) {
      List<String> topics =
          admin.listTopics().names().get().stream().filter(t -> !t.startsWith("_")).toList();
      admin.deleteTopics(topics).all().get();
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(
              () -> {
                admin
                    .createTopics(
                        topics.stream()
                            .map(t -> new NewTopic(t, Topic.PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get();
                return true;
              });
    }
    emptyTables();
    // Not one for all: what it numbers in a topic means nothing in the topic that replaces it.
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.addresses().kafka(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    stopLoops();
    producer.close(Duration.ZERO);
  }

  private void stopLoops() {
    loops.forEach(ProjectionLoop::stop);
  }

  @Test
  void events_of_all_topics_become_rows_and_positions() throws Exception {
    startLoop("one");
    send(Topic.CALL_EVENTS, "call_1", event(1, "CallStarted", call(1)));
    send(Topic.CUSTOMER_EVENTS, "1", customer(1, 1, "Erika Beispiel"));
    send(Topic.BOOKING_EVENTS, bookingId(1).toString(), event(1, "BookingConfirmed", booking(1)));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        query(
                            "select a.id || ' ' || c.retell_call_id || ' ' || u.name from appointments a join calls c on c.id = a.call_id join customers u on u.id = a.customer_id"))
                    .containsExactly("501 call_1 Erika Beispiel"));
    assertThat(query("select sum(next_offset) from projector_position")).containsExactly("3");
  }

  @Test
  void what_cannot_be_handled_goes_to_the_dead_letters_as_it_came_and_the_rest_goes_on()
      throws Exception {
    byte[] garbage = {1, 2, 3};
    byte[] unknownSchema = WireFormat.frame(999_999, new byte[] {1});
    byte[] cutOff = framed(event(1, "BookingConfirmed", booking(2)), Topic.BOOKING_EVENTS);
    cutOff = java.util.Arrays.copyOf(cutOff, cutOff.length / 2);
    byte[] hugeString =
        WireFormat.frame(
            registry.idOf(Topic.BOOKING_EVENTS, BookingEvent.SCHEMA$),
            new byte[] {-2, -1, -1, -1, 15, 0});
    byte[] noUuid =
        framed(
            event(1, "BookingConfirmed", booking(2).setBookingId("no uuid")), Topic.BOOKING_EVENTS);
    byte[] refused =
        framed(event(1, "BookingConfirmed", booking(2).setStatus("nul \0")), Topic.BOOKING_EVENTS);
    List<byte[]> bad = List.of(garbage, unknownSchema, cutOff, hugeString, noUuid, refused);
    for (byte[] value : bad) {
      sendBytes(Topic.BOOKING_EVENTS, "same key", value);
    }
    for (int number = 10; number < 30; number++) {
      send(Topic.BOOKING_EVENTS, "same key", event(1, "BookingConfirmed", booking(number)));
    }
    startLoop("one");
    awaitCount("appointments", 20);
    List<ConsumerRecord<byte[], byte[]>> dead =
        readAll(Topic.BOOKING_EVENTS.deadLetterTopicName(), bad.size());
    assertThat(dead).extracting(ConsumerRecord::value).containsExactlyInAnyOrderElementsOf(bad);
    assertThat(dead)
        .allSatisfy(
            d -> {
              assertThat(header(d, "dlt-topic")).isEqualTo("booking-events");
              assertThat(header(d, "dlt-offset")).matches("[0-5]");
              assertThat(header(d, "dlt-reason")).isNotBlank();
              assertThat(new String(d.key(), UTF_8)).isEqualTo("same key");
            });
    assertThat(dead)
        .extracting(d -> header(d, "dlt-reason"))
        .contains(
            "Postgres refuses it, SQLSTATE 22021",
            "the schema registry does not know the schema id");
  }

  @Test
  void while_postgres_is_away_the_loop_waits_and_nothing_is_lost() throws Exception {
    ProjectionLoop loop = startLoop("one");
    sendBookings(0, 50);
    awaitCount("appointments", 50);
    stack.kill(Part.POSTGRES);
    sendBookings(50, 100);
    await().atMost(SOON).until(() -> loop.status().failure() != null);
    startAgain(Part.POSTGRES);
    awaitCount("appointments", 100);
    await().atMost(SOON).until(() -> loop.status().failure() == null);
  }

  @Test
  void after_kafka_was_away_the_loop_goes_on_where_it_was() throws Exception {
    startLoop("one");
    sendBookings(0, 50);
    awaitCount("appointments", 50);
    stack.kill(Part.KAFKA);
    startAgain(Part.KAFKA);
    sendBookings(50, 100);
    awaitCount("appointments", 100);
  }

  @Test
  void the_registry_may_be_away_at_the_start() throws Exception {
    sendBookings(0, 5);
    stack.stop(Part.REGISTRY);
    try {
      ProjectionLoop loop = startLoop("one");
      await().atMost(SOON).until(() -> loop.status().failure() != null);
      assertThat(query("select count(*) from projector_position")).containsExactly("0");
    } finally {
      startAgain(Part.REGISTRY);
    }
    awaitCount("appointments", 5);
  }

  @Test
  void DATA_03_a_dropped_read_model_is_rebuilt_with_the_same_rows_and_ids() throws Exception {
    sendWorld(4711);
    startLoop("one");
    awaitCaughtUp();
    Map<String, List<String>> before = allRows();
    stopLoops();
    emptyTables();
    startLoop("one");
    awaitCaughtUp();
    assertThat(allRows()).isEqualTo(before);
  }

  @Test
  void the_position_in_the_database_counts_and_not_the_offset_in_kafka() throws Exception {
    sendBookings(0, 50);
    startLoop("one");
    awaitCount("appointments", 50);
    stopLoops();
    execute(
        "delete from appointments; update projector_position set next_offset = next_offset - 2");
    startLoop("one");
    awaitCaughtUp();
    assertThat(query("select count(*) from appointments"))
        .containsExactly(String.valueOf(2 * Topic.PARTITIONS));
  }

  @Test
  void a_topic_that_was_made_anew_is_folded_from_its_start() throws Exception {
    execute(
        "insert into projector_position select 'booking-events', p, 1000, now() from generate_series(0, 2) p");
    sendBookings(0, 10);
    startLoop("one");
    awaitCount("appointments", 10);
  }

  @Test
  void instances_that_come_and_go_share_the_work_and_give_the_same_rows() throws Exception {
    startLoop("one");
    sendBookings(0, 500);
    startLoop("two");
    sendBookings(500, 1000);
    await().atMost(SOON).until(() -> loops.get(1).status().lags().size() >= 4);
    loops.removeFirst().stop();
    sendBookings(1000, 1500);
    awaitCount("appointments", 1500);
    awaitCaughtUp();
    assertThat(query("select sum(next_offset) from projector_position")).containsExactly("1500");
  }

  @Test
  void the_service_shows_its_lag_and_relays_the_changes_of_its_rows() throws Exception {
    try (var service = startService()) {
      URI health =
          URI.create(
              "http://127.0.0.1:%s/actuator/health"
                  .formatted(service.getEnvironment().getProperty("local.server.port")));
      await()
          .atMost(SOON)
          .until(() -> HTTP.send(get(health), BodyHandlers.ofString()).statusCode() == 200);
      sendBookings(0, 1);
      awaitCount("appointments", 1);
      List<ConsumerRecord<byte[], byte[]>> changes = readAll(Topic.CHAIN_CHANGES.topicName(), 1);
      assertThat(changes).isNotEmpty();
      assertThat(HTTP.send(get(health), BodyHandlers.ofString()).body())
          .contains("\"projection\"", "\"booking-events-0\":0", "lastCommit");
    }
  }

  @Test
  void a_database_of_a_newer_version_is_refused_at_the_start() throws Exception {
    execute(
        "insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) values (1000, '99', 'newer', 'SQL', 'V99__newer.sql', 'x', 0, true)");
    try {
      assertThatThrownBy(ProjectionLoopTest::startService)
          .rootCause()
          .isInstanceOfSatisfying(
              FlywayValidateException.class,
              e ->
                  assertThat(new SchemaRefusal().analyze(e).getDescription())
                      .contains("made by another version of this service"));
    } finally {
      execute("delete from flyway_schema_history where installed_rank = 1000");
    }
  }

  /** A process that was killed may hold its port for a moment longer than it lives. */
  private static void startAgain(Part part) {
    await()
        .atMost(SOON)
        .ignoreException(StackException.class)
        .until(
            () -> {
              stack.start(EnumSet.of(part));
              return true;
            });
  }

  private static ConfigurableApplicationContext startService() {
    return new SpringApplicationBuilder(ProjectorApplication.class)
        .bannerMode(Banner.Mode.OFF)
        .run(
            "--server.port=0",
            "--callsync.instance=service",
            "--CALLSYNC_DB_URL=" + stack.addresses().jdbc("appointments"),
            "--CALLSYNC_DB_USER=" + stack.addresses().jdbcUser(),
            "--CALLSYNC_DB_PASSWORD=" + stack.settings().secrets().databasePassword(),
            "--CALLSYNC_KAFKA_BOOTSTRAP=" + stack.addresses().kafka(),
            "--CALLSYNC_REGISTRY_URL=" + stack.addresses().registry());
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  private ProjectionLoop startLoop(String instance) {
    var loop =
        new ProjectionLoop(
            new ProjectorProperties(
                stack.addresses().kafka(), stack.addresses().registry(), instance),
            instance,
            new ReadModelStore(database),
            new SimpleMeterRegistry());
    loops.add(loop);
    loop.start();
    return loop;
  }

  private static void send(Topic topic, String key, SpecificRecord event) {
    sendBytes(topic, key, framed(event, topic));
  }

  private static void sendBytes(Topic topic, String key, byte[] value) {
    producer.send(new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value));
    producer.flush();
  }

  private static byte[] framed(SpecificRecord event, Topic topic) {
    return WireFormat.frame(registry.idOf(topic, event.getSchema()), AvroBody.of(event).bytes());
  }

  private static void sendBookings(int from, int to) {
    IntStream.range(from, to)
        .forEach(
            n ->
                producer.send(
                    new ProducerRecord<>(
                        Topic.BOOKING_EVENTS.topicName(),
                        bookingId(n).toString().getBytes(UTF_8),
                        framed(event(1, "BookingConfirmed", booking(n)), Topic.BOOKING_EVENTS))));
    producer.flush();
  }

  private static void sendWorld(long seed) {
    var keys = new Random(seed);
    for (SpecificRecord event : Universe.shuffled(Universe.world(seed), seed)) {
      Topic topic =
          List.of(Topic.values()).stream()
              .filter(t -> t.schema().getFullName().equals(event.getSchema().getFullName()))
              .findFirst()
              .orElseThrow();
      send(topic, String.valueOf(keys.nextInt()), event);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int count) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.addresses().kafka()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, Topic.PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(SOON)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                return records.size() >= count;
              });
    }
    return records;
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static void awaitCount(String table, int count) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(query("select count(*) from " + table))
                    .containsExactly(String.valueOf(count)));
  }

  private void awaitCaughtUp() throws Exception {
    long sent;
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.addresses().kafka()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          ProjectionLoop.TOPICS.stream()
              .flatMap(
                  t -> IntStream.range(0, Topic.PARTITIONS).mapToObj(p -> new TopicPartition(t, p)))
              .toList();
      sent = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(query("select sum(next_offset) from projector_position"))
                    .containsExactly(String.valueOf(sent)));
  }

  private static Map<String, List<String>> allRows() throws SQLException {
    var rows = new TreeMap<String, List<String>>();
    for (String table : tables()) {
      if (!table.equals("projector_position")) {
        rows.put(table, query("select to_jsonb(t) from %s t order by 1".formatted(table)));
      }
    }
    return rows;
  }

  private static void emptyTables() throws SQLException {
    for (String table : tables()) {
      execute("delete from " + table);
    }
  }

  private static List<String> tables() throws SQLException {
    return query(
        "select relname from pg_stat_user_tables where schemaname = 'public' and relname not like 'flyway%' and relname not like 'outbox%' and relname not like 'relay%' order by 1");
  }

  private static List<String> query(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (result.next()) {
        texts.add(result.getString(1));
      }
      return texts;
    }
  }

  private static void execute(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A base whose block of ports is free now. */
  private static int freePorts() {
    var random = new Random();
    while (true) {
      int base = 20_000 + random.nextInt(120) * 100;
      if (List.of(60, 61, 70, 71, 80).stream().allMatch(offset -> isFree(base + offset))) {
        return base;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (java.io.IOException taken) {
      return false;
    }
  }
}
