package io.callsync.gateway.retell;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.booking.Offers.Offer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class MisheardOfferTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** Saturday 08:30 and 09:15 in Berlin. */
  private static final List<Offer> OFFERED =
      List.of(
          new Offer("1", 1, Instant.parse("2025-10-25T06:30:00Z")),
          new Offer("2", 1, Instant.parse("2025-10-25T07:15:00Z")));

  @Test
  void AVL_02_the_clock_of_an_offer_on_another_day_is_asked_back() {
    assertThat(find("2025-10-24T06:30:00Z")).hasValue(OFFERED.getFirst());
  }

  @Test
  void a_z_that_the_model_appended_is_asked_back() {
    assertThat(find("2025-10-25T08:30:00Z")).hasValue(OFFERED.getFirst());
  }

  @Test
  void an_offered_time_and_a_time_of_its_own_are_what_they_are() {
    assertThat(find("2025-10-25T07:15:00Z")).isEmpty();
    assertThat(find("2025-10-27T12:00:00Z")).isEmpty();
    assertThat(MisheardOffer.find(Instant.parse("2025-10-24T06:30:00Z"), List.of(), BERLIN))
        .isEmpty();
  }

  private static java.util.Optional<Offer> find(String wished) {
    return MisheardOffer.find(Instant.parse(wished), OFFERED, BERLIN);
  }
}
