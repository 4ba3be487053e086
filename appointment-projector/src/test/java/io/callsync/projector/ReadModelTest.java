package io.callsync.projector;

import static io.callsync.projector.Universe.booking;
import static io.callsync.projector.Universe.bookingId;
import static io.callsync.projector.Universe.call;
import static io.callsync.projector.Universe.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class ReadModelTest {

  @Property
  boolean any_order_and_repetition_of_events_folds_to_the_same_rows_and_history(
      @ForAll long world, @ForAll long order) {
    List<SpecificRecord> events = Universe.world(world);
    return fold(Universe.shuffled(events, order)).equals(fold(events));
  }

  @Property
  boolean folding_in_parts_is_folding_the_whole(@ForAll long world, @ForAll long order) {
    List<SpecificRecord> events = Universe.shuffled(Universe.world(world), order);
    int cut = events.size() / 3;
    ReadModel first = fold(events.subList(0, cut));
    List<Change> rest = events.subList(cut, events.size()).stream().map(Change::of).toList();
    return ReadModel.fold(first, rest).equals(fold(events));
  }

  @Property
  boolean no_two_appointments_hold_one_booking_at_calcom(@ForAll long world) {
    List<AppointmentRow.Identity> held =
        fold(Universe.world(world)).appointments().stream()
            .map(AppointmentRow::identity)
            .filter(i -> i != null)
            .toList();
    return held.stream().distinct().count() == held.size();
  }

  @Test
  void a_wish_a_failed_wish_and_a_wrong_guess_are_no_appointments() {
    assertThat(
            fold(List.of(
                    event(1, "BookingRequested", booking(1).setStatus("requested")),
                    event(2, "BookingFailed", booking(2).setStatus("failed")),
                    event(1, "BookingConfirmed", booking(3)),
                    event(
                        2,
                        "BookingIdentified",
                        booking(4).setAliases(List.of(bookingId(3).toString())))))
                .appointments())
        .extracting(AppointmentRow::bookingId)
        .containsExactly(bookingId(4));
  }

  @Test
  void the_call_is_one_row_of_its_newest_revision() {
    assertThat(
            fold(List.of(
                    event(3, "CallAnalyzed", call(1).setStatus("ended").setAnalyzed(true)),
                    event(1, "CallStarted", call(1)),
                    event(2, "CallEnded", call(1).setStatus("ended"))))
                .calls()
                .values())
        .singleElement()
        .satisfies(c -> assertThat(c.analyzed()).isTrue())
        .satisfies(c -> assertThat(c.revision()).isEqualTo(3));
  }

  private static ReadModel fold(List<SpecificRecord> events) {
    return ReadModel.fold(ReadModel.empty(), events.stream().map(Change::of).toList());
  }
}
