package io.callsync.validator.rule;

import static io.callsync.validator.rule.Severity.ERROR;
import static io.callsync.validator.rule.Severity.WARNING;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.BookingDetails;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.Claim;
import io.callsync.validator.chain.CustomerRow;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every promise about a chain. To add one, add a constant: its name is the code that people and
 * consumers see. A rule reports only on what its chain owns, so that each finding has one chain.
 */
public enum Rule {

  /** A call must belong to a company that exists. */
  CALL_WITHOUT_COMPANY(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      if (call == null) {
        return;
      }
      Long companyId = call.companyId();
      if (companyId == null) {
        ExpectedCall expected = chain.expectedCall();
        Long known = expected == null ? null : expected.companyId();
        found.accept(
            known == null
                ? onCall(
                    call,
                    "Call %d belongs to no company: its number and service are not in the directory."
                        .formatted(call.id()),
                    Remedy.importDirectory(),
                    Map.of())
                : onCall(
                    call,
                    "Call %d has lost its company %d.".formatted(call.id(), known),
                    Remedy.replay(chain),
                    Map.of("expected_company_id", known.toString())));
      } else if (!chain.companies().contains(companyId)) {
        found.accept(
            onCall(
                call,
                "Call %d belongs to company %d, which does not exist."
                    .formatted(call.id(), companyId),
                Remedy.importDirectory(),
                Map.of("company_id", companyId.toString())));
      }
    }
  },

  /** A call with a booking or callback must have a customer, once its company is known. */
  CALL_WITHOUT_CUSTOMER(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      if (call == null || call.customerId() != null || call.companyId() == null) {
        return;
      }
      if (chain.hasBooking() || call.callbackRequested()) {
        found.accept(
            onCall(
                call,
                "Call %d has a %s but no customer."
                    .formatted(call.id(), chain.hasBooking() ? "booking" : "callback request"),
                Remedy.backfill(chain),
                Map.of()));
      }
    }
  },

  /** The customer that a call or an appointment names must exist. */
  CUSTOMER_NOT_FOUND(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      Long ofCall = call == null ? null : call.customerId();
      if (call != null && missing(chain, ofCall)) {
        found.accept(
            onCall(
                call,
                "Call %d names customer %d, who does not exist.".formatted(call.id(), ofCall),
                Remedy.replay(chain),
                Map.of("customer_id", Objects.toString(ofCall))));
      }
      for (AppointmentRow a : chain.owned()) {
        if (missing(chain, a.customerId()) && !Objects.equals(a.customerId(), ofCall)) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d names customer %d, who does not exist."
                      .formatted(a.id(), a.customerId()),
                  Remedy.replayBooking(a.bookingId()),
                  Map.of("customer_id", Objects.toString(a.customerId()))));
        }
      }
    }
  },

  /** What was booked must be seen as an appointment. */
  CONFIRMED_WITHOUT_APPOINTMENT(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      List<ExpectedBooking> unseen = chain.unseen();
      CallRow call = chain.call();
      boolean claimsOne =
          call != null
              && chain.reached().isEmpty()
              && (call.bookingConfirmed()
                  || (call.details() != null && call.details().belongsTo(call.retellCallId())));
      if (unseen.isEmpty() && !claimsOne) {
        return;
      }
      var evidence = new TreeMap<String, String>();
      if (!unseen.isEmpty()) {
        evidence.put(
            "booking_ids",
            unseen.stream()
                .map(b -> b.bookingId().toString())
                .sorted()
                .collect(Collectors.joining(",")));
      }
      if (call != null && call.details() != null && call.details().calcomId() != null) {
        evidence.put("calcom_booking_id", call.details().calcomId().toString());
      }
      found.accept(
          switch (chain.key()) {
            case ChainKey.OfCall(long id) ->
                violation(
                    "call",
                    String.valueOf(id),
                    "Call %d made a booking that no appointment shows.".formatted(id),
                    Remedy.backfill(chain),
                    evidence);
            case ChainKey.OfBooking(var id) ->
                violation(
                    "booking",
                    id.toString(),
                    "Booking %s has no appointment.".formatted(id),
                    Remedy.replayBooking(id),
                    evidence);
          });
    }
  },

  /** An appointment made on the phone must be linked to its call, and that call must exist. */
  APPOINTMENT_WITHOUT_CALL(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        Long expected = chain.expected(a).map(ExpectedBooking::callId).orElse(null);
        Long linked = a.callId();
        if (linked == null && expected == null && !a.source().equals("retell_phone")) {
          continue;
        }
        String trouble =
            switch (linked) {
              case null -> "is not linked to the call that made it";
              case Long id when expected != null && !id.equals(expected) ->
                  "is linked to call %d instead of call %d".formatted(id, expected);
              case Long id when chain.call() == null ->
                  "is linked to call %d, which does not exist".formatted(id);
              default -> "";
            };
        if (!trouble.isEmpty()) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d %s.".formatted(a.id(), trouble),
                  Remedy.replay(chain),
                  present("call_id", linked, "expected_call_id", expected)));
        }
      }
    }
  },

  /**
   * Call and appointment must name the same customer. A call may book for two people: then one
   * appointment names the call's customer and each other one whom the events name.
   */
  CUSTOMER_MISMATCH(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      Long ofCall = call == null ? null : call.customerId();
      boolean callServed =
          chain.ownBookings().stream().anyMatch(b -> Objects.equals(b.customerId(), ofCall))
              || chain.owned().stream().anyMatch(a -> Objects.equals(a.customerId(), ofCall));
      for (AppointmentRow a : chain.owned()) {
        ExpectedBooking expected = chain.expected(a).orElse(null);
        Long byEvents = expected == null ? null : expected.customerId();
        Long wanted = ofCall != null ? ofCall : byEvents;
        if (wanted == null
            || wanted.equals(a.customerId())
            || (a.customerId() != null && missing(chain, a.customerId()))
            || missing(chain, ofCall)
            || (callServed && a.customerId() != null && a.customerId().equals(byEvents))) {
          continue;
        }
        found.accept(
            onAppointment(
                a,
                "Appointment %d %s, but its %s names customer %d."
                    .formatted(
                        a.id(),
                        a.customerId() == null
                            ? "names no customer"
                            : "names customer " + a.customerId(),
                        ofCall != null ? "call" : "booking",
                        wanted),
                Remedy.replayBooking(a.bookingId()),
                present("customer_id", a.customerId(), "expected_customer_id", wanted)));
      }
    }
  },

  /** Call, customer and appointment must belong to the same company. */
  COMPANY_MISMATCH(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      Long ofCall = call == null ? null : call.companyId();
      if (call != null && ofCall != null && foreign(chain, call.customerId(), ofCall)) {
        found.accept(
            onCall(
                call,
                "Call %d belongs to company %d, but its customer %d to another."
                    .formatted(call.id(), ofCall, call.customerId()),
                Remedy.replay(chain),
                present("company_id", ofCall, "customer_id", call.customerId())));
      }
      for (AppointmentRow a : chain.owned()) {
        Long byEvents = chain.expected(a).map(ExpectedBooking::companyId).orElse(null);
        Long wanted = ofCall != null ? ofCall : byEvents;
        if (call != null && ofCall == null) {
          continue; // CALL_WITHOUT_COMPANY says it.
        }
        if (wanted != null && !wanted.equals(a.companyId())) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d belongs to %s, but its %s to company %d."
                      .formatted(
                          a.id(),
                          a.companyId() == null ? "no company" : "company " + a.companyId(),
                          ofCall != null ? "call" : "booking",
                          wanted),
                  Remedy.replayBooking(a.bookingId()),
                  present("company_id", a.companyId(), "expected_company_id", wanted)));
        } else if (a.companyId() != null
            && foreign(chain, a.customerId(), a.companyId())
            && (call == null || !Objects.equals(a.customerId(), call.customerId()))) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d belongs to company %d, but its customer %d to another."
                      .formatted(a.id(), a.companyId(), a.customerId()),
                  Remedy.replayBooking(a.bookingId()),
                  present("company_id", a.companyId(), "customer_id", a.customerId())));
        }
      }
    }

    private boolean foreign(Chain chain, @Nullable Long customerId, long companyId) {
      CustomerRow customer = customerId == null ? null : chain.customers().get(customerId);
      return customer != null && customer.companyId() != companyId;
    }
  },

  /**
   * An appointment stands only on Cal.com's word, so it has Cal.com's id; of an imported one the
   * uid may be all that the predecessor kept.
   */
  CALCOM_ID_MISSING(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        boolean named =
            a.calcomBookingId() != null || (a.source().equals("import") && a.calcomUid() != null);
        if (a.standing() && !named) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d is %s without a booking at Cal.com."
                      .formatted(a.id(), a.status()),
                  Remedy.backfill(chain),
                  present("calcom_uid", a.calcomUid(), "status", a.status())));
        }
      }
    }
  },

  /** An appointment's status is what its events say; without events it is confirmed. */
  STATUS_UNEXPECTED(ERROR) {
    private static final Set<String> PLAIN = Set.of("confirmed", "scheduled");

    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        ExpectedBooking expected = chain.expected(a).orElse(null);
        boolean explained =
            expected == null
                ? PLAIN.contains(a.status())
                // A newer row is one whose event has not been read here yet.
                : a.revision() > expected.revision() || a.status().equals(expected.status());
        // A row that must not be there at all, or an older one, is drift.
        if (explained
            || (expected != null && (!expected.hasRow() || a.revision() < expected.revision()))) {
          continue;
        }
        found.accept(
            onAppointment(
                a,
                "Appointment %d is %s, which no event explains.".formatted(a.id(), a.status()),
                Remedy.replayBooking(a.bookingId()),
                present(
                    "status",
                    a.status(),
                    "expected_status",
                    expected == null ? null : expected.status())));
      }
    }
  },

  /** Where a call's details hold a booking of Cal.com, the call must count as confirmed. */
  DETAILS_WITHOUT_CONFIRMATION(WARNING) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      if (call != null
          && !call.bookingConfirmed()
          && call.details() != null
          && call.details().belongsTo(call.retellCallId())) {
        found.accept(
            onCall(
                call,
                "Call %d holds a booking of Cal.com but does not count as confirmed."
                    .formatted(call.id()),
                Remedy.backfill(chain),
                present("calcom_booking_id", call.details().calcomId())));
      }
    }
  },

  /** One visit, one appointment; the later one is reported. */
  DUPLICATE_APPOINTMENT(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        chain.appointments().stream()
            .filter(b -> b.id() < a.id() && (a.sameVisit(b) || a.sameCalcomBooking(b)))
            .mapToLong(AppointmentRow::id)
            .min()
            .ifPresent(
                first ->
                    found.accept(
                        onAppointment(
                            a,
                            "Appointment %d repeats appointment %d.".formatted(a.id(), first),
                            Remedy.replayBooking(a.bookingId()),
                            present("appointment_id", first))));
      }
    }
  },

  /** A wish gets an outcome within the limit. */
  REQUEST_STUCK(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (ExpectedBooking wish : chain.wishes()) {
        Instant requested = wish.requestedAt();
        if (requested == null || requested.plus(chain.requestLimit()).isAfter(chain.now())) {
          continue;
        }
        found.accept(
            violation(
                "booking",
                wish.bookingId().toString(),
                "A booking was asked for at %s and has no outcome%s."
                    .formatted(requested, wish.inDoubt() ? ", Cal.com's answer is in doubt" : ""),
                Remedy.reconcile(requested),
                present(
                    "requested_at",
                    requested,
                    "in_doubt",
                    wish.inDoubt(),
                    "call_id",
                    wish.callId())));
      }
    }
  },

  /** People see the time that Cal.com holds. */
  TIMES_DIFFER(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        ExpectedBooking expected = chain.expected(a).orElse(null);
        if (expected == null
            || expected.startsAt() == null
            || a.revision() != expected.revision()
            || (expected.startsAt().equals(a.startsAt())
                && Objects.equals(expected.endsAt(), a.endsAt()))) {
          continue;
        }
        found.accept(
            onAppointment(
                a,
                "Appointment %d is shown at another time than it was booked for.".formatted(a.id()),
                Remedy.replayBooking(a.bookingId()),
                present(
                    "starts_at",
                    a.startsAt(),
                    "expected_starts_at",
                    expected.startsAt(),
                    "ends_at",
                    a.endsAt(),
                    "expected_ends_at",
                    expected.endsAt())));
      }
    }
  },

  /** An appointment is the booking at Cal.com that it was made as; other rules see to the rest. */
  CALCOM_DRIFT(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        ExpectedBooking expected = chain.expected(a).orElse(null);
        if (expected == null
            || expected.calcomBookingId() == null
            || a.calcomBookingId() == null
            || a.revision() != expected.revision()
            || (expected.calcomBookingId().equals(a.calcomBookingId())
                && Objects.equals(expected.calcomUid(), a.calcomUid()))) {
          continue;
        }
        found.accept(
            onAppointment(
                a,
                "Appointment %d is shown as another booking of Cal.com than it is."
                    .formatted(a.id()),
                Remedy.replayBooking(a.bookingId()),
                present(
                    "calcom_booking_id",
                    a.calcomBookingId(),
                    "calcom_uid",
                    a.calcomUid(),
                    "expected_calcom_booking_id",
                    expected.calcomBookingId(),
                    "expected_calcom_uid",
                    expected.calcomUid())));
      }
    }
  },

  /** What surfaced after its caller was told no does not stay booked. */
  LATE_BOOKING(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      for (AppointmentRow a : chain.owned()) {
        if (a.standing() && chain.expected(a).filter(ExpectedBooking::late).isPresent()) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d came to be after its caller had been told that it was not booked."
                      .formatted(a.id()),
                  Remedy.reconcile(chain.now()),
                  present("calcom_uid", a.calcomUid())));
        }
      }
    }
  },

  /** A company that was only assumed is said to be. */
  COMPANY_DEFAULTED(WARNING) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      if (call != null && call.companyDefaulted() && call.companyId() != null) {
        found.accept(
            onCall(
                call,
                "Call %d was given to company %d by default."
                    .formatted(call.id(), call.companyId()),
                Remedy.importDirectory(),
                present("company_id", call.companyId())));
      }
    }
  },

  /** A row is as new as the log, and there where the log has it; other rules report on links. */
  PROJECTION_DRIFT(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      ExpectedCall expectedCall = chain.expectedCall();
      CallRow call = chain.call();
      if (expectedCall != null) {
        if (call == null && chain.owned().stream().allMatch(a -> a.callId() == null)) {
          found.accept(
              violation(
                  "call",
                  String.valueOf(expectedCall.callId()),
                  "Call %d is in the log and not in the rows.".formatted(expectedCall.callId()),
                  Remedy.replay(chain),
                  present("expected_revision", expectedCall.revision())));
        } else if (call != null && call.revision() < expectedCall.revision()) {
          found.accept(
              onCall(
                  call,
                  "The row of call %d is older than the log.".formatted(call.id()),
                  Remedy.replay(chain),
                  present(
                      "revision", call.revision(), "expected_revision", expectedCall.revision())));
        }
      }
      for (AppointmentRow a : chain.owned()) {
        ExpectedBooking expected = chain.expected(a).orElse(null);
        if (expected != null
            && (a.revision() < expected.revision()
                || (a.revision() == expected.revision() && !expected.hasRow()))) {
          found.accept(
              onAppointment(
                  a,
                  "Appointment %d is older than the log.".formatted(a.id()),
                  Remedy.replayBooking(a.bookingId()),
                  present("revision", a.revision(), "expected_revision", expected.revision())));
        }
      }
    }
  },

  /**
   * One booking of Cal.com is one call's: the one it names, else the one that has its appointment,
   * else the first. A further call about it is linked as such and is no claim.
   */
  BOOKING_CLAIMED_TWICE(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      BookingDetails details = call == null ? null : call.details();
      if (call == null || details == null || details.calcomId() == null) {
        return;
      }
      List<AppointmentRow> shown =
          chain.appointments().stream()
              .filter(a -> details.calcomId().equals(a.calcomBookingId()))
              .filter(a -> details.calcomUid() == null || details.calcomUid().equals(a.calcomUid()))
              .toList();
      if (shown.stream().anyMatch(a -> a.furtherCalls().contains(call.id()))) {
        return;
      }
      List<Claim> claims = new ArrayList<>(chain.claims());
      claims.add(new Claim(call.id(), call.retellCallId(), details));
      long rightful =
          first(claims.stream().filter(Claim::vouchedFor).map(Claim::callId))
              .or(() -> first(shown.stream().flatMap(a -> ownerCall(chain, a))))
              .or(() -> first(claims.stream().map(Claim::callId)))
              .orElseThrow();
      if (rightful != call.id()) {
        found.accept(
            onCall(
                call,
                "Call %d holds booking %d of Cal.com, which is call %d's."
                    .formatted(call.id(), details.calcomId(), rightful),
                Remedy.replay(chain),
                present("calcom_booking_id", details.calcomId(), "rightful_call_id", rightful)));
      }
    }

    private static Optional<Long> first(Stream<Long> callIds) {
      return callIds.min(Long::compare);
    }

    private static Stream<Long> ownerCall(Chain chain, AppointmentRow appointment) {
      return chain.ownerOf(appointment) instanceof ChainKey.OfCall(long id)
          ? Stream.of(id)
          : Stream.empty();
    }
  },

  /** What the agent said was booked has been booked. */
  CLAIM_WITHOUT_BOOKING(ERROR) {
    @Override
    void check(Chain chain, Consumer<Violation> found) {
      CallRow call = chain.call();
      if (call == null || !call.analyzed() || !call.claimed() || call.bookingConfirmed()) {
        return;
      }
      boolean booked =
          chain.reached().stream().anyMatch(a -> !a.status().equals("declined"))
              || chain.ownBookings().stream()
                  .anyMatch(b -> b.wish() || (b.hasRow() && !b.status().equals("declined")))
              || call.details() != null;
      if (!booked) {
        found.accept(
            onCall(
                call,
                "The agent said in call %d that it was booked, and there is no booking."
                    .formatted(call.id()),
                Remedy.backfill(chain),
                Map.of()));
      }
    }
  };

  private final Severity severity;

  Rule(Severity severity) {
    this.severity = severity;
  }

  abstract void check(Chain chain, Consumer<Violation> found);

  /** The codes of all rules. */
  public static List<String> codes() {
    return Arrays.stream(values()).map(Rule::name).toList();
  }

  public Severity severity() {
    return severity;
  }

  Violation violation(
      String subjectType,
      String subjectId,
      String message,
      String remedy,
      Map<String, String> evidence) {
    return new Violation(
        name(), severity, subjectType, subjectId, new TreeMap<>(evidence), message, remedy);
  }

  Violation onCall(CallRow call, String message, String remedy, Map<String, String> evidence) {
    return violation("call", String.valueOf(call.id()), message, remedy, evidence);
  }

  Violation onAppointment(
      AppointmentRow appointment, String message, String remedy, Map<String, String> evidence) {
    var more = new TreeMap<>(evidence);
    more.put("booking_id", appointment.bookingId().toString());
    return violation("appointment", String.valueOf(appointment.id()), message, remedy, more);
  }

  /** True where the id names no customer row. */
  static boolean missing(Chain chain, @Nullable Long customerId) {
    return customerId != null && !chain.customers().containsKey(customerId);
  }

  /** Names and values in turn; pairs without a value are left out. */
  static Map<String, String> present(@Nullable Object... namesAndValues) {
    var evidence = new TreeMap<String, String>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        evidence.put(String.valueOf(namesAndValues[i]), value.toString());
      }
    }
    return evidence;
  }
}
