package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.BookingEvent;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import io.callsync.systemtests.Rows.Call;
import io.callsync.systemtests.Rows.Customer;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A call that goes as it should. */
class PerfectFlowTest extends SystemTest {

  @Test
  void a_phone_call_becomes_a_linked_announced_and_validated_appointment() {
    Caller caller = aCallerOf(Company.A);
    ZonedDateTime start = aFreeStart();

    assertThat(caller.starts().status()).isEqualTo(204);
    Reply reply = caller.books(Company.A, start);
    assertThat(caller.ends().status()).isEqualTo(204);
    assertThat(caller.isAnalysed().status()).isEqualTo(204);

    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(reply.say()).contains("Herrenhaarschnitt").contains("gebucht");
    List<Held> held = calcom.bookingsOf(caller);
    assertThat(held).hasSize(1);
    Held booking = held.getFirst();
    assertThat(booking.start()).isEqualTo(start.toInstant());
    assertThat(booking.json().path("eventTypeId").asLong()).isEqualTo(1001);
    assertThat(booking.metadata("callsync_booking_id")).isEqualTo(reply.bookingId());
    assertThat(booking.metadata("callsync_request_id")).isNotEmpty();
    assertThat(reply.calcomUid()).isEqualTo(booking.uid());
    assertThat(reply.calcomId()).isEqualTo(booking.id());

    eventually(() -> assertThat(rows.call(caller).map(Call::status)).hasValue("ended"));
    eventually(() -> assertThat(rows.appointments(caller)).hasSize(1));
    Appointment appointment = rows.appointments(caller).getFirst();
    Call call = rows.call(caller).orElseThrow();
    Customer customer = rows.customer(appointment.customerId()).orElseThrow();
    assertThat(appointment.id()).isEqualTo(reply.appointmentId());
    assertThat(appointment.bookingId()).hasToString(reply.bookingId());
    assertThat(appointment.calcomId()).isEqualTo(booking.id());
    assertThat(appointment.uid()).isEqualTo(booking.uid());
    assertThat(appointment.startsAt()).isEqualTo(start.toInstant());
    assertThat(appointment.endsAt()).isEqualTo(start.plusMinutes(55).toInstant());
    assertThat(appointment.status()).isEqualTo("confirmed");
    assertThat(appointment.source()).isEqualTo("retell_phone");
    assertThat(appointment.companyId()).isEqualTo(1L);
    assertThat(appointment.serviceId()).isEqualTo(Company.A.serviceId());
    assertThat(appointment.columns()).containsEntry("staff_id", "a-mara");
    assertThat(appointment.attendeeName()).isEqualTo("Erika Beispiel");
    assertThat(call.columns()).containsEntry("branch_id", "a-mitte");
    assertThat(call.companyId()).isEqualTo(1L);
    assertThat(call.customerId()).isEqualTo(customer.id());
    assertThat(call.startedAt()).isEqualTo(caller.startedAt());
    assertThat(call.endedAt()).isEqualTo(caller.endedAt());
    assertThat(call.bookingDetails().at("/calcom_booking/id").asLong()).isEqualTo(booking.id());
    assertThat(customer.companyId()).isEqualTo(1L);
    assertThat(customer.phone()).isEqualTo(caller.from());
    assertThat(customer.name()).isEqualTo("Erika Beispiel");

    List<BookingEvent> told = topics.booking(reply.bookingId());
    assertThat(told.stream().map(e -> e.getMeta().getType()))
        .containsExactly("BookingRequested", "BookingConfirmed");
    assertThat(told.stream().map(e -> e.getMeta().getRevision())).containsExactly(1L, 2L);
    assertThat(topics.typesOfCall(caller)).startsWith("CallStarted").endsWith("CallAnalyzed");
    assertThat(rows.history(appointment.bookingId()))
        .containsExactly("BookingRequested", "BookingConfirmed");

    eventually(
        () -> {
          JsonNode chain = validator.chain(caller.callId());
          assertThat(chain.path("passed").asBoolean()).as(chain.toString()).isTrue();
          assertThat(chain.at("/appointments/0/calcomUid").asString()).isEqualTo(booking.uid());
          assertThat(chain.at("/violations")).isEmpty();
        });
    assertThat(topics.violationsAbout(call.id(), appointment.id())).isEmpty();
  }

  @Test
  void both_addresses_of_a_function_and_a_versioned_name_reach_the_same_code() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    Reply first = caller.books(args);
    Reply byPath =
        new Reply(
            gateway.retell(
                "/retell/functions/book_appointment",
                Map.of("name", "book_appointment", "call", caller.ongoing(), "args", args)));
    Reply versioned = caller.function("book_appointment_v17", caller.ongoing(), args);
    assertThat(first.status()).isEqualTo("booked");
    assertThat(byPath.answer().text()).isEqualTo(first.answer().text());
    assertThat(versioned.answer().text()).isEqualTo(first.answer().text());
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
  }

  @Test
  void the_same_tool_call_gets_its_first_answer_and_books_once() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> args = caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel");
    Reply first = caller.booksAs("tool_call_1", args);
    calcom.cancels(first.calcomUid());
    eventually(
        () ->
            assertThat(rows.appointment(first.appointmentId()).map(Appointment::status))
                .hasValue("cancelled"));
    Reply repeated = caller.booksAs("tool_call_1", args);
    assertThat(repeated.answer().text()).isEqualTo(first.answer().text());
    assertThat(calcom.bookingsOf(caller)).hasSize(1);
  }

  @Test
  void another_time_for_the_same_person_is_a_second_appointment() {
    Caller caller = aCallerOf(Company.A);
    Reply one = caller.books(Company.A, aFreeStart());
    Reply two = caller.books(Company.A, aFreeStart());
    assertThat(two.appointmentId()).isNotEqualTo(one.appointmentId());
    eventually(() -> assertThat(rows.appointments(caller)).hasSize(2));
  }

  @Test
  void a_time_that_Calcom_refuses_is_told_and_leaves_no_appointment() {
    Booked other = aBookedCall(Company.A);
    Caller caller = aCallerOf(Company.A);
    caller.starts();
    Reply reply = caller.books(Company.A, other.start());
    assertThat(reply.status()).isEqualTo("slot_taken");
    assertThat(reply.appointmentId()).isZero();
    eventually(
        () ->
            assertThat(topics.typesOfBooking(reply.bookingId()))
                .containsExactly("BookingRequested", "BookingFailed"));
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(rows.appointments(caller)).isEmpty();
    assertThat(rows.call(caller).orElseThrow().bookingConfirmed()).isFalse();
  }

  @Test
  void a_booking_that_the_host_has_to_confirm_is_pending_until_he_does() {
    Company company = Company.unknown();
    calcom.offers(company.eventTypeId(), company.service(), company.minutes(), true);
    gateway.importDirectory(company.yaml());
    Caller caller = aCallerOf(company);
    Reply reply = caller.books(company, aFreeStart());
    assertThat(reply.status()).isEqualTo("booked");
    assertThat(reply.answer().json().path("pending").asBoolean()).isTrue();
    eventually(
        () ->
            assertThat(rows.appointment(reply.appointmentId()).map(Appointment::status))
                .hasValue("pending"));
    calcom.confirms(reply.calcomUid());
    eventually(
        () ->
            assertThat(rows.appointment(reply.appointmentId()).map(Appointment::status))
                .hasValue("confirmed"));
    assertThat(topics.typesOfBooking(reply.bookingId()))
        .containsExactly("BookingRequested", "BookingPending", "BookingConfirmed");
  }
}
