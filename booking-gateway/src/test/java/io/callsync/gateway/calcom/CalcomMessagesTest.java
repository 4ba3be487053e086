package io.callsync.gateway.calcom;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.Booking;
import io.callsync.gateway.booking.BookingEvents;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.ContactRules;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.LinkMark;
import io.callsync.gateway.booking.LinkStatus;
import io.callsync.gateway.booking.Seat;
import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.gateway.intake.SafeJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every trigger that Cal.com sends, in the bodies that it sends. */
class CalcomMessagesTest {

  private static final Instant RECEIVED = Instant.parse("2026-03-20T08:00:00Z");
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void a_booking_is_read_from_its_creation() {
    CalcomFact fact = fact(sample("booking-created"));
    Link link = fact.link();
    assertThat(fact.first()).isTrue();
    assertThat(fact.seated()).isFalse();
    assertThat(link.uid()).isEqualTo("bFJeNb2uX8ANpT3JL5EfXw");
    assertThat(link.calcomBookingId()).isEqualTo(4711);
    assertThat(link.status()).isEqualTo(LinkStatus.ACCEPTED);
    assertThat(link.startsAt()).isEqualTo("2026-03-10T09:30:00Z");
    assertThat(link.attendeePhone()).isEqualTo("+4915112345678");
    assertThat(link.expected()).containsExactly("jonas@example.net");
    assertThat(link.marks()).isEmpty();
  }

  @Test
  void a_reschedule_names_the_uid_that_it_replaces() {
    CalcomFact fact = fact(sample("booking-rescheduled"));
    assertThat(fact.first()).isFalse();
    assertThat(fact.link().uid()).isEqualTo("kT9mVq3pRzY7cWd1HsLxGa");
    assertThat(fact.link().previousUid()).isEqualTo("bFJeNb2uX8ANpT3JL5EfXw");
    assertThat(fact.link().previousStartsAt()).isEqualTo("2026-03-10T09:30:00Z");
  }

  @Test
  void a_cancellation_has_its_times_with_an_offset_and_asks_for_no_other_date() {
    Link link = fact(sample("booking-cancelled")).link();
    assertThat(link.status()).isEqualTo(LinkStatus.CANCELLED);
    assertThat(link.startsAt()).isEqualTo("2026-03-11T13:00:00Z");
    assertThat(link.marks()).isEmpty();
  }

  @Test
  void a_ping_and_what_nobody_knows_say_nothing_about_a_booking() {
    assertThat(CalcomMessages.webhook("default", sample("ping"))).isEmpty();
    assertThat(CalcomMessages.webhook("default", trigger("booking-created", "ROUTING_FORM_X")))
        .isEmpty();
  }

  @Test
  void an_answer_of_the_API_reads_as_its_webhook_does() {
    JsonNode answer = sample("api-booking").path("data");
    Link told = fact(sample("booking-created")).link();
    Link read = CalcomMessages.booking("default", answer).orElseThrow().link();
    assertThat(told.merge(read)).isEqualTo(told);
  }

  @Test
  void a_booking_waits_for_its_payment_although_its_payload_says_accepted() {
    CalcomFact fact = fact(trigger("booking-created", "BOOKING_PAYMENT_INITIATED"));
    assertThat(fact.first()).isTrue();
    assertThat(state(fact).status()).isEqualTo(BookingStatus.PENDING);
  }

  @Test
  void a_payment_confirms_as_its_payload_says_and_its_metadata_is_not_ours() {
    ObjectNode paid = paid();
    CalcomFact fact = fact(paid);
    assertThat(fact.requestId()).isNull();
    Booking booking = snapshot(state(fact));
    assertThat(booking.getStatus()).isEqualTo("confirmed");
    assertThat(booking.getMetadata()).containsEntry("paid", "true");
    ((ObjectNode) paid.path("payload")).put("status", "PENDING");
    assertThat(state(fact(paid)).status()).isEqualTo(BookingStatus.PENDING);
  }

  @Test
  void nobody_came_until_the_host_takes_the_mark_back() {
    CalcomFact created = fact(sample("booking-created"));
    CalcomFact marked = fact(sample("booking-no-show-updated"));
    assertThat(marked.link().uid()).isEqualTo("bFJeNb2uX8ANpT3JL5EfXw");
    CalcomFact unmarked = fact(noShow(false, "2026-03-10T10:25:00.000Z"));
    assertThat(state(created, marked).status()).isEqualTo(BookingStatus.NO_SHOW);
    assertThat(state(created, marked, unmarked).status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(state(created, unmarked, marked).status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(
            BookingEvents.type(
                snapshot(state(created, marked)), snapshot(state(created, marked, unmarked))))
        .hasValue("BookingCorrected");
    assertThat(BookingEvents.type(snapshot(state(created)), snapshot(state(created, marked))))
        .hasValue("BookingNoShow");
  }

  @Test
  void marks_of_the_same_moment_end_the_same_in_either_order() {
    CalcomFact created = fact(sample("booking-created"));
    CalcomFact marked = fact(noShow(true, "2026-03-10T10:25:00.000Z"));
    CalcomFact unmarked = fact(noShow(false, "2026-03-10T10:25:00.000Z"));
    assertThat(state(created, marked, unmarked)).isEqualTo(state(created, unmarked, marked));
  }

  @Test
  void one_of_two_attendees_who_came_is_a_visit() {
    ObjectNode two = sample("booking-created");
    ((ObjectNode) two.path("payload")).withArray("attendees").addObject().put("email", "Ann@x.org");
    CalcomFact created = fact(two);
    CalcomFact jonas = fact(sample("booking-no-show-updated"));
    ObjectNode annsMark = noShow(true, "2026-03-10T10:21:00.000Z");
    ((ObjectNode) annsMark.path("payload").path("attendees").path(0)).put("email", "ann@X.org");
    assertThat(state(created, jonas).status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(state(created, jonas, fact(annsMark)).status()).isEqualTo(BookingStatus.NO_SHOW);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void the_end_of_a_meeting_completes_it_flat_or_in_an_envelope(boolean flat) {
    ObjectNode body = flat ? sample("meeting-ended") : enveloped(sample("meeting-ended"));
    CalcomFact ended = fact(body);
    assertThat(ended.link())
        .isEqualTo(Link.of("bFJeNb2uX8ANpT3JL5EfXw", 4711L).marked(LinkMark.ENDED));
    BookingState before = state(fact(sample("booking-created")));
    BookingState after = before.with(ended.link());
    assertThat(after.status()).isEqualTo(BookingStatus.COMPLETED);
    assertThat(BookingEvents.type(snapshot(before), snapshot(after))).hasValue("BookingCompleted");
  }

  @Test
  void the_frozen_picture_in_the_end_of_a_meeting_is_not_read() {
    ObjectNode body = sample("meeting-ended");
    body.put("startTime", "2031-01-01T00:00:00.000Z").put("status", "CANCELLED");
    CalcomFact ended = fact(body);
    assertThat(state(fact(sample("booking-created")), ended).startsAt())
        .isEqualTo("2026-03-10T09:30:00Z");
    assertThat(ended.seats()).isEmpty();
    assertThat(CalcomMessages.sentAt(body, RECEIVED))
        .as("a flat body says when the booking was made, not when it was sent")
        .isEqualTo(RECEIVED);
  }

  @Test
  void the_end_of_a_meeting_changes_nothing_of_what_was_cancelled_missed_or_moved_away() {
    CalcomFact created = fact(sample("booking-created"));
    CalcomFact ended = fact(sample("meeting-ended"));
    ObjectNode cancel = sample("booking-created").put("triggerEvent", "BOOKING_CANCELLED");
    assertThat(state(created, fact(cancel), ended).status()).isEqualTo(BookingStatus.CANCELLED);
    assertThat(state(created, ended, fact(sample("booking-no-show-updated"))).status())
        .isEqualTo(BookingStatus.NO_SHOW);
    assertThat(state(created, fact(sample("booking-rescheduled")), ended).status())
        .isEqualTo(BookingStatus.CONFIRMED);
  }

  @Test
  void the_start_of_a_meeting_names_a_booking_and_changes_nothing() {
    ObjectNode body = sample("meeting-ended").put("triggerEvent", "MEETING_STARTED");
    BookingState before = state(fact(sample("booking-created")));
    assertThat(before.with(fact(body).link())).isEqualTo(before);
  }

  @Test
  void a_one_time_password_is_cut_out_of_a_flat_body_too() {
    ObjectNode body = sample("meeting-ended");
    byte[] received = JSON.writeValueAsBytes(body);
    assertThat(new String(received, StandardCharsets.UTF_8)).contains("5b0f6c1e");
    assertThat(new String(SafeJson.keepable(received, body), StandardCharsets.UTF_8))
        .doesNotContain("5b0f6c1e", "oneTimePassword")
        .contains("bFJeNb2uX8ANpT3JL5EfXw");
  }

  @Test
  void a_host_who_asks_for_another_time_cancels_and_leaves_a_note() {
    ObjectNode marked = sample("booking-cancelled");
    ((ObjectNode) marked.path("payload")).put("requestReschedule", true);
    ObjectNode older = sample("booking-cancelled");
    ((ObjectNode) older.path("payload")).put("cancellationReason", "Please reschedule. I am ill");
    for (ObjectNode body : List.of(marked, older)) {
      Booking booking = snapshot(state(fact(body)));
      assertThat(booking.getStatus()).isEqualTo("cancelled");
      assertThat(booking.getMetadata()).containsEntry("reschedule_requested", "true");
    }
    assertThat(snapshot(state(fact(sample("booking-cancelled")))).getMetadata())
        .doesNotContainKey("reschedule_requested");
  }

  @Test
  void one_of_a_series_knows_its_series() {
    ObjectNode body = sample("booking-created");
    ((ObjectNode) body.path("payload")).putObject("recurringEvent").put("freq", 2).put("count", 4);
    assertThat(fact(body).link().is(LinkMark.RECURRING)).isTrue();
    ((ObjectNode) body.path("payload")).put("recurringEventId", "series1");
    assertThat(snapshot(state(fact(body))).getRecurringUid()).isEqualTo("series1");
    ObjectNode answer = (ObjectNode) sample("api-booking").path("data");
    answer.put("recurringBookingUid", "series1");
    assertThat(CalcomMessages.booking("default", answer).orElseThrow().link().recurringUid())
        .isEqualTo("series1");
  }

  @Test
  void who_joins_a_shared_booking_is_the_one_who_filled_the_form() {
    ObjectNode body = sample("booking-created");
    ObjectNode payload = (ObjectNode) body.path("payload");
    payload.put("seatsPerTimeSlot", 5).put("attendeeSeatId", "seat2");
    payload.withArray("attendees").addObject().put("name", "Ann").put("email", "ann@example.org");
    payload.withObject("responses").withObject("email").put("value", "ann@example.org");
    CalcomFact fact = fact(body);
    assertThat(fact.seat()).isEqualTo(new Seat("seat2", "Ann", "ann@example.org", null, null));
    assertThat(fact.each().getFirst().link().attendeeName()).isEqualTo("Ann");
    assertThat(fact.each().getFirst().link().expected()).containsExactly("ann@example.org");
  }

  @Test
  void a_cancellation_of_a_shared_booking_is_about_each_whom_it_names() {
    ObjectNode body = sample("booking-cancelled");
    ObjectNode payload = (ObjectNode) body.path("payload");
    payload.put("seatsPerTimeSlot", 5);
    payload
        .withArray("attendees")
        .addObject()
        .put("email", "ann@example.org")
        .putObject("bookingSeat")
        .put("referenceUid", "seat2");
    assertThat(fact(body).each())
        .extracting(one -> one.seats().getFirst().email(), one -> one.seats().getFirst().seatUid())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("jonas@example.net", null),
            org.assertj.core.groups.Tuple.tuple("ann@example.org", "seat2"));
  }

  @Test
  void an_answer_with_seats_is_about_its_own_or_about_all() {
    ObjectNode answer = (ObjectNode) sample("api-booking").path("data");
    String request = new UUID(1, 2).toString();
    ((ObjectNode) answer.path("attendees").path(0)).put("seatUid", "seat1");
    answer
        .withArray("attendees")
        .addObject()
        .put("name", "Ann")
        .put("seatUid", "seat2")
        .putObject("metadata")
        .put(CalcomMessages.REQUEST_ID, request);
    answer.remove("metadata");
    CalcomFact all = CalcomMessages.booking("default", answer).orElseThrow();
    assertThat(all.each())
        .extracting(one -> one.seats().getFirst().seatUid())
        .containsExactly("seat1", "seat2");
    assertThat(all.carries(new UUID(1, 2))).isTrue();
    answer.put("seatUid", "seat2");
    assertThat(
            Objects.requireNonNull(CalcomMessages.booking("default", answer).orElseThrow().seat())
                .name())
        .isEqualTo("Ann");
  }

  @Test
  void a_seat_is_told_by_its_reference_else_by_the_person() {
    BookingState jonas = state(fact(sample("booking-created")));
    BookingState ann =
        BookingState.of(new UUID(0, 2), 2, "default", "calcom_webhook", "Europe/Berlin")
            .with(
                jonas
                    .current()
                    .orElseThrow()
                    .of(new Seat(null, "Ann", "ann@example.org", null, null)))
            .withSeat("seat2");
    List<BookingState> both = List.of(jonas, ann);
    assertThat(new Seat("seat2", null, null, null, null).among(both)).hasValue(ann);
    assertThat(new Seat(null, null, "Ann@example.org", null, null).among(both)).hasValue(ann);
    assertThat(new Seat("seat1", null, "jonas@example.net", null, null).among(both))
        .hasValue(jonas);
    assertThat(new Seat("seat3", null, "ann@example.org", null, null).among(both)).isEmpty();
    assertThat(
            new Seat(null, "Jonas Weber", "jonas@example.net", "+4915199999999", null).among(both))
        .as("another phone is another person, whatever address they gave")
        .isEmpty();
  }

  /** Requested, confirmed, paid, marked absent and not absent, over, moved, and over again. */
  @Provide
  Arbitrary<List<CalcomFact>> shuffledLife() {
    ObjectNode requested = trigger("booking-created", "BOOKING_REQUESTED");
    ObjectNode started = sample("meeting-ended").put("triggerEvent", "MEETING_STARTED");
    ObjectNode later = enveloped(sample("meeting-ended"));
    ((ObjectNode) later.path("payload")).put("uid", "kT9mVq3pRzY7cWd1HsLxGa").put("id", 4790);
    ObjectNode marked = noShow(true, "2026-03-11T14:00:00.000Z");
    ((ObjectNode) marked.path("payload")).put("bookingUid", "kT9mVq3pRzY7cWd1HsLxGa");
    ObjectNode unmarked = noShow(false, "2026-03-11T14:05:00.000Z");
    ((ObjectNode) unmarked.path("payload")).put("bookingUid", "kT9mVq3pRzY7cWd1HsLxGa");
    List<CalcomFact> life =
        List.of(
            fact(requested),
            fact(trigger("booking-created", "BOOKING_PAYMENT_INITIATED")),
            fact(sample("booking-created")),
            fact(paid()),
            fact(sample("booking-no-show-updated")),
            fact(noShow(false, "2026-03-10T10:30:00.000Z")),
            fact(started),
            fact(sample("meeting-ended")),
            fact(sample("booking-rescheduled")),
            fact(marked),
            fact(unmarked),
            fact(later));
    return Arbitraries.of(life)
        .list()
        .ofMaxSize(8)
        .flatMap(
            repeats -> {
              List<CalcomFact> all = new ArrayList<>(life);
              all.addAll(repeats);
              return Arbitraries.shuffle(all);
            });
  }

  @Property(tries = 500)
  void a_life_told_in_any_order_and_as_often_as_it_is_told_is_one_completed_booking(
      @ForAll("shuffledLife") List<CalcomFact> told) {
    BookingState booking = state(told.toArray(CalcomFact[]::new));
    assertThat(booking.status()).isEqualTo(BookingStatus.COMPLETED);
    assertThat(booking)
        .isEqualTo(
            state(
                told.stream()
                    .sorted(java.util.Comparator.comparing(f -> f.link().toString()))
                    .toArray(CalcomFact[]::new)));
  }

  @Test
  void a_state_that_was_stored_before_there_were_marks_is_read() {
    ObjectNode stored = JSON.valueToTree(state(fact(sample("booking-created"))));
    stored.remove("seatUid");
    ObjectNode link = (ObjectNode) stored.path("links").path("bFJeNb2uX8ANpT3JL5EfXw");
    link.remove(List.of("marks", "absences", "expected"));
    BookingState read = JSON.treeToValue(stored, BookingState.class);
    assertThat(read.status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(read.isSeat()).isFalse();
  }

  private static ObjectNode paid() {
    ObjectNode body = trigger("booking-created", "BOOKING_PAID");
    ObjectNode payload = (ObjectNode) body.path("payload");
    payload.put("paymentId", 81);
    payload
        .putObject("metadata")
        .put("identifier", "cal.com")
        .put("bookerEmail", "jonas@example.net")
        .put(CalcomMessages.REQUEST_ID, new UUID(1, 1).toString());
    return body;
  }

  private static ObjectNode noShow(boolean absent, String createdAt) {
    ObjectNode body = sample("booking-no-show-updated").put("createdAt", createdAt);
    ((ObjectNode) body.path("payload").path("attendees").path(0)).put("noShow", absent);
    return body;
  }

  private static ObjectNode enveloped(ObjectNode flat) {
    ObjectNode body =
        JSON.createObjectNode().put("triggerEvent", flat.path("triggerEvent").asString());
    body.put("createdAt", "2026-03-10T10:00:30.000Z");
    flat.remove("triggerEvent");
    body.set("payload", flat);
    return body;
  }

  private static ObjectNode trigger(String sample, String trigger) {
    return sample(sample).put("triggerEvent", trigger);
  }

  /** As section 7 of Cal.com's facts prints it. */
  private static ObjectNode sample(String name) {
    try (InputStream file =
        CalcomMessagesTest.class.getResourceAsStream("/calcom/" + name + ".json")) {
      return SafeJson.object(Objects.requireNonNull(file).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static CalcomFact fact(JsonNode body) {
    return CalcomMessages.webhook("default", body).orElseThrow();
  }

  private static BookingState state(CalcomFact... facts) {
    BookingState state =
        BookingState.of(new UUID(0, 1), 1, "default", "calcom_webhook", "Europe/Berlin");
    for (CalcomFact fact : facts) {
      state = state.with(fact.link());
    }
    return state;
  }

  private static Booking snapshot(BookingState state) {
    return BookingEvents.snapshot(state, new ContactRules(null), new Pseudonyms(new byte[] {1}));
  }
}
