package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Rows.Appointment;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** After all that the other tests did: what Cal.com holds is what people see, and all is linked. */
@Execution(ExecutionMode.SAME_THREAD)
@Order(Integer.MAX_VALUE - 1)
class NothingIsBrokenTest extends SystemTest {

  @Test
  void every_live_booking_of_Calcom_is_one_appointment_with_its_time_and_status() {
    aBookedCall(Company.A);
    eventually(
        () -> {
          // Cal.com calls it accepted also when it is over; with seats it holds one for each
          // person.
          Map<String, List<String>> held =
              calcom.all().stream()
                  .filter(b -> b.status().equals("accepted") || b.status().equals("pending"))
                  .collect(
                      Collectors.toMap(
                          Held::uid,
                          b -> Collections.nCopies(b.attendees(), b.status() + " " + b.start()),
                          (one, other) -> one,
                          TreeMap::new));
          Map<String, List<String>> seen =
              rows
                  .query(
                      "select * from appointments where status in ('confirmed', 'pending', 'completed', 'no_show')")
                  .stream()
                  .map(Appointment::new)
                  // What the predecessor booked, only its own Cal.com ever held.
                  .filter(
                      a ->
                          !a.source().equals("import")
                              || (a.uid() != null && held.containsKey(a.uid())))
                  .collect(
                      Collectors.groupingBy(
                          Appointment::uid,
                          TreeMap::new,
                          Collectors.mapping(
                              a ->
                                  (a.status().equals("pending") ? "pending" : "accepted")
                                      + " "
                                      + a.startsAt(),
                              Collectors.toList())));
          assertThat(seen)
              .as(
                  () ->
                      calcom.all().stream()
                          .filter(
                              b -> !held.getOrDefault(b.uid(), List.of()).equals(seen.get(b.uid())))
                          .filter(b -> held.containsKey(b.uid()))
                          .map(b -> b.json().toString())
                          .collect(Collectors.joining("\n")))
              .isEqualTo(held);
        });
  }

  @Test
  void no_violation_is_open_that_no_test_wanted() {
    aBookedCall(Company.A);
    eventually(() -> assertThat(validator.summary().path("pendingChecks").asInt()).isZero());
    Map<String, String> states = new TreeMap<>();
    topics.violations().forEach(v -> states.put(v.getViolationId(), v.getState()));
    states.values().removeIf("RESOLVED"::equals);
    var unwanted = new TreeSet<>(states.keySet());
    unwanted.removeAll(expectedToStayBroken());
    assertThat(unwanted).isEmpty();
  }

  @Test
  void every_delivery_has_an_end() {
    eventually(
        () ->
            assertThat(
                    rows.queryIn(
                        "gateway",
                        "select subject from delivery where outcome not in ('applied', 'no_change', 'kept_unknown')"))
                .extracting(row -> row.get("subject"))
                .allMatch(expectedToStayUnresolved()::contains));
  }
}
