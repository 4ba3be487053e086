package io.callsync.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.delivery.Pseudonyms;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CallStateTest {

  private record Told(CallSource source, CallFacts facts) {}

  private static final Pseudonyms PSEUDONYMS = new Pseudonyms(new byte[] {1});

  private static final List<Told> LIFE =
      List.of(
          told(
              CallSource.FUNCTION,
              "{\"from_number\":\"+491713920001\",\"to_number\":\"+493023125001\",\"start_timestamp\":1761213600000,\"call_status\":\"ongoing\"}"),
          told(
              CallSource.STARTED,
              "{\"from_number\":\"+491713920001\",\"to_number\":\"+493023125001\",\"direction\":\"inbound\",\"start_timestamp\":1761213600000,\"agent_id\":\"agent_museum\"}"),
          told(
              CallSource.ENDED,
              "{\"call_status\":\"registered\",\"start_timestamp\":1761213600000,\"end_timestamp\":1761213660000,\"disconnection_reason\":\"user_hangup\"}"),
          told(
              CallSource.ANALYZED,
              "{\"call_status\":\"ended\",\"call_analysis\":{\"call_summary\":\"Booked.\",\"call_successful\":false,\"custom_analysis_data\":[]}}"));

  @Provide
  Arbitrary<List<Told>> anyOrder() {
    return Arbitraries.shuffle(
        java.util.stream.Stream.concat(LIFE.stream(), LIFE.stream()).toList());
  }

  @Property(tries = 300)
  void WH_03_any_order_and_repetition_of_a_calls_events_gives_the_same_call(
      @ForAll("anyOrder") List<Told> deliveries) {
    assertThat(fold(deliveries)).isEqualTo(fold(LIFE));
  }

  @Test
  void WH_03_call_ended_alone_makes_a_complete_ended_call() {
    var call = fold(LIFE.subList(2, 3)).snapshot(PSEUDONYMS);
    assertThat(call.getStatus()).isEqualTo("ended");
    assertThat(call.getStartedAt()).isNotNull();
    assertThat(call.getDisconnectionReason()).isEqualTo("user_hangup");
  }

  @Test
  void WH_03_no_end_is_ever_invented() {
    assertThat(fold(LIFE.subList(0, 2)).snapshot(PSEUDONYMS).getStatus()).isEqualTo("ongoing");
  }

  @Test
  void WH_05_a_later_poorer_event_overwrites_nothing_and_retells_opinion_is_its_own_field() {
    CallState booked =
        fold(LIFE.subList(0, 2))
            .withCompanyByNumber(1L, null)
            .withCustomer(1, 7L)
            .withBooking(
                "b", new CallBooking(3, true, 4711L, "uid", "accepted", null, null, 1001L));
    CallState after = booked.with(CallSource.ANALYZED, LIFE.getLast().facts());
    var call = after.snapshot(PSEUDONYMS);
    assertThat(call.getCompanyId()).isEqualTo(1L);
    assertThat(call.getCustomerId()).isEqualTo(7L);
    assertThat(call.getAgentId()).isEqualTo("agent_museum");
    assertThat(call.getBookingConfirmed()).isTrue();
    assertThat(call.getCallSuccessful()).isFalse();
  }

  @Test
  void broken_values_count_as_absent() {
    CallFacts facts =
        told(
                CallSource.STARTED,
                "{\"start_timestamp\":9223372036854775807,\"end_timestamp\":\"x\",\"from_number\":7,\"agent_id\":{}}")
            .facts();
    assertThat(facts)
        .isEqualTo(new CallFacts(null, null, null, null, null, null, null, null, null, null, null));
  }

  private static CallState fold(List<Told> deliveries) {
    CallState state = CallState.of(1, "call_0a1b2c3d4e5f60718293a4b5c6d", "default");
    for (Told told : deliveries) {
      state = state.with(told.source(), told.facts());
    }
    return state;
  }

  private static Told told(CallSource source, String call) {
    return new Told(source, CallFacts.of(JsonMapper.shared().readTree(call)));
  }
}
