package io.callsync.projector;

import static io.callsync.projector.TestDatabase.query;
import static io.callsync.projector.TestDatabase.rows;
import static io.callsync.projector.TestDatabase.rowsOf;
import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.call;
import static io.callsync.projector.Universe.customer;
import static io.callsync.projector.Universe.directory;
import static io.callsync.projector.Universe.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.Company;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadModelStoreTest {

  private static final TopicPartition BOOKINGS = new TopicPartition("booking-events", 0);

  private final ReadModelStore store = new ReadModelStore(TestDatabase.dataSource());

  @BeforeEach
  void empty() throws SQLException {
    TestDatabase.empty();
  }

  @Property(tries = 150)
  void any_order_repetition_and_batching_gives_identical_rows_and_history(
      @ForAll long world, @ForAll long order) throws SQLException {
    empty();
    List<SpecificRecord> events = Universe.world(world);
    for (List<SpecificRecord> batch : batches(Universe.shuffled(events, order), order)) {
      commit(batch);
    }
    assertShows(fold(events));
  }

  @Property(tries = 40)
  void instances_that_write_at_the_same_time_give_the_rows_of_one(
      @ForAll long world, @ForAll long order) throws Exception {
    empty();
    List<SpecificRecord> events = Universe.world(world);
    List<Callable<Void>> instances = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<List<SpecificRecord>> batches = batches(Universe.shuffled(events, order + i), order + i);
      instances.add(
          () -> {
            for (List<SpecificRecord> batch : batches) {
              commitUntilTaken(batch);
            }
            return null;
          });
    }
    try (var threads = Executors.newFixedThreadPool(3)) {
      for (Future<Void> instance : threads.invokeAll(instances)) {
        instance.get();
      }
    }
    assertShows(fold(events));
  }

  @Test
  void WH_03_all_orders_of_a_calls_events_give_the_same_row() throws SQLException {
    List<SpecificRecord> life =
        List.of(
            event(1, "CallStarted", call(1)),
            event(2, "CallEnded", call(1).setStatus("ended")),
            event(3, "CallAnalyzed", call(1).setStatus("ended").setAnalyzed(true)));
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      empty();
      for (int i : order) {
        commit(List.of(life.get(i)));
      }
      assertShows(fold(life));
    }
  }

  @Test
  void WH_05_a_later_poorer_opinion_stands_beside_our_fact() throws SQLException {
    commit(
        List.of(
            event(1, "CallLinked", call(1).setBookingConfirmed(true)),
            event(2, "CallAnalyzed", call(1).setBookingConfirmed(true).setCallSuccessful(false))));
    assertThat(query("select booking_confirmed::text || call_successful || company_id from calls"))
        .containsExactly("truefalse1");
  }

  @Test
  void CTX_01_the_function_before_the_call_is_completed_by_it() throws SQLException {
    commit(
        List.of(
            event(1, "BookingConfirmed", booking(1)),
            event(1, "CallLinked", call(1).setStartedAt(null).setStatus("ongoing"))));
    commit(List.of(event(2, "CallStarted", call(1))));
    assertThat(
            query(
                "select a.id || ' ' || c.retell_call_id || ' ' || (c.started_at is not null) from appointments a join calls c on c.id = a.call_id"))
        .containsExactly("501 call_1 true");
  }

  @Test
  void CAL_02_a_twice_rescheduled_and_cancelled_booking_is_one_row_with_its_whole_history()
      throws SQLException {
    commit(
        List.of(
            event(1, "BookingConfirmed", booking(1)),
            event(2, "BookingRescheduled", booking(1).setCalcomBookingId(9101L).setCalcomUid("u2")),
            event(3, "BookingRescheduled", booking(1).setCalcomBookingId(9102L).setCalcomUid("u3")),
            event(
                4,
                "BookingCancelled",
                booking(1).setCalcomBookingId(9102L).setCalcomUid("u3").setStatus("cancelled"))));
    assertThat(
            query(
                "select concat_ws(' ', id, calcom_v2_booking_id, external_id, status) from appointments"))
        .containsExactly("501 9102 u3 cancelled");
    assertThat(
            query(
                "select event_type || ' ' || calcom_uid from appointment_history order by revision"))
        .containsExactly(
            "BookingConfirmed uid1",
            "BookingRescheduled u2",
            "BookingRescheduled u3",
            "BookingCancelled u3");
  }

  @Test
  void CAL_06_a_moved_appointment_stays_confirmed_at_its_new_time() throws SQLException {
    commit(List.of(event(1, "BookingConfirmed", booking(1))));
    commit(
        List.of(
            event(
                2,
                "BookingRescheduled",
                booking(1)
                    .setPreviousStartsAt(booking(1).getStartsAt())
                    .setStartsAt(booking(1).getStartsAt().plusSeconds(3600)))));
    assertThat(
            query(
                "select status || ' ' || (starts_at - (metadata->>'previous_starts_at')::timestamptz) from appointments"))
        .containsExactly("confirmed 01:00:00");
  }

  @Test
  void a_stale_event_brings_nothing_back_that_a_later_one_took_away() throws SQLException {
    commit(List.of(event(3, "BookingFailed", booking(1).setStatus("failed"))));
    commit(List.of(event(2, "BookingConfirmed", booking(1))));
    assertThat(rows(Tables.APPOINTMENTS)).isEmpty();
    commit(
        List.of(
            event(
                2, "BookingIdentified", booking(2).setAliases(List.of(bookingId(3).toString())))));
    commit(List.of(event(9, "BookingConfirmed", booking(3))));
    assertThat(query("select id from appointments")).containsExactly("502");
  }

  @Test
  void a_row_deleted_by_hand_comes_back_with_the_next_event() throws SQLException {
    commit(List.of(event(1, "BookingConfirmed", booking(1)), event(1, "CallStarted", call(1))));
    TestDatabase.execute("delete from appointments; delete from calls");
    commit(List.of(event(2, "BookingCorrected", booking(1)), event(2, "CallEnded", call(1))));
    assertThat(rows(Tables.APPOINTMENTS)).hasSize(1);
    assertThat(rows(Tables.CALLS)).hasSize(1);
  }

  @Test
  void a_duplicate_writes_nothing() throws SQLException {
    List<SpecificRecord> events =
        List.of(
            event(1, "BookingConfirmed", booking(1).setFurtherCallIds(List.of(7L))),
            event(1, "CallStarted", call(1)),
            customer(1, 1, "Erika Beispiel"));
    commit(events);
    String versions =
        "select string_agg(x, ',') from (select xmin::text x from calls union all select xmin::text from customers union all select xmin::text from appointments union all select xmin::text from appointment_calls) all_rows";
    List<String> before = query(versions);
    commit(events);
    assertThat(query(versions)).isEqualTo(before);
  }

  @Test
  void a_calcom_id_changes_hands_in_any_order_of_the_two_events() throws SQLException {
    SpecificRecord lost = event(2, "BookingCorrected", booking(1).setCalcomBookingId(9050L));
    SpecificRecord won = event(2, "BookingCorrected", booking(2).setCalcomBookingId(9001L));
    for (List<SpecificRecord> order : List.of(List.of(lost, won), List.of(won, lost))) {
      empty();
      commit(
          List.of(
              event(1, "BookingConfirmed", booking(1)), event(1, "BookingConfirmed", booking(2))));
      commit(List.of(order.get(0)));
      commit(List.of(order.get(1)));
      assertThat(query("select id || ' ' || calcom_v2_booking_id from appointments order by id"))
          .containsExactly("501 9050", "502 9001");
      assertThat(rows(Tables.YIELDED)).isEmpty();
    }
  }

  @Test
  void of_two_bookings_that_claim_one_booking_of_calcom_the_first_has_it_and_nothing_stops()
      throws SQLException {
    commit(List.of(event(1, "BookingConfirmed", booking(2).setCalcomBookingId(9001L))));
    commit(
        List.of(
            event(1, "BookingConfirmed", booking(1)), event(1, "BookingConfirmed", booking(3))));
    assertThat(query("select id from appointments order by id")).containsExactly("501", "503");
    assertThat(query("select id from appointment_yielded")).containsExactly("502");
    commit(
        List.of(
            event(
                2,
                "BookingIdentified",
                booking(1).setStatus("aliased").setAliasOf(bookingId(2).toString()))));
    assertThat(query("select id from appointments order by id")).containsExactly("502", "503");
  }

  @Test
  void what_was_deleted_from_the_directory_does_not_come_back_by_an_older_event()
      throws SQLException {
    Company company = Company.newBuilder().setId(1).setName("A").build();
    commit(List.of(directory(2, true, company)));
    commit(List.of(directory(1, false, company)));
    assertThat(query("select id from companies")).isEmpty();
    commit(List.of(directory(3, false, company)));
    assertThat(query("select id from companies")).containsExactly("1");
  }

  @Test
  void a_position_never_moves_back() throws SQLException {
    store.commit(new Batch(ReadModel.empty(), List.of(), Map.of(BOOKINGS, 10L)));
    store.commit(new Batch(ReadModel.empty(), List.of(), Map.of(BOOKINGS, 4L)));
    assertThat(store.positions()).containsExactly(Map.entry(BOOKINGS, 10L));
  }

  @Test
  void those_who_only_look_may_read_every_table() throws SQLException {
    assertThat(
            query(
                "select count(*) from pg_stat_user_tables where not has_table_privilege('callsync_reader', relid, 'select')"))
        .containsExactly("0");
  }

  private void commit(List<SpecificRecord> events) throws SQLException {
    store.commit(new Batch(fold(events), List.of(), Map.of(BOOKINGS, 1L)));
  }

  private void commitUntilTaken(List<SpecificRecord> events) throws SQLException {
    while (true) {
      try {
        commit(events);
        return;
      } catch (SQLException e) {
        if (!"40P01".equals(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  private static ReadModel fold(Collection<SpecificRecord> events) {
    return ReadModel.fold(ReadModel.empty(), events.stream().map(Change::of).toList());
  }

  private static List<List<SpecificRecord>> batches(List<SpecificRecord> events, long seed) {
    var random = new Random(seed);
    var batches = new ArrayList<List<SpecificRecord>>();
    for (int from = 0; from < events.size(); ) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(12));
      batches.add(events.subList(from, to));
      from = to;
    }
    return batches;
  }

  /** Every table, every column. */
  private static void assertShows(ReadModel expected) throws SQLException {
    assertShows(Tables.CALLS, expected.calls().values());
    assertShows(Tables.CUSTOMERS, expected.customers().values());
    assertShows(Tables.APPOINTMENTS, expected.appointments());
    assertShows(Tables.YIELDED, expected.yielded());
    assertShows(Tables.APPOINTMENT_CALLS, expected.furtherCalls());
    assertShows(Tables.HISTORY, expected.history().values());
    assertShows(Tables.ALIASES, expected.aliases().entrySet());
    for (DirectoryTable kind : DirectoryTable.values()) {
      assertShows(
          kind.table(),
          expected.directory().values().stream()
              .filter(e -> e.table() == kind && !e.deleted())
              .toList());
    }
  }

  private static <R> void assertShows(Table<R> table, Collection<? extends R> expected)
      throws SQLException {
    assertThat(rows(table)).as(table.name()).isEqualTo(rowsOf(table, expected));
  }
}
