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

import io.callsync.events.BookingEvent;
import io.callsync.localstack.Part;
import io.callsync.outbox.SchemaRefusal;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.junit.jupiter.api.Test;

/** The loop on a real broker, registry and Postgres, each its own process. */
class ProjectionLoopTest extends StackTest {

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

    // What comes again is no new letter, and what was decided about it stands.
    execute("update dead_letter set state = 'dropped' where source_offset = 0");
    stopLoops();
    execute("delete from projector_position");
    startLoop("one");
    awaitCaughtUp();
    assertThat(readAll(Topic.BOOKING_EVENTS.deadLetterTopicName(), bad.size())).hasSize(bad.size());
    assertThat(query("select state from dead_letter order by source_offset"))
        .containsExactly("dropped", "open", "open", "open", "open", "open");
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
}
