package io.callsync.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Meta;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackSettings;
import io.callsync.localstack.http.JsonClient;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.Personal;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import tools.jackson.databind.JsonNode;

/**
 * How fast a rebuild folds 100,000 events, beside the least that it could cost in the same run: a
 * plain consumer that decodes the same events and upserts them in batches, without any logic. It
 * writes events of its own into the log: for a stack of {@code up --only
 * kafka,postgres,registry,projector} that is reset afterwards.
 */
public final class RebuildRatio {

  private static final int BOOKINGS = 50_000;
  private static final int EVENTS = 2 * BOOKINGS;
  private static final int BATCH = 5_000;
  private static final Instant DAY = Instant.parse("2026-03-10T09:00:00Z");

  private final LocalStack stack;
  private final JsonClient client;
  private final URI jobs;
  private final SchemaRegistry registry;

  private RebuildRatio(LocalStack stack) {
    this.stack = stack;
    this.client = new JsonClient(stack.settings().secrets().operatorToken());
    this.jobs = stack.addresses().projector().resolve("/ops/jobs");
    this.registry = new SchemaRegistry(stack.addresses().registry());
  }

  public static void main(String[] arguments) throws SQLException {
    Path checkout = StackSettings.findCheckout(Path.of(""));
    Path home = StackSettings.home(checkout, System.getenv());
    LocalStack stack =
        new LocalStack(StackSettings.load(checkout, home, null, System.getenv()), line -> {});
    if (!stack.isHealthy(Part.PROJECTOR) || stack.isHealthy(Part.GATEWAY)) {
      System.err.println(
          "run ./appointments up --only kafka,postgres,registry,projector on a fresh data folder first");
      System.exit(1);
    }
    new RebuildRatio(stack).run();
  }

  private void run() throws SQLException {
    long said = say();
    awaitShown();
    System.out.printf("%,d events in the log%n", said);
    for (int round = 1; round <= 3; round++) {
      double plain = plain();
      double rebuild = rebuild();
      System.out.printf(
          "plain consumer and upsert %,.0f events/s, rebuild %,.0f events/s, ratio %.2f%n",
          plain, rebuild, rebuild / plain);
    }
  }

  private long say() {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", stack.addresses().kafka(), "linger.ms", 20),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long revision = 1; revision <= 2; revision++) {
        for (int n = 1; n <= BOOKINGS; n++) {
          BookingEvent event = event(n, revision);
          byte[] value =
              WireFormat.frame(
                  registry.idOf(Topic.BOOKING_EVENTS, event.getSchema()),
                  AvroBody.of(event).bytes());
          var _ =
              producer.send(
                  new ProducerRecord<>(
                      Topic.BOOKING_EVENTS.topicName(),
                      event.getBooking().getBookingId().getBytes(UTF_8),
                      value));
        }
      }
    }
    return EVENTS;
  }

  private static BookingEvent event(int n, long revision) {
    Meta meta =
        Meta.newBuilder()
            .setEventId(new UUID(revision, n).toString())
            .setType(revision == 1 ? "BookingRequested" : "BookingConfirmed")
            .setRevision(revision)
            .setOccurredAt(DAY)
            .setReceivedAt(DAY)
            .setSource("retell_phone")
            .setCause("delivery:" + n)
            .setCompanyId(1L)
            .build();
    Booking booking =
        Booking.newBuilder()
            .setBookingId(new UUID(0, n).toString())
            .setAppointmentId(n)
            .setCalcomAccount("default")
            .setCalcomBookingId(700_000L + n)
            .setCalcomUid("uid" + n)
            .setUidChain(List.of("uid" + n))
            .setCallId((long) n)
            .setRetellCallId("call_" + n)
            .setCustomerId((long) n)
            .setCompanyId(1L)
            .setServiceId(1L)
            .setStartsAt(DAY.plusSeconds(60L * n))
            .setEndsAt(DAY.plusSeconds(60L * n + 1800))
            .setTimezone("Europe/Berlin")
            .setStatus(revision == 1 ? "requested" : "confirmed")
            .setSource("retell_phone")
            .setRequestId(new UUID(1, n).toString())
            .setRequestedAt(DAY)
            .setWishedStart(DAY.plusSeconds(60L * n))
            .setAttendee(Personal.seal(Map.of("name", "Erika Beispiel", "phone", "+491713920001")))
            .build();
    return BookingEvent.newBuilder().setMeta(meta).setBooking(booking).build();
  }

  private void awaitShown() throws SQLException {
    long shown = 0;
    while (shown < EVENTS) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      try (Connection connection = stack.connect("appointments");
          Statement statement = connection.createStatement();
          var result = statement.executeQuery("select count(*) from projected_event")) {
        result.next();
        shown = result.getLong(1);
      }
    }
  }

  /** Events a second of a consumer that upserts id, revision, status, start and phone. */
  private double plain() throws SQLException {
    long began = System.nanoTime();
    try (Connection connection = stack.connect("appointments");
        Statement statement = connection.createStatement();
        var consumer = consumer()) {
      connection.setAutoCommit(false);
      statement.execute("drop table if exists plain_upsert");
      statement.execute(
          "create unlogged table plain_upsert (id bigint primary key, revision bigint, status text, starts_at text, attendee bytea)");
      connection.commit();
      int seen = 0;
      while (seen < EVENTS) {
        List<BookingEvent> batch = new ArrayList<>(BATCH);
        var deserializer = new EventDeserializer(registry);
        while (batch.size() < BATCH && seen + batch.size() < EVENTS) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            if (deserializer.deserialize(record.topic(), record.value())
                instanceof BookingEvent event) {
              batch.add(event);
            }
          }
        }
        upsert(connection, batch);
        seen += batch.size();
      }
      statement.execute("drop table plain_upsert");
      connection.commit();
    }
    return EVENTS * 1e9 / (System.nanoTime() - began);
  }

  private static void upsert(Connection connection, List<BookingEvent> batch) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            insert into plain_upsert values (?, ?, ?, ?, ?)
            on conflict (id) do update set revision = excluded.revision, status = excluded.status,
              starts_at = excluded.starts_at, attendee = excluded.attendee""")) {
      for (BookingEvent event : batch) {
        Booking booking = event.getBooking();
        upsert.setLong(1, booking.getAppointmentId());
        upsert.setLong(2, event.getMeta().getRevision());
        upsert.setString(3, booking.getStatus());
        upsert.setString(4, String.valueOf(booking.getStartsAt()));
        upsert.setBytes(5, booking.getAttendee().getPayload().array());
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
    connection.commit();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", stack.addresses().kafka(), "max.poll.records", BATCH),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, Topic.PARTITIONS)
            .mapToObj(p -> new TopicPartition(Topic.BOOKING_EVENTS.topicName(), p))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** Events a second of a whole rebuild, its comparison over all columns included. */
  private double rebuild() {
    long began = System.nanoTime();
    JsonNode job =
        client.post(
            jobs,
            Map.of("kind", "rebuild", "dryRun", true, "author", "bench", "reason", "a figure"));
    URI mine = URI.create(jobs + "/" + job.path("id").asLong());
    String state = "waiting";
    while (state.equals("waiting") || state.equals("running")) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      job = client.get(mine);
      state = job.path("state").asString();
    }
    if (!state.equals("done") || job.path("differences").asLong() != 0) {
      throw new IllegalStateException("the rebuild ended " + job);
    }
    return EVENTS * 1e9 / (System.nanoTime() - began);
  }
}
