package io.callsync.projector;

import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.call;
import static io.callsync.projector.Universe.customer;
import static io.callsync.projector.Universe.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.callsync.localstack.Part;
import io.callsync.ops.Audit;
import io.callsync.ops.job.JobState;
import io.callsync.outbox.Outbox;
import io.callsync.projector.Histories.Said;
import io.callsync.projector.Jobs.Difference;
import io.callsync.projector.Jobs.Job;
import io.callsync.schemas.Topic;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replay and rebuild on a real broker, registry and Postgres. */
class RebuildTest extends StackTest {

  private static final int MANY = 100_000;
  private static final Duration LONG = Duration.ofMinutes(4);

  /** Every way in which a hand can spoil rows, the directory's aside. */
  private static final List<String> DAMAGE =
      List.of(
          "update appointments set status = 'spoilt', revision = revision + 5, calcom_v2_booking_id = null where id % 2 = 0",
          "delete from appointments where id % 2 = 1",
          "update appointment_history set cause = 'spoilt' where revision % 2 = 0",
          "delete from appointment_history where revision % 2 = 1",
          "insert into appointment_history select booking_id, revision + 100, appointment_id, event_id, event_type, occurred_at, received_at, source, cause, status from appointment_history",
          "delete from appointment_calls where call_id % 2 = 0",
          "insert into appointment_calls select id, 99999, revision from appointments",
          "delete from booking_alias",
          "delete from appointment_yielded",
          "update calls set retell_call_id = 'spoilt ' || id, revision = 0 where id % 2 = 0",
          "update calls set booking_details = '{}', metadata = '{}', booking_ids = '{x}' where id % 2 = 1",
          "delete from customers where id % 2 = 0",
          "update customers set name = 'Spoilt' where id % 2 = 1");

  private final List<JobWorker> workers = new ArrayList<>();

  private final Jobs jobs = new Jobs(JdbcClient.create(database));

  @AfterEach
  void stopWorkers() {
    workers.forEach(JobWorker::stop);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void a_hundred_thousand_events_are_rebuilt_to_identical_rows_and_one_changed_row_is_found()
      throws Exception {
    List<Said> events = Histories.of(MANY, 4711);
    say(events);
    long began = System.nanoTime();
    startLoop("one");
    awaitCaughtUp(LONG);
    System.out.printf(
        "live: %d events, %.0f a second%n",
        events.size(), events.size() * 1e9 / (System.nanoTime() - began));
    Map<String, List<String>> shown = readModel();

    JobWorker first = startWorker();
    Job verified = done(rebuild(true));
    assertThat(jobs.differences(verified.id(), 9)).isEmpty();
    assertThat(verified.differences()).isZero();
    assertThat(verified.events().done()).isEqualTo(events.size());
    System.out.printf(
        "rebuild: %.0f events a second, compared and ended after %s%n",
        verified.events().perSecond(), Duration.between(verified.startedAt(), verified.endedAt()));

    execute("update appointments set starts_at = starts_at + interval '1 s' where id = 777");
    Job found = done(rebuild(true));
    assertThat(jobs.differences(found.id(), 9))
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.table()).isEqualTo("appointments");
              assertThat(d.row()).startsWith("777:");
              assertThat(d.kind()).isEqualTo("changed");
              assertThat(d.columns().properties()).hasSize(1);
              assertThat(d.columns().at("/starts_at/should").asString()).isNotEmpty();
            });
    assertThat(readModel()).as("verified only").isNotEqualTo(shown);

    Job broken = jobs.add(rebuild(false), null);
    first.wake();
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> job(broken).events().done() > 0);
    first.stop();
    assertThat(job(broken).state()).isEqualTo(JobState.RUNNING);
    long before = job(broken).events().done();
    assertThat(before).isLessThan(events.size());
    startWorker();
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> job(broken).state().hasEnded());
    assertThat(job(broken).state()).isEqualTo(JobState.DONE);
    assertThat(job(broken).differences()).isEqualTo(1);
    assertThat(readModel()).isEqualTo(shown);
    assertThat(query("select nspname from pg_namespace where nspname like 'shadow%'")).isEmpty();

    assertThat(differencesOf(shuffled(events))).isZero();
  }

  @Test
  void live_events_go_on_while_a_rebuild_runs_and_are_no_difference() throws Exception {
    say(Histories.of(10_000, 1));
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    var enough = new AtomicBoolean();
    var talking =
        CompletableFuture.runAsync(
            () -> {
              for (int n = 100_000; !enough.get(); n += 20) {
                sendBookings(n, n + 20);
                long last = 500L + n + 19;
                await()
                    .atMost(SOON)
                    .until(
                        () -> !query("select id from appointments where id = " + last).isEmpty());
              }
            });
    try {
      for (int i = 0; i < 3; i++) {
        Job job = done(rebuild(false));
        assertThat(job.events().done()).isGreaterThanOrEqualTo(10_000);
        assertThat(jobs.differences(job.id(), 9)).isEmpty();
      }
    } finally {
      enough.set(true);
      talking.join();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 4711})
  void whatever_was_spoilt_is_as_before_after_a_rebuild_and_after_a_replay(long world)
      throws Exception {
    sendWorld(world);
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    Map<String, List<String>> before = readModel();

    for (String damage : DAMAGE) {
      execute(damage);
    }
    execute(
        "update companies set name = 'Spoilt'; delete from services; delete from projected_event");
    done(rebuild(false));
    assertThat(readModel()).isEqualTo(before);

    for (String damage : DAMAGE) {
      execute(damage);
    }
    JobOrder all = replayOfAll(true);
    Map<String, List<String>> spoilt = readModel();
    Job planned = done(all);
    assertThat(planned.differences()).isPositive();
    assertThat(readModel()).isEqualTo(spoilt);
    Job mended = done(replayOfAll(false));
    assertThat(readModel()).isEqualTo(before);
    assertThat(mended.differences()).isEqualTo(planned.differences());
  }

  @Test
  void a_replay_of_a_booking_mends_it_and_touches_nothing_else() throws Exception {
    chains(3);
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    Map<String, List<String>> before = readModel();
    List<String> others = versions();
    execute("delete from appointments where id = 502");
    execute("update appointment_history set status = 'spoilt' where appointment_id = 502");
    execute("update calls set status = 'spoilt' where id = 702");
    Job job = done(replayOfBooking("502"));
    assertThat(jobs.differences(job.id(), 9))
        .extracting(Difference::table, Difference::kind)
        .containsExactlyInAnyOrder(
            tuple("appointments", "missing"), tuple("appointment_history", "changed"));
    assertThat(query("select status from calls where id = 702")).containsExactly("spoilt");
    done(replayOfCall("call_2"));
    assertThat(readModel()).isEqualTo(before);
    assertThat(versions()).containsAll(others);
  }

  @Test
  void a_stranger_that_holds_a_bookings_place_is_left_to_the_rebuild() throws Exception {
    chains(2);
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    Map<String, List<String>> before = readModel();
    execute(
        "update appointments set id = 9999, booking_id = gen_random_uuid() where id = 502; delete from appointment_history where appointment_id = 502");
    Job replay = ended(replayOfBooking(bookingId(2).toString()));
    assertThat(replay.state()).isEqualTo(JobState.FAILED);
    assertThat(replay.trouble()).contains("./appointments rebuild");
    done(rebuild(false));
    assertThat(readModel()).isEqualTo(before);
  }

  @Test
  void a_replay_of_a_call_brings_back_its_whole_chain() throws Exception {
    chains(3);
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    Map<String, List<String>> before = readModel();
    execute(
        "delete from calls where id = 702; delete from customers where id = 2; delete from appointments where id = 502; delete from appointment_history where appointment_id = 502");
    done(replayOfCall("702"));
    assertThat(readModel()).isEqualTo(before);
  }

  @Test
  void a_revision_that_the_log_lacks_is_found_and_left_to_the_backfill() throws Exception {
    send(Topic.CALL_EVENTS, "call_1", event(1, "CallStarted", call(1)));
    send(Topic.CALL_EVENTS, "call_1", event(3, "CallAnalyzed", call(1)));
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    Job job = done(rebuild(true));
    assertThat(job.differences()).isZero();
    assertThat(job.missingRevisions()).isEqualTo(1);
    assertThat(jobs.differences(job.id(), 9))
        .singleElement()
        .isEqualTo(
            new Difference(
                "call-events",
                "call_1",
                "revision_missing",
                JsonMapper.shared().readTree("{\"revision\": 2}")));
  }

  @Test
  void what_cannot_be_read_or_shown_keeps_no_rebuild_from_its_end() throws Exception {
    sendBookings(0, 20);
    sendBytes(Topic.BOOKING_EVENTS, "key", new byte[] {1, 2, 3});
    send(
        Topic.BOOKING_EVENTS, "key", event(1, "BookingConfirmed", booking(99).setStatus("nul \0")));
    sendBookings(20, 40);
    startLoop("one");
    awaitCaughtUp();
    startWorker();
    assertThat(done(rebuild(true)).differences()).isZero();
  }

  @Test
  void while_kafka_is_away_a_job_says_so_and_can_be_cancelled() throws Exception {
    sendBookings(0, 20);
    startLoop("one");
    awaitCaughtUp();
    stopLoops();
    stack.kill(Part.KAFKA);
    try {
      Job job = jobs.add(rebuild(false), null);
      startWorker();
      await().atMost(SOON).until(() -> job(job).trouble() != null);
      assertThat(jobs.cancel(job.id())).isTrue();
      await().atMost(SOON).until(() -> job(job).state() == JobState.CANCELLED);
      assertThat(jobs.cancel(job.id())).isFalse();
    } finally {
      startAgain(Part.KAFKA);
    }
  }

  @Test
  void operators_order_watch_and_cancel_by_http() throws Exception {
    chains(1);
    try (var service = startService()) {
      URI ops =
          URI.create(
              "http://127.0.0.1:%s/ops/jobs"
                  .formatted(service.getEnvironment().getProperty("local.server.port")));
      awaitCaughtUp();
      execute("delete from appointments");
      assertThat(HTTP.send(get(ops), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      JsonNode job =
          ask(
              200,
              ops,
              "POST",
              "{\"kind\":\"replay\",\"call\":\"call_1\",\"author\":\"erika\",\"reason\":\"gone\"}");
      URI one = URI.create(ops + "/" + job.path("id").asLong());
      await()
          .atMost(SOON)
          .until(() -> ask(200, one, "GET", "").path("state").asString().equals("done"));
      assertThat(query("select id from appointments")).containsExactly("501");
      JsonNode ended = ask(200, one, "GET", "");
      assertThat(ended.path("differences").asInt()).isEqualTo(1);
      assertThat(ended.at("/found/0/kind").asString()).isEqualTo("missing");
      assertThat(ended.at("/order/author").asString()).isEqualTo("erika");
      assertThat(ask(200, ops, "GET", "").path("jobs")).hasSize(1);
      assertThat(ask(409, one, "DELETE", "").path("code").asString()).isEqualTo("job_ended");
      assertThat(refusal(ops, "{\"kind\":\"replay\",\"author\":\"e\",\"reason\":\"r\"}", 400))
          .isEqualTo("selection_wrong");
      assertThat(refusal(ops, "{\"kind\":\"rebuild\"}", 400)).isEqualTo("author_or_reason_missing");
      assertThat(refusal(ops, "{\"from\":\"yesterday\"}", 400)).isEqualTo("order_unreadable");
      assertThat(
              refusal(
                  ops,
                  "{\"kind\":\"replay\",\"booking\":\"77\",\"author\":\"e\",\"reason\":\"r\"}",
                  404))
          .isEqualTo("never_shown");
    }
  }

  private static JobOrder rebuild(boolean dryRun) {
    return order(JobOrder.REBUILD, null, null, null, dryRun);
  }

  private static JobOrder replayOfBooking(String booking) {
    return order(JobOrder.REPLAY, null, booking, null, false);
  }

  private static JobOrder replayOfCall(String call) {
    return order(JobOrder.REPLAY, null, null, call, false);
  }

  private static JobOrder replayOfAll(boolean dryRun) {
    return order(JobOrder.REPLAY, Instant.EPOCH, null, null, dryRun);
  }

  private static JobOrder order(
      String kind, Instant from, String booking, String call, boolean dryRun) {
    return new JobOrder(
        kind, from, null, booking, call, null, null, null, dryRun, "test", "a promise");
  }

  private static String refusal(URI ops, String order, int status) throws Exception {
    return ask(status, ops, "POST", order).path("code").asString();
  }

  private static JsonNode ask(int status, URI uri, String method, String body) throws Exception {
    HttpResponse<String> answer =
        HTTP.send(
            HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return JsonMapper.shared().readTree(answer.body());
  }

  private JobWorker startWorker() {
    var worker =
        new JobWorker(
            new ProjectorProperties(stack.addresses().kafka(), stack.addresses().registry(), "w"),
            database,
            new Audit(database, new Outbox(database), "appointment-projector"));
    workers.add(worker);
    worker.start();
    return worker;
  }

  private Job job(Job job) {
    return jobs.find(job.id()).orElseThrow();
  }

  /** Orders a job and waits for its good end. */
  private Job done(JobOrder order) {
    Job job = ended(order);
    assertThat(job.state()).as(job.trouble()).isEqualTo(JobState.DONE);
    return job;
  }

  private Job ended(JobOrder order) {
    Job job =
        jobs.add(
            Orders.accepted(order, new EventIndex(JdbcClient.create(database)), Instant.now()),
            null);
    workers.getLast().wake();
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> job(job).state().hasEnded());
    return job(job);
  }

  /** Whole chains: call n + 700, customer n, appointment n + 500. */
  private static void chains(int count) {
    for (int n = 1; n <= count; n++) {
      send(Topic.CUSTOMER_EVENTS, String.valueOf(n), customer(1, n, "Erika Beispiel"));
      send(Topic.CALL_EVENTS, "call_" + n, event(1, "CallStarted", call(n)));
      send(Topic.CALL_EVENTS, "call_" + n, event(2, "CallLinked", call(n).setCustomerId((long) n)));
      send(
          Topic.BOOKING_EVENTS,
          bookingId(n).toString(),
          event(1, "BookingConfirmed", booking(n).setCustomerId((long) n)));
    }
  }

  private static void say(List<Said> events) {
    for (Said said : events) {
      producer.send(
          new ProducerRecord<>(
              said.topic().topicName(),
              said.key().getBytes(UTF_8),
              framed(said.event(), said.topic())));
    }
    producer.flush();
  }

  private static List<Said> shuffled(List<Said> events) {
    var shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, new Random(99));
    return shuffled;
  }

  /** How the live rows differ from the fold of these events, the places in the log aside. */
  private static long differencesOf(List<Said> events) throws Exception {
    var shadow = new Shadow(database, 999_999);
    shadow.prepare();
    try {
      var store = new ReadModelStore(database, shadow.schema());
      for (int from = 0; from < events.size(); from += 5000) {
        List<Change> changes =
            events.subList(from, Math.min(from + 5000, events.size())).stream()
                .map(s -> Change.of(s.event()))
                .toList();
        store.commit(new Batch(ReadModel.fold(ReadModel.empty(), changes), List.of(), Map.of()));
      }
      execute(
          "insert into %s.projected_event select * from projected_event"
              .formatted(shadow.schema()));
      return Snapshot.run(
          database,
          (connection, jdbc) -> {
            long id = new Jobs(jdbc).add(rebuild(true), null).id();
            new Jobs(jdbc).end(id, JobState.DONE, null);
            return new Comparison(connection, id, false).withSchema(shadow.schema());
          });
    } finally {
      shadow.drop();
    }
  }

  private static Map<String, List<String>> readModel() throws Exception {
    Map<String, List<String>> rows = allRows();
    rows.keySet().removeIf(table -> table.startsWith("job"));
    return rows;
  }

  /** Which row was written by which transaction. */
  private static List<String> versions() throws Exception {
    return query(
        "select 'a' || id || ' ' || xmin from appointments where id <> 502 union all select 'c' || id || ' ' || xmin from calls where id <> 702 union all select 'u' || id || ' ' || xmin from customers");
  }
}
