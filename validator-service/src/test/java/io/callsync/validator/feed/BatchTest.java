package io.callsync.validator.feed;

import static io.callsync.validator.Databases.BOOKING;
import static io.callsync.validator.Databases.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.ChainChanged;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.Personal;
import io.callsync.validator.Databases;
import io.callsync.validator.check.Due;
import io.callsync.validator.expectation.Expectations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read says what should be there and which chains to look at. */
class BatchTest {

  private final Databases databases = new Databases();
  private final Expectations expectations = databases.expectations;
  private final Due due = new Due(databases.own);
  private final Batch events = new EventBatch(expectations, due, databases.properties);
  private final Batch changes = new ChangeBatch(expectations, due, databases.properties);

  @BeforeEach
  void nothingIsKnown() {
    databases.own.sql("delete from expected_booking; delete from expected_call").update();
  }

  @AfterEach
  void close() {
    databases.readModel.close();
  }

  @Test
  void the_highest_revision_wins_in_any_order_and_however_often() {
    List<SpecificRecord> all =
        List.of(
            booking(1, 559L, "requested"),
            booking(2, 559L, "confirmed"),
            booking(3, 559L, "cancelled"),
            call(1, null),
            call(2, 17L));
    for (int seed = 0; seed < 10; seed++) {
      nothingIsKnown();
      List<SpecificRecord> shuffled = new ArrayList<>(all);
      shuffled.addAll(all);
      Collections.shuffle(shuffled, new Random(seed));
      take(events, shuffled.subList(0, 4));
      take(events, shuffled.subList(4, 10));
      assertThat(expectations.bookings(List.of(559L), List.of()))
          .singleElement()
          .satisfies(b -> assertThat(b.status()).isEqualTo("cancelled"));
      assertThat(expectations.calls(List.of(559L)).get(559L).customerId()).isEqualTo(17L);
    }
  }

  @Test
  void a_booking_that_gets_a_call_leaves_its_own_chain_to_be_looked_at() {
    take(events, List.of(booking(1, null, "confirmed")));
    assertThat(marked()).containsExactly("booking:" + BOOKING);
    take(events, List.of(booking(2, 559L, "confirmed")));
    assertThat(marked()).containsExactly("booking:" + BOOKING, "call:559");
  }

  @Test
  void a_customer_marks_the_chains_that_use_it() {
    take(events, List.of(call(2, 17L), booking(1, null, "confirmed")));
    assertThat(marked()).contains("call:559");
    take(events, List.of(customer(18)));
    assertThat(marked()).isEmpty();
    take(events, List.of(customer(17)));
    assertThat(marked()).containsExactly("booking:" + BOOKING, "call:559");
  }

  @Test
  void a_row_that_changes_marks_the_chain_before_and_after_and_the_one_the_events_name() {
    take(events, List.of(booking(1, 559L, "confirmed")));
    marked();
    take(
        changes,
        List.of(
            change(
                "appointments",
                "u",
                Map.of("id", "7", "booking_id", BOOKING.toString(), "call_id", "560"),
                Map.of("id", "7", "booking_id", BOOKING.toString(), "call_id", "561"))));
    assertThat(marked()).containsExactly("call:559", "call:560", "call:561");
  }

  @Test
  void a_row_without_a_call_is_a_chain_of_its_own() {
    take(
        changes,
        List.of(
            change(
                "appointments",
                "d",
                Map.of("id", "7", "booking_id", BOOKING.toString()),
                Map.of())));
    assertThat(marked()).containsExactly("booking:" + BOOKING);
  }

  @Test
  void a_customer_who_vanishes_marks_chains_and_one_who_changes_the_name_does_not() {
    take(events, List.of(call(2, 17L)));
    marked();
    Map<String, String> links = Map.of("id", "17", "company_id", "1");
    take(changes, List.of(change("customers", "u", links, links)));
    assertThat(marked()).isEmpty();
    take(changes, List.of(change("customers", "d", links, Map.of())));
    assertThat(marked()).containsExactly("call:559");
    take(changes, List.of(change("customers", "u", links, Map.of("id", "17", "company_id", "2"))));
    assertThat(marked()).containsExactly("call:559");
    take(changes, List.of(change("companies", "c", Map.of(), Map.of("id", "1"))));
    assertThat(marked()).containsExactly("call:559");
  }

  @Test
  void tables_that_no_rule_looks_at_and_unknown_ones_are_passed_over() {
    take(
        changes,
        List.of(
            change("services", "u", Map.of("id", "3"), Map.of("id", "3")),
            change("newcomer", "c", Map.of(), Map.of("id", "x"))));
    assertThat(marked()).isEmpty();
  }

  private void take(Batch batch, List<SpecificRecord> records) {
    databases.transaction.executeWithoutResult(status -> batch.take(records, START));
  }

  /** The chains that are due, which then are no longer. */
  private List<String> marked() {
    return databases.transaction.execute(
        status ->
            due.claim(START.plusSeconds(1), 100).stream().map(k -> k.text()).sorted().toList());
  }

  private static BookingEvent booking(long revision, @Nullable Long callId, String status) {
    return new BookingEvent(
        meta(revision),
        Booking.newBuilder()
            .setBookingId(BOOKING.toString())
            .setAppointmentId(7)
            .setCalcomAccount("default")
            .setCallId(callId)
            .setCustomerId(17L)
            .setCompanyId(1L)
            .setTimezone("Europe/Berlin")
            .setStatus(status)
            .setSource("retell_phone")
            .setAttendee(Personal.seal(Map.of()))
            .build());
  }

  private static CallEvent call(long revision, @Nullable Long customerId) {
    return new CallEvent(
        meta(revision),
        Call.newBuilder()
            .setCallId(559)
            .setRetellCallId("call_a")
            .setCompanyId(1L)
            .setCustomerId(customerId)
            .setStatus("ongoing")
            .setPersonal(Personal.seal(Map.of()))
            .build());
  }

  private static CustomerEvent customer(long id) {
    return new CustomerEvent(
        meta(1),
        Customer.newBuilder()
            .setCustomerId(id)
            .setCompanyId(1)
            .setIdentifiedBy("phone")
            .setPersonal(Personal.seal(Map.of()))
            .build());
  }

  private static ChainChanged change(
      String table, String op, Map<String, String> before, Map<String, String> after) {
    return ChainChanged.newBuilder()
        .setTable(table)
        .setRowId("1")
        .setOp(op)
        .setLinksBefore(before)
        .setLinks(after)
        .setCommitTimeMicros(1)
        .setLsn(1)
        .setTransactionId(1)
        .build();
  }

  private static Meta meta(long revision) {
    return Meta.newBuilder()
        .setEventId(UUID.randomUUID().toString())
        .setType("Something")
        .setRevision(revision)
        .setOccurredAt(START)
        .setReceivedAt(START)
        .setSource("retell_phone")
        .setCause("delivery:1")
        .build();
  }
}
