package io.callsync.validator.rule;

import static io.callsync.validator.rule.Samples.CALL;
import static io.callsync.validator.rule.Samples.CUSTOMER;
import static io.callsync.validator.rule.Samples.OTHER_COMPANY;
import static io.callsync.validator.rule.Samples.OTHER_CUSTOMER;
import static io.callsync.validator.rule.Samples.add;
import static io.callsync.validator.rule.Samples.appointment;
import static io.callsync.validator.rule.Samples.bookingId;
import static io.callsync.validator.rule.Samples.call;
import static io.callsync.validator.rule.Samples.expected;
import static io.callsync.validator.rule.Samples.onPage;
import static io.callsync.validator.rule.Samples.plainCall;
import static io.callsync.validator.rule.Samples.withBooking;
import static io.callsync.validator.rule.Samples.withWish;
import static io.callsync.validator.rule.Samples.withoutCustomer;
import static io.callsync.validator.rule.With.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A whole chain is silent; one damage to it is named, and nothing else is. */
class ChainProperties {

  /** One damage, where it can happen, and the rule that names it. */
  enum Damage {
    COMPANY_LOST(
        chain -> chain.call() != null,
        chain -> call(chain, c -> with(c, "companyId", null)),
        Rule.CALL_WITHOUT_COMPANY),
    COMPANY_ROW_GONE(
        chain -> chain.call() != null,
        chain -> with(chain, "companies", Set.of(OTHER_COMPANY)),
        Rule.CALL_WITHOUT_COMPANY),
    CUSTOMER_LOST(
        chain -> chain.call() != null && (booked(chain) || chain.call().callbackRequested()),
        chain -> call(chain, c -> with(c, "customerId", null)),
        Rule.CALL_WITHOUT_CUSTOMER),
    CUSTOMER_ROW_GONE(
        chain -> (chain.call() != null && chain.call().customerId() != null) || booked(chain),
        chain -> withoutCustomer(chain, CUSTOMER),
        Rule.CUSTOMER_NOT_FOUND),
    APPOINTMENT_ROW_GONE(
        ChainProperties::booked, Samples::withoutRow, Rule.CONFIRMED_WITHOUT_APPOINTMENT),
    CONFIRMED_BY_HAND(
        chain ->
            chain.call() != null && chain.reached().isEmpty() && chain.call().customerId() != null,
        chain -> call(chain, c -> with(c, "bookingConfirmed", true)),
        Rule.CONFIRMED_WITHOUT_APPOINTMENT),
    LINK_LOST(
        chain -> chain.call() != null && booked(chain),
        chain -> appointment(chain, a -> with(a, "callId", null)),
        Rule.APPOINTMENT_WITHOUT_CALL),
    LINK_BENT(
        chain -> chain.call() != null && booked(chain),
        chain -> appointment(chain, a -> with(a, "callId", 4711L)),
        Rule.APPOINTMENT_WITHOUT_CALL),
    CALL_ROW_GONE_UNDER_A_BOOKING(
        chain -> chain.call() != null && booked(chain),
        chain -> with(chain, "call", null),
        Rule.APPOINTMENT_WITHOUT_CALL),
    CALL_ROW_GONE(
        chain -> chain.call() != null && chain.owned().isEmpty(),
        chain -> with(chain, "call", null),
        Rule.PROJECTION_DRIFT),
    ANOTHER_CUSTOMER(
        ChainProperties::booked,
        chain -> appointment(chain, a -> with(a, "customerId", third(a.customerId()))),
        Rule.CUSTOMER_MISMATCH),
    APPOINTMENT_CUSTOMER_LOST(
        ChainProperties::booked,
        chain -> appointment(chain, a -> with(a, "customerId", null)),
        Rule.CUSTOMER_MISMATCH),
    ANOTHER_COMPANY(
        ChainProperties::booked,
        chain -> appointment(chain, a -> with(a, "companyId", OTHER_COMPANY)),
        Rule.COMPANY_MISMATCH),
    CALL_OF_ANOTHER_COMPANY(
        chain -> chain.call() != null && chain.call().customerId() != null,
        chain -> call(chain, c -> with(c, "companyId", OTHER_COMPANY)),
        Rule.COMPANY_MISMATCH),
    CALCOM_ID_LOST(
        chain -> booked(chain) && chain.appointments().getFirst().standing(),
        chain -> appointment(chain, a -> with(a, "calcomBookingId", null)),
        Rule.CALCOM_ID_MISSING),
    STATUS_BY_HAND(
        ChainProperties::booked,
        chain ->
            appointment(
                chain,
                a -> with(a, "status", a.status().equals("cancelled") ? "no_show" : "cancelled")),
        Rule.STATUS_UNEXPECTED),
    CONFIRMATION_LOST(
        chain -> chain.call() != null && chain.call().details() != null,
        chain -> call(chain, c -> with(c, "bookingConfirmed", false)),
        Rule.DETAILS_WITHOUT_CONFIRMATION),
    DOUBLED(
        chain -> booked(chain) && chain.appointments().getFirst().standing(),
        ChainProperties::doubled,
        Rule.DUPLICATE_APPOINTMENT),
    WISH_FORGOTTEN(
        chain -> !chain.wishes().isEmpty(),
        chain -> with(chain, "now", chain.now().plus(chain.requestLimit())),
        Rule.REQUEST_STUCK),
    FALSE_CLAIM(
        chain ->
            chain.call() != null
                && !booked(chain)
                && chain.reached().isEmpty()
                && chain.wishes().isEmpty(),
        chain -> call(chain, c -> with(c, "claimed", true, "analyzed", true)),
        Rule.CLAIM_WITHOUT_BOOKING),
    COMPANY_ASSUMED(
        chain -> chain.call() != null,
        chain -> call(chain, c -> with(c, "companyDefaulted", true)),
        Rule.COMPANY_DEFAULTED),
    CALL_OUTDATED(
        chain -> chain.call() != null,
        chain -> call(chain, c -> with(c, "revision", c.revision() - 1)),
        Rule.PROJECTION_DRIFT),
    APPOINTMENT_OUTDATED(
        ChainProperties::booked,
        chain -> appointment(chain, a -> with(a, "revision", a.revision() - 1)),
        Rule.PROJECTION_DRIFT);

    private final Predicate<Chain> possible;
    private final UnaryOperator<Chain> damage;
    private final Rule rule;

    Damage(Predicate<Chain> possible, UnaryOperator<Chain> damage, Rule rule) {
      this.possible = possible;
      this.damage = damage;
      this.rule = rule;
    }
  }

  @Property(tries = 500)
  void a_whole_chain_has_no_violation(@ForAll("chains") Chain chain) {
    assertThat(Validation.validate(chain)).isEmpty();
  }

  @Property(tries = 3000)
  void one_damage_is_named_and_nothing_else(@ForAll("chains") Chain chain, @ForAll Damage damage) {
    Assume.that(damage.possible.test(chain));
    assertThat(Validation.validate(damage.damage.apply(chain)))
        .extracting(Violation::rule)
        .isNotEmpty()
        .containsOnly(damage.rule.name());
  }

  @Property(tries = 1000)
  void the_order_of_rows_does_not_matter(
      @ForAll("chains") Chain chain, @ForAll Damage damage, @ForAll Random random) {
    Assume.that(damage.possible.test(chain));
    Chain damaged = damage.damage.apply(chain);
    assertThat(
            Validation.validate(
                with(
                    damaged,
                    "appointments",
                    shuffled(damaged.appointments(), random),
                    "bookings",
                    shuffled(damaged.bookings(), random))))
        .isEqualTo(Validation.validate(damaged));
  }

  @Property(tries = 300)
  void a_finding_has_one_chain(@ForAll("chains") Chain chain, @ForAll Damage damage) {
    Assume.that(damage.possible.test(chain));
    Chain damaged = damage.damage.apply(chain);
    // Seen from another call, the same rows are somebody else's business.
    Chain elsewhere =
        with(damaged, "key", new ChainKey.OfCall(4712), "call", null, "expectedCall", null);
    assertThat(Validation.validate(elsewhere)).isEmpty();
  }

  @Provide
  Arbitrary<Chain> chains() {
    Arbitrary<String> status =
        Arbitraries.of("pending", "confirmed", "cancelled", "declined", "completed", "no_show");
    Arbitrary<Chain> phone =
        Combinators.combine(
                status,
                Arbitraries.integers().between(0, 2),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(
                (first, failedWishes, secondPerson, openWish, callback) -> {
                  Chain chain = withBooking(plainCall(), 7, first);
                  if (first.equals("declined")) {
                    // Nobody said that it was booked.
                    chain = call(chain, c -> with(c, "claimed", false));
                  }
                  for (int i = 0; i < failedWishes; i++) {
                    chain = withFailed(chain, 20 + i);
                  }
                  if (secondPerson) {
                    AppointmentRow row =
                        with(appointment(8, CALL, "confirmed"), "customerId", OTHER_CUSTOMER);
                    chain = add(chain, row, expected(row));
                  }
                  return also(openWish ? withWish(chain, 30, 5) : chain, callback);
                });
    Arbitrary<Chain> unbooked =
        Combinators.combine(
                Arbitraries.integers().between(0, 2),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(
                (failedWishes, openWish, callback, further) -> {
                  Chain chain = plainCall();
                  for (int i = 0; i < failedWishes; i++) {
                    chain = withFailed(chain, 20 + i);
                  }
                  if (further) {
                    AppointmentRow row =
                        with(appointment(5, 400L, "confirmed"), "furtherCalls", Set.of(CALL));
                    chain = add(chain, row, expected(row));
                  }
                  return also(openWish ? withWish(chain, 30, 5) : chain, callback);
                });
    Arbitrary<Chain> page =
        status.map(
            s -> {
              Chain chain = appointment(onPage(), a -> with(a, "status", s));
              return with(chain, "bookings", List.of(expected(chain.appointments().getFirst())));
            });
    return Arbitraries.oneOf(phone, unbooked, page);
  }

  private static Chain withFailed(Chain chain, long appointmentId) {
    ExpectedBooking failed =
        with(expected(appointment(appointmentId, CALL, "confirmed")), "status", "failed");
    return with(chain, "bookings", Samples.plus(chain.bookings(), failed));
  }

  private static Chain also(Chain chain, boolean callback) {
    return callback
        ? call(chain, c -> with(c, "callbackRequested", true, "customerId", CUSTOMER))
        : chain;
  }

  private static boolean booked(Chain chain) {
    return !chain.owned().isEmpty();
  }

  private static long third(long customer) {
    return customer == OTHER_CUSTOMER ? CUSTOMER : OTHER_CUSTOMER;
  }

  /** By an earlier appointment, so that also a chain of one booking is the one to say it. */
  private static Chain doubled(Chain chain) {
    AppointmentRow first = chain.appointments().getFirst();
    AppointmentRow again =
        with(
            first,
            "id",
            1L,
            "bookingId",
            bookingId(1),
            "calcomBookingId",
            101L,
            "calcomUid",
            "uid-1");
    return add(chain, again, expected(again));
  }

  private static <T> List<T> shuffled(List<T> list, Random random) {
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
