package io.callsync.projector;

import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackException;
import io.callsync.localstack.StackSettings;
import io.callsync.ops.deadletter.DeadLetters;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A real broker, registry and Postgres, each its own process, and the words to test on them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class StackTest {

  static final Duration SOON = Duration.ofSeconds(60);
  static final Set<Part> PARTS = EnumSet.of(Part.KAFKA, Part.POSTGRES, Part.REGISTRY);
  static final String TOKEN = "0123456789abcdef";
  static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path home;

  static LocalStack stack;
  static HikariDataSource database;
  static SchemaRegistry registry;

  static KafkaProducer<byte[], byte[]> producer;
  final List<ProjectionLoop> loops = new ArrayList<>();

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
            Map.of(
                "bootstrap.servers",
                stack.addresses().kafka(),
                "linger.ms",
                5,
                // Topics that are made anew have forgotten what producers number.
                "enable.idempotence",
                false),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    stopLoops();
    producer.close(Duration.ZERO);
  }

  void stopLoops() {
    loops.forEach(ProjectionLoop::stop);
  }

  /** A process that was killed may hold its port for a moment longer than it lives. */
  static void startAgain(Part part) {
    await()
        .atMost(SOON)
        .ignoreException(StackException.class)
        .until(
            () -> {
              stack.start(EnumSet.of(part));
              return true;
            });
  }

  static ConfigurableApplicationContext startService() {
    return new SpringApplicationBuilder(ProjectorApplication.class)
        .bannerMode(Banner.Mode.OFF)
        .run(
            "--server.port=0",
            "--callsync.instance=service",
            "--callsync.operator-token=" + TOKEN,
            "--callsync.db-url=" + stack.addresses().jdbc("appointments"),
            "--callsync.db-user=" + stack.addresses().jdbcUser(),
            "--callsync.db-password=" + stack.settings().secrets().databasePassword(),
            "--CALLSYNC_KAFKA_BOOTSTRAP=" + stack.addresses().kafka(),
            "--CALLSYNC_REGISTRY_URL=" + stack.addresses().registry());
  }

  static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  ProjectionLoop startLoop(String instance) {
    var loop =
        new ProjectionLoop(
            new ProjectorProperties(
                stack.addresses().kafka(), stack.addresses().registry(), instance),
            instance,
            new ReadModelStore(database),
            new DeadLetters(stack.addresses().kafka(), ProjectionLoop.GROUP, database),
            new SimpleMeterRegistry());
    loops.add(loop);
    loop.start();
    return loop;
  }

  static void send(Topic topic, String key, SpecificRecord event) {
    sendBytes(topic, key, framed(event, topic));
  }

  static void sendBytes(Topic topic, String key, byte[] value) {
    producer.send(new ProducerRecord<>(topic.topicName(), key.getBytes(UTF_8), value));
    producer.flush();
  }

  static byte[] framed(SpecificRecord event, Topic topic) {
    return WireFormat.frame(registry.idOf(topic, event.getSchema()), AvroBody.of(event).bytes());
  }

  static void sendBookings(int from, int to) {
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

  static void sendWorld(long seed) {
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

  static List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int count) {
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

  static String header(ConsumerRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  static void awaitCount(String table, int count) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(query("select count(*) from " + table))
                    .containsExactly(String.valueOf(count)));
  }

  static void awaitCaughtUp() throws Exception {
    awaitCaughtUp(SOON);
  }

  static void awaitCaughtUp(Duration patience) throws Exception {
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
        .atMost(patience)
        .untilAsserted(
            () ->
                assertThat(query("select sum(next_offset) from projector_position"))
                    .containsExactly(String.valueOf(sent)));
  }

  static Map<String, List<String>> allRows() throws SQLException {
    var rows = new TreeMap<String, List<String>>();
    for (String table : tables()) {
      if (!table.equals("projector_position")) {
        rows.put(table, query("select to_jsonb(t) from %s t order by 1".formatted(table)));
      }
    }
    return rows;
  }

  static void emptyTables() throws SQLException {
    for (String table : tables()) {
      execute("delete from " + table);
    }
  }

  static List<String> tables() throws SQLException {
    return query(
        "select relname from pg_stat_user_tables where schemaname = 'public' and relname not like"
            + " 'flyway%' and relname not like 'outbox%' and relname not like 'relay%' order by 1");
  }

  static List<String> query(String sql) throws SQLException {
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

  static void execute(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A base whose block of ports is free now. */
  static int freePorts() {
    var random = new Random();
    while (true) {
      int base = 20_000 + random.nextInt(120) * 100;
      if (List.of(60, 61, 70, 71, 80).stream().allMatch(offset -> isFree(base + offset))) {
        return base;
      }
    }
  }

  static boolean isFree(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (java.io.IOException taken) {
      return false;
    }
  }
}
