package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Rows.Appointment;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cal.com's webhooks come whenever and as often as they like. */
@Execution(ExecutionMode.SAME_THREAD)
class CalcomOrderTest extends SystemTest {

  @ParameterizedTest
  @CsvSource({
    "before, documented, 0",
    "before, never, 0",
    "with, documented, 0",
    "with, never, 0",
    "after, documented, 0",
    "after, documented, 700",
    "after, never, 700"
  })
  void the_webhook_of_our_own_booking_makes_no_second_appointment(
      String when, String metadata, long afterMs) {
    calcom.delivers(when, metadata, afterMs);
    Booked booked = aBookedCall(Company.A);
    webhookHasArrived(booked.uid(), 1);
    onlyThisAppointment(booked, "confirmed");
    assertThat(topics.typesOfBooking(booked.reply().bookingId()))
        .containsExactly("BookingRequested", "BookingConfirmed");
  }

  @Test
  void the_same_webhook_twice_changes_nothing_more() {
    calcom.deliversCopies(2, false);
    Booked booked = aBookedCall(Company.A);
    webhookHasArrived(booked.uid(), 2);
    onlyThisAppointment(booked, "confirmed");
    assertThat(topics.typesOfBooking(booked.reply().bookingId()))
        .containsExactly("BookingRequested", "BookingConfirmed");
  }

  @Test
  void the_same_webhook_three_times_at_once_changes_nothing_more() {
    calcom.deliversCopies(3, true);
    Booked booked = aBookedCall(Company.A);
    webhookHasArrived(booked.uid(), 3);
    onlyThisAppointment(booked, "confirmed");
    assertThat(topics.typesOfBooking(booked.reply().bookingId()))
        .containsExactly("BookingRequested", "BookingConfirmed");
  }

  @Test
  void three_webhooks_at_once_about_a_booking_of_the_page_make_one_appointment() {
    calcom.delivers("none");
    Held held =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    calcom.tellsAtOnce(held.uid(), "created", 3);
    eventually(() -> assertThat(rows.appointmentsWithUid(held.uid())).hasSize(1));
    assertThat(rows.outcomes(held.uid())).hasSize(3).containsOnlyOnce("applied");
  }

  @Test
  void a_booking_of_the_page_is_an_appointment_without_a_call() {
    ZonedDateTime start = aFreeStart();
    String phone = Caller.freshNumber();
    Held held = calcom.isBookedOnItsPage(Company.A, start, "Max Muster", phone);
    eventually(() -> assertThat(rows.appointmentsWithUid(held.uid())).hasSize(1));
    Appointment appointment = rows.appointmentsWithUid(held.uid()).getFirst();
    assertThat(appointment.callId()).isNull();
    assertThat(appointment.source()).isEqualTo("calcom_webhook");
    assertThat(appointment.status()).isEqualTo("confirmed");
    assertThat(appointment.companyId()).isEqualTo(1L);
    assertThat(appointment.startsAt()).isEqualTo(start.toInstant());
    Rows.Customer customer = rows.customer(appointment.customerId()).orElseThrow();
    assertThat(customer.phone()).isEqualTo(phone);
    assertThat(customer.email()).as("Cal.com makes one of the number, which is nobody's").isNull();
  }

  @Test
  void a_reschedule_moves_the_same_appointment_to_its_new_time_and_uid() {
    Booked booked = aBookedCall(Company.A);
    ZonedDateTime later = aFreeStart();
    Held moved = calcom.reschedules(booked.uid(), later);
    eventually(() -> assertThat(now(booked).uid()).isEqualTo(moved.uid()));
    Appointment after = now(booked);
    assertThat(after.startsAt()).isEqualTo(later.toInstant());
    assertThat(after.calcomId()).isEqualTo(moved.id());
    assertThat(after.status()).isEqualTo("confirmed");
    assertThat(after.bookingId()).isEqualTo(booked.appointment().bookingId());
    assertThat(after.callId()).isEqualTo(booked.call().id());
    assertThat(after.metadata().path("uid_chain").toString())
        .isEqualTo("[\"%s\",\"%s\"]".formatted(booked.uid(), moved.uid()));
    assertThat(rows.history(after.bookingId()))
        .containsExactly("BookingRequested", "BookingConfirmed", "BookingRescheduled");
  }

  @Test
  void a_second_reschedule_goes_on_from_the_first() {
    Booked booked = aBookedCall(Company.A);
    ZonedDateTime latest = aFreeStart();
    Held first = calcom.reschedules(booked.uid(), aFreeStart());
    Held second = calcom.reschedules(first.uid(), latest);
    eventually(() -> assertThat(now(booked).uid()).isEqualTo(second.uid()));
    onlyThisAppointment(booked, "confirmed");
    assertThat(now(booked).startsAt()).isEqualTo(latest.toInstant());
    assertThat(chain(booked)).containsExactly(booked.uid(), first.uid(), second.uid());
  }

  @ParameterizedTest
  @CsvSource({"documented", "never", "always"})
  void a_cancel_with_or_without_metadata_cancels_the_appointment(String metadata) {
    Booked booked = aBookedCall(Company.A);
    calcom.delivers("with", metadata, 0);
    calcom.cancels(booked.uid());
    eventually(() -> assertThat(now(booked).status()).isEqualTo("cancelled"));
    onlyThisAppointment(booked, "cancelled");
    assertThat(now(booked).startsAt()).isEqualTo(booked.start().toInstant());
  }

  @Test
  void a_cancel_before_the_reschedule_that_it_follows_holds() {
    Booked booked = aBookedCall(Company.A);
    ZonedDateTime later = aFreeStart();
    calcom.delivers("none");
    Held moved = calcom.reschedules(booked.uid(), later);
    calcom.cancels(moved.uid());
    calcom.tells(moved.uid(), "cancelled");
    calcom.tells(moved.uid(), "rescheduled_on_page");
    eventually(() -> assertThat(now(booked).status()).isEqualTo("cancelled"));
    eventually(() -> assertThat(now(booked).uid()).isEqualTo(moved.uid()));
    onlyThisAppointment(booked, "cancelled");
    assertThat(now(booked).startsAt()).isEqualTo(later.toInstant());
  }

  @Test
  void a_second_reschedule_before_the_first_ends_at_the_second() {
    Booked booked = aBookedCall(Company.A);
    ZonedDateTime latest = aFreeStart();
    calcom.delivers("none");
    Held first = calcom.reschedules(booked.uid(), aFreeStart());
    Held second = calcom.reschedules(first.uid(), latest);
    calcom.tells(second.uid(), "rescheduled_on_page");
    calcom.tells(first.uid(), "rescheduled_on_page");
    eventually(() -> assertThat(now(booked).uid()).isEqualTo(second.uid()));
    onlyThisAppointment(booked, "confirmed");
    assertThat(now(booked).startsAt()).isEqualTo(latest.toInstant());
    assertThat(chain(booked)).containsExactly(booked.uid(), first.uid(), second.uid());
  }

  @Test
  void a_second_reschedule_alone_finds_its_booking_by_asking_Calcom() {
    Booked booked = aBookedCall(Company.A);
    calcom.delivers("none");
    Held first = calcom.reschedules(booked.uid(), aFreeStart());
    Held second = calcom.reschedules(first.uid(), aFreeStart());
    calcom.tells(second.uid(), "rescheduled_on_page");
    eventually(() -> assertThat(now(booked).uid()).isEqualTo(second.uid()));
    onlyThisAppointment(booked, "confirmed");
    assertThat(chain(booked)).containsExactly(booked.uid(), first.uid(), second.uid());
  }

  @Test
  void a_whole_life_on_the_page_told_backwards_is_one_cancelled_appointment() {
    calcom.delivers("none");
    ZonedDateTime later = aFreeStart();
    Held made =
        calcom.isBookedOnItsPage(Company.A, aFreeStart(), "Max Muster", Caller.freshNumber());
    Held moved = calcom.reschedules(made.uid(), later);
    calcom.cancels(moved.uid());
    calcom.tells(moved.uid(), "cancelled");
    calcom.tells(moved.uid(), "rescheduled_on_page");
    calcom.tells(made.uid(), "created");
    eventually(
        () ->
            assertThat(rows.appointmentsWithUid(moved.uid()).stream().map(Appointment::status))
                .containsExactly("cancelled"));
    eventually(
        () ->
            assertThat(
                    rows.appointmentsWithUid(moved.uid())
                        .getFirst()
                        .metadata()
                        .path("uid_chain")
                        .toString())
                .contains(made.uid()));
    assertThat(rows.appointmentsWithUid(made.uid())).isEmpty();
    assertThat(rows.appointmentsWithUid(moved.uid()).getFirst().startsAt())
        .isEqualTo(later.toInstant());
  }

  @Test
  void a_declined_booking_is_declined_and_the_call_keeps_no_confirmation() {
    Company company = Company.unknown();
    calcom.offers(company.eventTypeId(), company.service(), company.minutes(), true);
    gateway.importDirectory(company.yaml());
    Caller caller = aCallerOf(company);
    caller.starts();
    Reply reply = caller.books(company, aFreeStart());
    calcom.declines(reply.calcomUid());
    eventually(
        () ->
            assertThat(rows.appointment(reply.appointmentId()).map(Appointment::status))
                .hasValue("declined"));
    assertThat(rows.call(caller).orElseThrow().bookingConfirmed()).isFalse();
  }

  @Test
  void a_ping_is_answered_and_kept() {
    long before = gateway.ledger().at("/by/kept_unknown").asLong();
    calcom.pings();
    assertThat(gateway.ledger().at("/by/kept_unknown").asLong()).isEqualTo(before + 1);
  }

  private Appointment now(Booked booked) {
    return rows.appointment(booked.appointment().id()).orElseThrow();
  }

  private List<String> chain(Booked booked) {
    return now(booked).metadata().path("uid_chain").valueStream().map(n -> n.asString()).toList();
  }

  private void webhookHasArrived(String uid, int times) {
    eventually(() -> assertThat(rows.outcomes(uid)).hasSize(times).doesNotContain("unresolved"));
  }

  /** One row for the call, under the ids that the agent was told, and one booking at Cal.com. */
  private void onlyThisAppointment(Booked booked, String status) {
    assertThat(rows.appointments(booked.caller()))
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a.id()).isEqualTo(booked.reply().appointmentId());
              assertThat(a.status()).isEqualTo(status);
            });
    List<Held> chain = calcom.bookingsOf(booked.caller());
    assertThat(
            rows.query(
                "select id from appointments where external_id = any(?)",
                (Object) chain.stream().map(Held::uid).toArray(String[]::new)))
        .hasSize(1);
  }
}
