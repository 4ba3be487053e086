package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Somebody looks on while a booking is made, broken and mended. */
@Execution(ExecutionMode.SAME_THREAD)
class MonitorTest extends SystemTest {

  private final Operator operator = new Operator(stack);

  @Test
  void calls_bookings_violations_and_their_end_are_told_as_they_happen() {
    Company company = aCompany();
    try (Operator.Running monitor =
        operator.starts("monitor", "--json", "--company", String.valueOf(company.id()))) {
      monitor.saidSoon("\"kind\":\"validation\"");
      Booked booked = aBookedCall(company);
      monitor.saidSoon("\"what\":\"BookingConfirmed\"");
      monitor.saidSoon("\"appointmentId\":" + booked.appointment().id());
      long call = booked.call().id();
      rows.update("update calls set customer_id = null where id = ?", call);
      monitor.saidSoon("\"what\":\"OPEN CALL_WITHOUT_CUSTOMER\"");
      rows.update(
          "update calls set customer_id = ? where id = ?", booked.appointment().customerId(), call);
      monitor.saidSoon("\"what\":\"RESOLVED CALL_WITHOUT_CUSTOMER\"");
      assertThat(monitor.output()).doesNotContain(booked.caller().from());
    }
  }

  @Test
  void what_an_operator_does_is_told_when_it_has_ended() {
    Booked booked = aBookedCall(Company.A);
    try (Operator.Running monitor = operator.starts("monitor")) {
      monitor.saidSoon("chains whole");
      operator.types("replay", "--call", String.valueOf(booked.call().id()), "--yes");
      monitor.saidSoon("operator   replay");
    }
  }

  @Test
  void only_so_many_look_on_at_once_and_a_seat_is_free_again_when_one_goes() {
    List<Operator.Running> lookers = new ArrayList<>();
    try {
      // The seats of those who have just gone become free within seconds.
      eventually(
          () -> {
            Operator.Running looker = operator.starts("monitor");
            looker.saidSoon("chains whole", "look on already");
            lookers.add(looker);
            assertThat(lookers).filteredOn(l -> l.output().contains("chains whole")).hasSize(4);
          });
      assertThat(operator.types("monitor", "--for", "1").output())
          .contains("4 monitors look on already: end one of them.");
    } finally {
      lookers.forEach(Operator.Running::close);
    }
    eventually(() -> assertThat(operator.types("monitor", "--for", "1").status()).isZero());
  }
}
