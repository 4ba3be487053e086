package io.callsync.gateway.booking;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.schemas.EventTypes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /**
   * Created, confirmed by the host, paid, moved twice after its first time had passed, and
   * cancelled.
   */
  private static final List<Link> STORY =
      List.of(
          link("u1", LinkStatus.PENDING, 1L, null, START),
          link("u1", LinkStatus.ACCEPTED, 1L, null, START),
          Link.of("u1", 1L).marked(LinkMark.PAID),
          Link.of("u1", 1L).marked(LinkMark.ENDED),
          absence("u2", true, 1),
          absence("u2", false, 2),
          link("u2", LinkStatus.ACCEPTED, 2L, "u1", START.plusSeconds(3600)),
          link("u3", LinkStatus.ACCEPTED, 3L, "u2", START.plusSeconds(7200)),
          link("u3", LinkStatus.CANCELLED, null, null, null));

  private static final PredecessorBooking OLD =
      new PredecessorBooking(
          "appointments:501",
          BookingStatus.NO_SHOW,
          7L,
          301L,
          "call_old",
          null,
          null,
          null,
          null,
          null,
          null,
          START.minusSeconds(7200),
          START.minusSeconds(3600),
          null,
          new Attendee("Erika Beispiel", null, null),
          null);

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

  @Property(tries = 200)
  void what_was_imported_changes_nothing_that_calcom_has_said(
      @ForAll("shuffledStoryWithRepeats") List<Link> deliveries, @ForAll boolean first) {
    BookingState empty = fold(List.of());
    BookingState imported = first ? empty.with(OLD).with(Link.of("u1", 1L)) : empty;
    for (Link delivery : deliveries) {
      imported = imported.with(delivery);
    }
    imported = first ? imported : imported.with(OLD).with(Link.of("u1", 1L));
    BookingState live = fold(STORY);
    assertThat(imported.status()).isEqualTo(live.status());
    assertThat(imported.startsAt()).isEqualTo(live.startsAt());
    assertThat(imported.endsAt()).isEqualTo(live.endsAt());
    assertThat(imported.calcomBookingId()).isEqualTo(live.calcomBookingId());
    assertThat(imported.callId()).isEqualTo(OLD.callId());
  }

  @Test
  void until_calcom_speaks_an_imported_booking_is_what_the_old_row_said() {
    BookingState booking = fold(List.of()).with(OLD).with(Link.of("u1", null));
    assertThat(booking.status()).isEqualTo(BookingStatus.NO_SHOW);
    assertThat(booking.startsAt()).isEqualTo(OLD.startsAt());
    assertThat(booking.retellCallId()).isEqualTo("call_old");
    assertThat(booking.with(link("u1", LinkStatus.ACCEPTED, 1L, null, START)).status())
        .isEqualTo(BookingStatus.CONFIRMED);
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
  void what_is_over_keeps_its_wish_and_can_be_changed_no_more() {
    for (BookingStatus over : List.of(BookingStatus.COMPLETED, BookingStatus.NO_SHOW)) {
      assertThat(over.keepsItsWish()).isTrue();
      assertThat(over.stands()).isFalse();
    }
    assertThat(BookingStatus.CANCELLED.keepsItsWish()).isFalse();
  }

  @Test
  void our_request_id_on_another_occurrence_of_a_series_is_a_copy() {
    Wish wish =
        new Wish(
            new UUID(0, 7),
            1,
            "call_1",
            START,
            START,
            START.plusSeconds(1800),
            88123,
            "Jonas Weber",
            "+4915112345678",
            null,
            null,
            null,
            false);
    BookingState booking = fold(List.of()).with(wish);
    Link first = link("u1", LinkStatus.ACCEPTED, 1L, null, START).marked(LinkMark.RECURRING);
    Link second =
        link("u2", LinkStatus.ACCEPTED, 2L, null, START.plusSeconds(604800))
            .marked(LinkMark.RECURRING);
    assertThat(booking.mayBeMeantBy(first, null)).isTrue();
    assertThat(booking.mayBeMeantBy(second, null)).isFalse();
    Seat own = new Seat("seat1", "jonas weber", null, "+4915112345678", null);
    Seat other = new Seat("seat2", "Ann", null, "+4915112340000", null);
    assertThat(booking.mayBeMeantBy(first, own)).isTrue();
    assertThat(booking.mayBeMeantBy(first, other)).isFalse();
    assertThat(booking.withSeat("seat1").mayBeMeantBy(first, other)).isFalse();
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

  @Test
  void another_time_than_the_one_asked_for_is_a_refusal_and_a_later_move_is_none() {
    BookingState asked =
        fold(List.of())
            .with(
                new Wish(
                    new UUID(0, 2),
                    1,
                    "call_a",
                    START,
                    START,
                    START.plusSeconds(1800),
                    88123L,
                    "Jonas Weber",
                    null,
                    null,
                    null,
                    null,
                    false));
    Link moved = link("u2", LinkStatus.ACCEPTED, 2L, "u1", START.plusSeconds(3600));
    assertThat(asked.refusal()).isNull();
    assertThat(asked.with(link("u1", LinkStatus.ACCEPTED, 1L, null, START)).refusal()).isNull();
    assertThat(asked.with(moved).refusal()).isNull();
    assertThat(
            asked.with(link("u1", LinkStatus.ACCEPTED, 1L, null, START.plusSeconds(60))).refusal())
        .isEqualTo("other_time");
  }

  private static BookingState fold(List<Link> facts) {
    BookingState state =
        BookingState.of(new UUID(0, 1), 1, "default", "calcom_webhook", "Europe/Berlin");
    for (Link fact : facts) {
      state = state.with(fact);
    }
    return state;
  }

  private static Link absence(String uid, boolean noShow, long second) {
    return Link.of(uid, null)
        .marked(Map.of("jonas@example.net", new Absence(noShow, START.plusSeconds(second))));
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
        null,
        new TreeSet<>(),
        new TreeMap<>(),
        new TreeSet<>());
  }
}
