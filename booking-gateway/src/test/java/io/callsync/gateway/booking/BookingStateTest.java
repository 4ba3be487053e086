package io.callsync.gateway.booking;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.schemas.EventTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Law 3: what is told of a booking, in any order and as often as it is told, gives one booking. */
class BookingStateTest {

  private static final Instant START = Instant.parse("2026-03-10T09:30:00Z");
  private static final Pseudonyms PSEUDONYMS = new Pseudonyms(new byte[] {1});

  /** Created, confirmed by the host, moved twice, and cancelled. */
  private static final List<Link> STORY =
      List.of(
          link("u1", LinkStatus.PENDING, 1L, null, START),
          link("u1", LinkStatus.ACCEPTED, 1L, null, START),
          link("u2", LinkStatus.ACCEPTED, 2L, "u1", START.plusSeconds(3600)),
          link("u3", LinkStatus.ACCEPTED, 3L, "u2", START.plusSeconds(7200)),
          link("u3", LinkStatus.CANCELLED, null, null, null));

  @Provide
  Arbitrary<List<Link>> shuffledStoryWithRepeats() {
    return Arbitraries.of(STORY)
        .list()
        .ofMaxSize(6)
        .flatMap(
            repeats -> {
              List<Link> all = new ArrayList<>(STORY);
              all.addAll(repeats);
              return Arbitraries.shuffle(all);
            });
  }

  @Property(tries = 500)
  void any_order_and_repetition_gives_the_same_booking(
      @ForAll("shuffledStoryWithRepeats") List<Link> deliveries) {
    assertThat(fold(deliveries)).isEqualTo(fold(STORY));
  }

  @Test
  void the_booking_is_the_last_link_of_its_chain() {
    BookingState booking = fold(STORY);
    assertThat(booking.status()).isEqualTo(BookingStatus.CANCELLED);
    assertThat(booking.uidChain()).containsExactly("u1", "u2", "u3");
    assertThat(booking.current().orElseThrow().startsAt()).isEqualTo(START.plusSeconds(7200));
    assertThat(snapshot(booking).getPreviousStartsAt()).isEqualTo(START.plusSeconds(3600));
  }

  @Test
  void a_booking_that_was_cancelled_to_be_moved_stands_again_at_its_new_time() {
    BookingState cancelled =
        fold(
            List.of(
                link("u1", LinkStatus.ACCEPTED, 1L, null, START),
                link("u1", LinkStatus.CANCELLED, 1L, null, START)));
    BookingState moved =
        cancelled.with(link("u2", LinkStatus.ACCEPTED, 2L, "u1", START.plusSeconds(60)));
    assertThat(moved.status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(BookingEvents.type(snapshot(cancelled), snapshot(moved)))
        .contains(EventTypes.BOOKING_RESCHEDULED);
  }

  @Test
  void a_repeated_fact_is_no_event() {
    BookingState once = fold(STORY);
    assertThat(BookingEvents.type(snapshot(once), snapshot(once.with(STORY.getFirst())))).isEmpty();
  }

  @Test
  void null_never_overwrites() {
    BookingState booking =
        fold(
            List.of(
                link("u1", LinkStatus.ACCEPTED, 4711L, null, START),
                link("u1", LinkStatus.UNKNOWN, null, null, null)));
    assertThat(booking.current().orElseThrow().calcomBookingId()).isEqualTo(4711L);
    assertThat(booking.current().orElseThrow().startsAt()).isEqualTo(START);
  }

  @Test
  void placeholder_and_fallback_addresses_are_nobodys() {
    ContactRules rules = new ContactRules("termin@salon.example");
    assertThat(rules.realEmail("termin@salon.example")).isNull();
    assertThat(rules.realEmail("Termin@Salon.example")).isNull();
    assertThat(rules.realEmail(ContactRules.placeholder(UUID.randomUUID()))).isNull();
    assertThat(rules.realEmail("erika@example.org")).isEqualTo("erika@example.org");
  }

  private static io.callsync.events.Booking snapshot(BookingState state) {
    return BookingEvents.snapshot(state, new ContactRules(null), PSEUDONYMS);
  }

  private static BookingState fold(List<Link> facts) {
    BookingState state =
        BookingState.of(new UUID(0, 1), 1, "default", "calcom_webhook", "Europe/Berlin");
    for (Link fact : facts) {
      state = state.with(fact);
    }
    return state;
  }

  private static Link link(
      String uid,
      LinkStatus status,
      @Nullable Long id,
      @Nullable String previous,
      @Nullable Instant start) {
    return new Link(
        uid,
        status,
        id,
        previous,
        null,
        start,
        start == null ? null : start.plusSeconds(1800),
        88123L,
        null,
        null,
        null,
        "Jonas Weber",
        "jonas@example.net",
        null,
        null);
  }
}
