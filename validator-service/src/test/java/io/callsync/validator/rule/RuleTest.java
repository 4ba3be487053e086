package io.callsync.validator.rule;

import static io.callsync.validator.rule.Samples.CALL;
import static io.callsync.validator.rule.Samples.FOREIGN_CUSTOMER;
import static io.callsync.validator.rule.Samples.NOW;
import static io.callsync.validator.rule.Samples.OTHER_COMPANY;
import static io.callsync.validator.rule.Samples.OTHER_CUSTOMER;
import static io.callsync.validator.rule.Samples.RETELL_CALL;
import static io.callsync.validator.rule.Samples.add;
import static io.callsync.validator.rule.Samples.appointment;
import static io.callsync.validator.rule.Samples.booked;
import static io.callsync.validator.rule.Samples.bookingId;
import static io.callsync.validator.rule.Samples.call;
import static io.callsync.validator.rule.Samples.expected;
import static io.callsync.validator.rule.Samples.onPage;
import static io.callsync.validator.rule.Samples.plainCall;
import static io.callsync.validator.rule.Samples.withBooking;
import static io.callsync.validator.rule.Samples.withWish;
import static io.callsync.validator.rule.Samples.withoutCustomer;
import static io.callsync.validator.rule.Samples.withoutRow;
import static io.callsync.validator.rule.With.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.BookingDetails;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.Claim;
import io.callsync.validator.chain.ExpectedBooking;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each rule says, and what it leaves alone. */
class RuleTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void a_rule_says_exactly_what_is_broken(String title, Chain chain, List<String> ids) {
    assertThat(Validation.validate(chain)).extracting(Violation::id).containsExactlyElementsOf(ids);
  }

  static Stream<Arguments> table() {
    return Stream.of(
        whole("a booked call", booked()),
        whole("a call without a booking", plainCall()),
        whole("a booking made on Cal.com's page", onPage()),
        whole("a cancelled booking", withBooking(plainCall(), 7, "cancelled")),
        whole("a visit that is over", withBooking(plainCall(), 7, "completed")),
        whole("a visit to which nobody came", withBooking(plainCall(), 7, "no_show")),
        broken(
            "over by hand, and no event says so",
            appointment(booked(), a -> with(a, "status", "completed")),
            "STATUS_UNEXPECTED:appointment:7"),
        broken(
            "a booking that another call made",
            claimedBy(500, appointment(7, 500L, "confirmed")),
            "BOOKING_CLAIMED_TWICE:call:559"),
        broken(
            "shown as another booking of Cal.com",
            appointment(booked(), a -> with(a, "calcomUid", "uid-99")),
            "CALCOM_DRIFT:appointment:7"),
        whole(
            "a booking that waits for Cal.com's confirmation",
            withBooking(plainCall(), 7, "pending")),
        broken(
            "company unknown",
            call(plainCall(), c -> with(c, "companyId", null)),
            "CALL_WITHOUT_COMPANY:call:559"),
        broken(
            "company lost by hand",
            call(booked(), c -> with(c, "companyId", null)),
            "CALL_WITHOUT_COMPANY:call:559"),
        broken(
            "company row gone",
            with(booked(), "companies", Set.of()),
            "CALL_WITHOUT_COMPANY:call:559"),
        broken(
            "customer lost by hand",
            call(booked(), c -> with(c, "customerId", null)),
            "CALL_WITHOUT_CUSTOMER:call:559"),
        broken(
            "callback without customer",
            call(plainCall(), c -> with(c, "callbackRequested", true)),
            "CALL_WITHOUT_CUSTOMER:call:559"),
        broken(
            "callback without company: no customer can be told, which is not said twice",
            call(plainCall(), c -> with(c, "callbackRequested", true, "companyId", null)),
            "CALL_WITHOUT_COMPANY:call:559"),
        whole(
            "an open wish needs no customer yet",
            call(withWish(plainCall(), 7, 10), c -> with(c, "customerId", null))),
        broken(
            "customer row gone",
            withoutCustomer(booked(), Samples.CUSTOMER),
            "CUSTOMER_NOT_FOUND:call:559"),
        broken(
            "customer row of a page booking gone",
            withoutCustomer(onPage(), Samples.CUSTOMER),
            "CUSTOMER_NOT_FOUND:appointment:9"),
        broken(
            "appointment names nobody",
            appointment(booked(), a -> with(a, "customerId", 4711L)),
            "CUSTOMER_NOT_FOUND:appointment:7"),
        broken("row gone", withoutRow(booked()), "CONFIRMED_WITHOUT_APPOINTMENT:call:559"),
        broken(
            "row of a page booking gone",
            withoutRow(onPage()),
            "CONFIRMED_WITHOUT_APPOINTMENT:booking:" + bookingId(9)),
        broken(
            "row of a cancelled booking gone",
            withoutRow(withBooking(plainCall(), 7, "cancelled")),
            "CONFIRMED_WITHOUT_APPOINTMENT:call:559"),
        broken(
            "confirmed by its flag alone, without events (imported)",
            with(withoutRow(booked()), "bookings", List.of()),
            "CONFIRMED_WITHOUT_APPOINTMENT:call:559"),
        broken(
            "Cal.com yes, local no (imported shape C)",
            call(
                with(withoutRow(booked()), "bookings", List.of()),
                c -> with(c, "bookingConfirmed", false)),
            "CONFIRMED_WITHOUT_APPOINTMENT:call:559",
            "DETAILS_WITHOUT_CONFIRMATION:call:559"),
        whole(
            "details hold a booking that names another call",
            call(
                plainCall(),
                c ->
                    with(
                        c,
                        "customerId",
                        17L,
                        "details",
                        new BookingDetails(1L, "u", "call_of_somebody_else")))),
        whole(
            "the booking of its details is seen under another call",
            add(
                call(
                    plainCall(),
                    c ->
                        with(
                            c,
                            "customerId",
                            17L,
                            "bookingConfirmed",
                            true,
                            "details",
                            new BookingDetails(1030L, "u", null))),
                appointment(30, 4000L, "confirmed"))),
        whole("a failed wish has no row", with(plainCall(), "bookings", List.of(failed()))),
        broken(
            "link lost by hand",
            appointment(booked(), a -> with(a, "callId", null)),
            "APPOINTMENT_WITHOUT_CALL:appointment:7"),
        broken(
            "link bent to another call",
            appointment(booked(), a -> with(a, "callId", 560L)),
            "APPOINTMENT_WITHOUT_CALL:appointment:7"),
        broken(
            "call row gone",
            with(booked(), "call", null),
            "APPOINTMENT_WITHOUT_CALL:appointment:7"),
        broken(
            "phone booking whose call nobody knows",
            appointment(onPage(), a -> with(a, "source", "retell_phone")),
            "APPOINTMENT_WITHOUT_CALL:appointment:9"),
        broken(
            "appointment of another customer",
            appointment(booked(), a -> with(a, "customerId", OTHER_CUSTOMER)),
            "CUSTOMER_MISMATCH:appointment:7"),
        broken(
            "appointment without customer",
            appointment(booked(), a -> with(a, "customerId", null)),
            "CUSTOMER_MISMATCH:appointment:7"),
        broken(
            "call of another customer",
            call(booked(), c -> with(c, "customerId", OTHER_CUSTOMER)),
            "CUSTOMER_MISMATCH:appointment:7"),
        broken(
            "page booking of another customer",
            appointment(onPage(), a -> with(a, "customerId", OTHER_CUSTOMER)),
            "CUSTOMER_MISMATCH:appointment:9"),
        whole("a call books for two people", twoPeople()),
        broken(
            "appointment of another company",
            appointment(booked(), a -> with(a, "companyId", OTHER_COMPANY)),
            "COMPANY_MISMATCH:appointment:7"),
        broken(
            "appointment without company",
            appointment(booked(), a -> with(a, "companyId", null)),
            "COMPANY_MISMATCH:appointment:7"),
        broken(
            "call of another company",
            call(booked(), c -> with(c, "companyId", OTHER_COMPANY)),
            "COMPANY_MISMATCH:appointment:7",
            "COMPANY_MISMATCH:call:559"),
        broken(
            "call and appointment name a customer of another company",
            appointment(
                call(booked(), c -> with(c, "customerId", FOREIGN_CUSTOMER)),
                a -> with(a, "customerId", FOREIGN_CUSTOMER)),
            "COMPANY_MISMATCH:call:559"),
        broken(
            "no id of Cal.com",
            appointment(booked(), a -> with(a, "calcomBookingId", null)),
            "CALCOM_ID_MISSING:appointment:7"),
        whole(
            "an imported one of which only the uid is known",
            appointment(booked(), a -> with(with(a, "calcomBookingId", null), "source", "import"))),
        broken(
            "an imported one that nothing names at Cal.com",
            appointment(
                booked(),
                a ->
                    with(
                        with(with(a, "calcomBookingId", null), "calcomUid", null),
                        "source",
                        "import")),
            "CALCOM_ID_MISSING:appointment:7"),
        whole(
            "no id of Cal.com on what was declined",
            appointment(
                withBooking(plainCall(), 7, "declined"), a -> with(a, "calcomBookingId", null))),
        broken(
            "status set by hand",
            appointment(booked(), a -> with(a, "status", "cancelled")),
            "STATUS_UNEXPECTED:appointment:7"),
        broken(
            "a status nobody knows",
            appointment(booked(), a -> with(a, "status", "done")),
            "STATUS_UNEXPECTED:appointment:7"),
        broken(
            "row without events, cancelled",
            with(withBooking(plainCall(), 7, "cancelled"), "bookings", List.of()),
            "STATUS_UNEXPECTED:appointment:7"),
        broken(
            "shown at another time",
            appointment(booked(), a -> with(a, "startsAt", a.startsAt().plusSeconds(3600))),
            "TIMES_DIFFER:appointment:7"),
        broken(
            "shown longer than it is",
            appointment(booked(), a -> with(a, "endsAt", a.endsAt().plusSeconds(60))),
            "TIMES_DIFFER:appointment:7"),
        whole(
            "moved by an event that was not read here yet",
            appointment(
                booked(),
                a -> with(a, "startsAt", a.startsAt().plusSeconds(3600), "revision", 3L))),
        whole(
            "read by an older version, which kept no times",
            with(
                booked(),
                "bookings",
                List.of(with(booked().bookings().getFirst(), "startsAt", null, "endsAt", null)))),
        broken(
            "stands although its caller was told no",
            with(booked(), "bookings", List.of(with(booked().bookings().getFirst(), "late", true))),
            "LATE_BOOKING:appointment:7"),
        whole("row without events, confirmed", with(booked(), "bookings", List.of())),
        whole(
            "row newer than what was read",
            appointment(booked(), a -> with(a, "status", "cancelled", "revision", 3L))),
        broken(
            "not counted as confirmed",
            call(booked(), c -> with(c, "bookingConfirmed", false)),
            "DETAILS_WITHOUT_CONFIRMATION:call:559"),
        broken("same visit twice", twice(7, 8), "DUPLICATE_APPOINTMENT:appointment:8"),
        whole(
            "same visit twice, one cancelled",
            add(
                booked(),
                with(copy(8), "status", "cancelled"),
                with(expected(copy(8)), "status", "cancelled"))),
        whole(
            "two children at the same time",
            add(booked(), with(copy(8), "attendeeName", "Max Beispiel"), expected(copy(8)))),
        broken(
            "same visit twice from two calls: the later one says it",
            add(booked(), with(copy(3), "callId", 400L), with(expected(copy(3)), "callId", 400L)),
            "DUPLICATE_APPOINTMENT:appointment:7"),
        whole(
            "same visit from two calls: the earlier one does not",
            add(booked(), with(copy(9), "callId", 600L), with(expected(copy(9)), "callId", 600L))),
        broken(
            "one booking of Cal.com, two appointments",
            add(
                booked(),
                with(copy(8), "startsAt", NOW, "calcomUid", "uid-7"),
                with(expected(copy(8)), "startsAt", NOW, "calcomUid", "uid-7")),
            "DUPLICATE_APPOINTMENT:appointment:8"),
        broken(
            "wish without outcome",
            withWish(plainCall(), 7, 60),
            "REQUEST_STUCK:booking:" + bookingId(7)),
        whole("wish within its limit", withWish(plainCall(), 7, 59)),
        whole(
            "wish whose outcome is seen before its event was read",
            add(withWish(plainCall(), 7, 600), appointment(7, CALL, "confirmed"))),
        broken(
            "assumed company",
            call(booked(), c -> with(c, "companyDefaulted", true)),
            "COMPANY_DEFAULTED:call:559"),
        broken(
            "claim without booking",
            call(plainCall(), c -> with(c, "claimed", true)),
            "CLAIM_WITHOUT_BOOKING:call:559"),
        whole(
            "claim before the analysis",
            call(plainCall(), c -> with(c, "claimed", true, "analyzed", false))),
        whole(
            "claim and an open wish",
            call(withWish(plainCall(), 7, 10), c -> with(c, "claimed", true, "analyzed", true))),
        broken(
            "claim and a failed wish",
            call(with(plainCall(), "bookings", List.of(failed())), c -> with(c, "claimed", true)),
            "CLAIM_WITHOUT_BOOKING:call:559"),
        whole(
            "claim about another call's appointment",
            add(
                call(plainCall(), c -> with(c, "claimed", true)),
                with(appointment(30, 4000L, "confirmed"), "furtherCalls", Set.of(CALL)))),
        whole(
            "a booking that was cancelled later was no false claim",
            withBooking(plainCall(), 7, "cancelled")),
        broken(
            "call never projected", with(plainCall(), "call", null), "PROJECTION_DRIFT:call:559"),
        broken(
            "call older than the log",
            call(booked(), c -> with(c, "revision", 3L)),
            "PROJECTION_DRIFT:call:559"),
        broken(
            "appointment older than the log",
            appointment(booked(), a -> with(a, "revision", 1L, "status", "pending")),
            "PROJECTION_DRIFT:appointment:7"),
        broken(
            "appointment of a booking that turned out to be another",
            with(
                booked(),
                "bookings",
                List.of(with(expected(appointment(7, CALL, "confirmed")), "status", "aliased"))),
            "PROJECTION_DRIFT:appointment:7"));
  }

  @Test
  void every_rule_is_in_the_table() {
    assertThat(
            table()
                .flatMap(a -> ((List<?>) a.get()[2]).stream())
                .map(id -> id.toString().replaceFirst(":.*", ""))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(Rule.codes());
  }

  @Test
  void BOOK_04_a_booking_of_Calcom_is_one_calls() {
    Chain second = claimedBy(500, appointment(7, 500L, "confirmed"));
    assertThat(Validation.validate(second))
        .extracting(Violation::id)
        .containsExactly("BOOKING_CLAIMED_TWICE:call:559");
    assertThat(Validation.validate(second).getFirst().evidence())
        .containsEntry("rightful_call_id", "500");
    assertThat(
            Validation.validate(
                claimedBy(
                    500, with(appointment(7, 500L, "confirmed"), "furtherCalls", Set.of(CALL)))))
        .as("linked as a further call")
        .isEmpty();
    assertThat(Validation.validate(claimedBy(500, null)))
        .as("without an appointment the first call has it")
        .extracting(Violation::rule)
        .contains("BOOKING_CLAIMED_TWICE");
    assertThat(Validation.validate(claimedBy(600, null)))
        .extracting(Violation::rule)
        .doesNotContain("BOOKING_CLAIMED_TWICE");
    Chain named =
        call(
            claimedBy(500, null),
            c -> with(c, "details", new BookingDetails(1007L, "uid-7", RETELL_CALL)));
    assertThat(Validation.validate(named))
        .as("the booking names this call")
        .extracting(Violation::rule)
        .doesNotContain("BOOKING_CLAIMED_TWICE");
  }

  /** A call that holds booking 1007 of Cal.com, as another call does. */
  private static Chain claimedBy(long other, AppointmentRow row) {
    var details = new BookingDetails(1007L, "uid-7", null);
    Chain chain =
        with(
            call(
                plainCall(),
                c ->
                    with(
                        c,
                        "customerId",
                        Samples.CUSTOMER,
                        "bookingConfirmed",
                        true,
                        "details",
                        details)),
            "claims",
            List.of(new Claim(other, "call_other", details)));
    return row == null ? chain : add(chain, row, expected(row));
  }

  @Test
  void the_remedy_is_the_command_to_type() {
    assertThat(remedy(withoutRow(booked()))).isEqualTo("appointments backfill 559");
    assertThat(remedy(call(plainCall(), c -> with(c, "companyId", null))))
        .isEqualTo("appointments replay --call 559");
    Chain neverKnown =
        with(
            call(plainCall(), c -> with(c, "companyId", null)),
            "expectedCall",
            with(plainCall().expectedCall(), "companyId", null));
    assertThat(remedy(neverKnown)).isEqualTo("appointments directory import FILE");
    assertThat(remedy(withoutRow(onPage())))
        .isEqualTo("appointments replay --booking " + bookingId(9));
    assertThat(remedy(withWish(plainCall(), 7, 60)))
        .isEqualTo("appointments reconcile --since 2025-10-23T10:04:00Z");
  }

  @Test
  void evidence_and_message_name_nobody() {
    table()
        .map(a -> (Chain) a.get()[1])
        .flatMap(chain -> Validation.validate(chain).stream())
        .forEach(
            v ->
                assertThat(v.message() + v.evidence() + v.remedy())
                    .doesNotContain("Erika", "Beispiel", RETELL_CALL, "null"));
  }

  @Test
  void warnings_do_not_break_a_chain() {
    assertThat(Validation.validate(call(booked(), c -> with(c, "companyDefaulted", true))))
        .noneMatch(Violation::error);
  }

  private static String remedy(Chain chain) {
    return Validation.validate(chain).getFirst().remedy();
  }

  private static ExpectedBooking failed() {
    return with(expected(appointment(7, CALL, "confirmed")), "status", "failed");
  }

  private static AppointmentRow copy(long id) {
    AppointmentRow first = appointment(7, CALL, "confirmed");
    return with(
        first,
        "id",
        id,
        "bookingId",
        bookingId(id),
        "calcomBookingId",
        1000 + id,
        "calcomUid",
        "uid-" + id);
  }

  private static Chain twice(long first, long second) {
    return add(withBooking(plainCall(), first, "confirmed"), copy(second), expected(copy(second)));
  }

  private static Chain twoPeople() {
    AppointmentRow second = with(appointment(8, CALL, "confirmed"), "customerId", OTHER_CUSTOMER);
    return add(booked(), second, expected(second));
  }

  private static Arguments whole(String title, Chain chain) {
    return arguments(title, chain, List.of());
  }

  private static Arguments broken(String title, Chain chain, String... ids) {
    return arguments(title, chain, List.of(ids));
  }
}
