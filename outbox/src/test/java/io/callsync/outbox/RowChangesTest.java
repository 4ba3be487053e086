package io.callsync.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callsync.events.ChainChanged;
import io.callsync.schemas.Personal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Row changes of a read model, whoever wrote them. */
class RowChangesTest {

  private TestDatabase db;
  private Received received;
  private Relay relay;

  @BeforeEach
  void open() throws Exception {
    db = new TestDatabase().withOutbox();
    db.jdbc
        .sql(
            """
            create table appointments (
              id bigint primary key, booking_id uuid not null, call_id bigint, calcom_v2_booking_id bigint,
              status text not null, starts_at timestamptz, metadata jsonb not null, attendee_name text, uids text[], big text);
            create table appointment_calls (
              appointment_id bigint, call_id bigint, revision bigint not null, primary key (appointment_id, call_id));
            create table companies (id bigint primary key, name text)""")
        .update();
    received = db.received();
    relay =
        db.relay(
            new RowChangeSource(db.name, List.of("appointments", "appointment_calls")),
            Duration.ofHours(24));
  }

  @AfterEach
  void close() throws Exception {
    received.close();
    db.close();
  }

  @Test
  void an_insert_and_an_update_carry_links_and_whole_rows_before_and_after() throws Exception {
    relay.start();
    RelayTest.awaitLeading(relay);
    Instant before =
        db.value("select clock_timestamp()", java.time.OffsetDateTime.class).toInstant();
    insert(7);
    db.jdbc.sql("update appointments set call_id = null, status = 'cancelled'").update();

    await().untilAsserted(() -> assertThat(changes("appointments:7")).hasSize(2));
    ChainChanged made = changes("appointments:7").getFirst();
    assertThat(made.getOp()).isEqualTo("c");
    assertThat(made.getTable()).isEqualTo("appointments");
    assertThat(made.getRowId()).isEqualTo("7");
    assertThat(made.getBefore()).isNull();
    assertThat(made.getLinks())
        .containsEntry("id", "7")
        .containsEntry("call_id", "559")
        .containsEntry("calcom_v2_booking_id", "9007199254740993")
        .containsEntry("status", "confirmed")
        .containsEntry("booking_id", "3f0f3b5e-7b3e-4a41-9d5c-0c1f0d4d9a01")
        .doesNotContainKey("attendee_name");
    assertThat(Instant.EPOCH.plusNanos(made.getCommitTimeMicros() * 1000))
        .isBetween(before, Instant.now().plusSeconds(1));
    assertThat(made.getTransactionId()).isPositive();

    ChainChanged changed = changes("appointments:7").getLast();
    assertThat(changed.getOp()).isEqualTo("u");
    assertThat(changed.getLinksBefore()).containsEntry("call_id", "559");
    assertThat(changed.getLinks())
        .doesNotContainKey("call_id")
        .containsEntry("status", "cancelled");
    assertThat(changed.getLsn()).isGreaterThan(made.getLsn());
    assertThat(Personal.open(changed.getBefore())).isEqualTo(Personal.open(made.getAfter()));
    assertThat(Personal.text(changed.getAfter(), "attendee_name")).isEqualTo("Erika Beispiel");
    assertThat(Personal.text(changed.getAfter(), "big")).hasSize(20_000);
  }

  @Test
  void a_delete_says_what_was_there_and_a_table_that_was_not_asked_for_says_nothing()
      throws Exception {
    relay.start();
    RelayTest.awaitLeading(relay);
    db.jdbc.sql("insert into companies values (1, 'Praxis')").update();
    db.jdbc.sql("insert into appointment_calls values (7, 559, 1)").update();
    db.jdbc.sql("delete from appointment_calls").update();

    await().untilAsserted(() -> assertThat(changes("appointment_calls:7:559")).hasSize(2));
    ChainChanged gone = changes("appointment_calls:7:559").getLast();
    assertThat(gone.getOp()).isEqualTo("d");
    assertThat(gone.getAfter()).isNull();
    assertThat(gone.getLinks()).isEmpty();
    assertThat(gone.getLinksBefore())
        .containsEntry("appointment_id", "7")
        .containsEntry("call_id", "559");
    assertThat(changes("companies:1")).isEmpty();
  }

  @Test
  void in_doubt_every_row_is_sent_as_it_is_and_looks_as_if_it_had_been_streamed() throws Exception {
    insert(7);
    relay.start();
    RelayTest.awaitLeading(relay);
    db.jdbc.sql("update appointments set attendee_name = attendee_name").update();

    await().untilAsserted(() -> assertThat(changes("appointments:7")).hasSize(2));
    ChainChanged kept = changes("appointments:7").getFirst();
    ChainChanged streamed = changes("appointments:7").getLast();
    assertThat(kept.getOp()).isEqualTo("r");
    assertThat(kept.getLinks()).isEqualTo(streamed.getLinks());
    assertThat(Personal.open(kept.getAfter())).isEqualTo(Personal.open(streamed.getAfter()));
    assertThat(kept.getLsn()).isLessThan(streamed.getLsn());
  }

  @Test
  void a_column_that_is_added_later_is_relayed() throws Exception {
    relay.start();
    RelayTest.awaitLeading(relay);
    db.jdbc.sql("alter table appointments add column note text").update();
    insert(8);
    db.jdbc.sql("update appointments set note = 'later' where id = 8").update();

    await().untilAsserted(() -> assertThat(changes("appointments:8")).hasSize(2));
    assertThat(Personal.text(changes("appointments:8").getLast().getAfter(), "note"))
        .isEqualTo("later");
  }

  @Test
  void a_row_too_large_for_kafka_still_tells_its_links() throws Exception {
    relay.start();
    RelayTest.awaitLeading(relay);
    db.jdbc
        .sql(
            """
            insert into appointments (id, booking_id, status, metadata, big)
            values (9, gen_random_uuid(), 'confirmed', '{}', repeat('x', 2000000))""")
        .update();

    await().untilAsserted(() -> assertThat(changes("appointments:9")).hasSize(1));
    ChainChanged change = changes("appointments:9").getFirst();
    assertThat(change.getAfter()).isNull();
    assertThat(change.getLinks()).containsEntry("id", "9").containsEntry("status", "confirmed");
  }

  @Test
  void what_the_service_has_to_say_itself_goes_the_same_way_and_its_upkeep_says_nothing()
      throws Exception {
    relay.start();
    RelayTest.awaitLeading(relay);
    db.append(Events.customer("own", 1));
    await().untilAsserted(() -> assertThat(received.of("own")).hasSize(1));
    db.jdbc.sql("delete from outbox").update();
    insert(7);
    await().untilAsserted(() -> assertThat(changes("appointments:7")).hasSize(1));
    assertThat(received.of("own")).hasSize(1);
    assertThat(received.all()).filteredOn(r -> r.key().startsWith("outbox")).isEmpty();
  }

  @Test
  void a_publication_of_before_learns_of_the_outbox() throws Exception {
    db.jdbc
        .sql(
            "create publication %s for table appointments with (publish = 'insert, update, delete')"
                .formatted(db.name))
        .update();
    relay.start();
    RelayTest.awaitLeading(relay);
    db.append(Events.customer("later", 1));
    await().untilAsserted(() -> assertThat(received.of("later")).hasSize(1));
  }

  private void insert(long id) {
    db.jdbc
        .sql(
            """
            insert into appointments values (?, '3f0f3b5e-7b3e-4a41-9d5c-0c1f0d4d9a01', 559, 9007199254740993, 'confirmed',
              '2026-12-01T09:30:00.120+01', '{"uid_chain": ["a", "b"], "n": 1.50}', 'Erika Beispiel',
              array['x', 'y'], repeat(md5('toasted'), 625))""")
        .param(id)
        .update();
  }

  private List<ChainChanged> changes(String key) {
    return received
        .of(key)
        .filter(r -> r.topic().equals("chain-changes"))
        .map(r -> (ChainChanged) received.event(r))
        .toList();
  }
}
