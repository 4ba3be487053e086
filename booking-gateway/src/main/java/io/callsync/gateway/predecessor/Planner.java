package io.callsync.gateway.predecessor;

import static java.util.stream.Collectors.groupingBy;

import io.callsync.gateway.booking.Attendee;
import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.PredecessorBooking;
import io.callsync.gateway.call.PredecessorCall;
import io.callsync.gateway.predecessor.BookingDetails.Guess;
import io.callsync.gateway.predecessor.OldDirectory.Service;
import io.callsync.gateway.predecessor.Plan.BookingStep;
import io.callsync.gateway.predecessor.Plan.CallStep;
import io.callsync.gateway.predecessor.Plan.CustomerStep;
import io.callsync.gateway.predecessor.Plan.Step;
import io.callsync.gateway.predecessor.Tally.Outcome;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one plan of all tables. Who made which booking stands in six columns of two tables, none of
 * which is always filled; so all that name one booking of Cal.com are taken together. Pure.
 */
final class Planner {

  /**
   * So many customers with one 0151 number, and it was what the predecessor gave to hidden ones.
   */
  private static final int MANY = 3;

  private final OldTables tables;
  private final Tally tally = Tally.empty();
  private final OldDirectory directory;
  private final Map<Long, OldCall> callById = new HashMap<>();
  private final Map<String, OldCall> callByRetellId = new HashMap<>();
  private final List<OldCall> calls = new ArrayList<>();
  private final Map<Long, OldCustomer> customers = new TreeMap<>();

  private Planner(OldTables tables) {
    this.tables = tables;
    tally.add(tables.findings());
    this.directory = new OldDirectory(tables.directory(), tally::add);
    tables.leftOut().forEach((table, n) -> tally.count(table.word(), Outcome.REFUSED, n));
    directory.leftOut().forEach((table, n) -> tally.count(table.word(), Outcome.REFUSED, n));
  }

  static Plan plan(OldTables tables) {
    return new Planner(tables).plan();
  }

  private Plan plan() {
    knowCalls();
    List<SameBooking> bookings = SameBooking.among(tables.appointments(), calls, this::callsOf);
    Map<OldCall, List<SameBooking>> ofCall = new HashMap<>();
    for (SameBooking booking : bookings) {
      booking
          .calls()
          .forEach(call -> ofCall.computeIfAbsent(call, c -> new ArrayList<>()).add(booking));
    }
    knowCustomers(bookings);
    List<Step> work = new ArrayList<>();
    customers.values().stream()
        .filter(c -> c.companyId() != null)
        .map(c -> new CustomerStep(c, Objects.requireNonNull(c.companyId())))
        .forEach(work::add);
    calls.forEach(call -> work.add(step(call, ofCall.getOrDefault(call, List.of()))));
    bookings.forEach(
        booking -> {
          BookingStep step = step(booking);
          if (step != null) {
            work.add(step);
          }
        });
    return new Plan(directory.file(), List.copyOf(work), tally);
  }

  // Calls

  /** Each call once; a temporary row is the call that it was a place for. */
  private void knowCalls() {
    List<OldCall> temporary = new ArrayList<>();
    for (OldCall call : tables.calls()) {
      if (call.isTemporary()) {
        temporary.add(call);
      } else {
        know(call);
      }
    }
    Map<String, List<OldCall>> byCaller =
        calls.stream()
            .filter(c -> c.facts().fromNumber() != null)
            .collect(groupingBy(c -> Objects.requireNonNull(c.facts().fromNumber())));
    for (OldCall call : temporary) {
      OldCall real =
          byCaller
              .getOrDefault(Objects.requireNonNullElse(call.facts().fromNumber(), ""), List.of())
              .stream()
              .filter(call::resembles)
              .findFirst()
              .orElse(null);
      if (real == null) {
        found(OldTable.CALLS, call.id(), Trouble.TEMP_CALL);
        know(call);
      } else {
        found(OldTable.CALLS, call.id(), Trouble.TEMP_CALL_JOINED);
        tally.count(OldTable.CALLS.word(), Outcome.REFUSED, 1);
        callById.put(call.id(), real);
        callByRetellId.put(call.retellCallId(), real);
      }
    }
  }

  private void know(OldCall call) {
    OldCall first = callByRetellId.putIfAbsent(call.retellCallId(), call);
    if (first == null) {
      calls.add(call);
    } else {
      leaveOut(OldTable.CALLS, call.id(), Trouble.RETELL_ID_TWICE);
    }
    callById.put(call.id(), first == null ? call : first);
  }

  /** The calls that a row of appointments names itself: by our id, by Retell's. */
  private List<OldCall> callsOf(OldAppointment row) {
    return Stream.of(
            row.callId() == null ? null : callById.get(row.callId()),
            row.retellCallId() == null ? null : callByRetellId.get(row.retellCallId()))
        .flatMap(Stream::ofNullable)
        .distinct()
        .toList();
  }

  private CallStep step(OldCall call, List<SameBooking> bookings) {
    Long byNumber = directory.companyOfLine(call.facts().toNumber());
    Long company = byNumber == null ? call.companyId() : byNumber;
    if (company == null || directory.lacks(company)) {
      found(OldTable.CALLS, call.id(), Trouble.COMPANY_MISSING);
    } else if (call.companyId() != null && !company.equals(call.companyId())) {
      found(OldTable.CALLS, call.id(), Trouble.COMPANY_MISMATCH);
    }
    if (bookings.isEmpty()) {
      if (call.booking() instanceof Guess(var _, boolean booked) && booked) {
        found(OldTable.CALLS, call.id(), Trouble.COMPOSITE);
      } else if (call.confirmed()) {
        found(OldTable.CALLS, call.id(), Trouble.CONFIRMED_WITHOUT_BOOKING);
      } else if (call.claimed()) {
        found(OldTable.CALLS, call.id(), Trouble.CLAIM_WITHOUT_BOOKING);
      }
    }
    return new CallStep(
        call,
        new PredecessorCall(
            company,
            call.branchId(),
            customer(OldTable.CALLS, call.id(), call.customerId(), company),
            call.details()));
  }

  // Customers

  private void knowCustomers(List<SameBooking> bookings) {
    Map<Long, Set<Long>> companies = new HashMap<>();
    for (OldCall call : calls) {
      Long byNumber = directory.companyOfLine(call.facts().toNumber());
      note(companies, call.customerId(), byNumber == null ? call.companyId() : byNumber);
    }
    for (SameBooking booking : bookings) {
      if (booking.row() != null) {
        note(companies, booking.row().customerId(), company(booking));
      }
    }
    Map<String, Long> holders = new HashMap<>();
    for (OldCustomer customer : tables.customers()) {
      if (customer.phone() != null) {
        holders.merge(customer.phone(), 1L, Long::sum);
      }
    }
    Set<String> taken = new HashSet<>();
    for (OldCustomer row : tables.customers()) {
      OldCustomer customer = placed(row, companies.getOrDefault(row.id(), Set.of()));
      if (customer.companyId() == null) {
        leaveOut(OldTable.CUSTOMERS, row.id(), Trouble.CUSTOMER_COMPANY_UNKNOWN);
        continue;
      }
      String phone = customer.phone();
      if (phone != null && phone.startsWith("+49151") && holders.getOrDefault(phone, 0L) >= MANY) {
        found(OldTable.CUSTOMERS, row.id(), Trouble.PHONE_FALLBACK);
        customer = customer.withoutPhone();
      }
      customers.put(row.id(), known(customer, taken));
    }
  }

  private OldCustomer placed(OldCustomer row, Set<Long> companies) {
    if (row.companyId() != null || companies.size() != 1) {
      return row;
    }
    found(OldTable.CUSTOMERS, row.id(), Trouble.CUSTOMER_COMPANY_FOUND);
    return row.in(companies.iterator().next());
  }

  /** Doubles are told, and kept apart when they are brought in. */
  private OldCustomer known(OldCustomer customer, Set<String> taken) {
    if (customer.phone() != null && !taken.add(customer.companyId() + customer.phone())) {
      found(OldTable.CUSTOMERS, customer.id(), Trouble.PHONE_TWICE);
    } else if (customer.phone() == null
        && customer.email() != null
        && !taken.add(customer.companyId() + customer.email())) {
      found(OldTable.CUSTOMERS, customer.id(), Trouble.EMAIL_TWICE);
      return customer.withoutEmail();
    }
    return customer;
  }

  private static void note(
      Map<Long, Set<Long>> companies, @Nullable Long customer, @Nullable Long company) {
    if (customer != null && company != null) {
      companies.computeIfAbsent(customer, c -> new TreeSet<>()).add(company);
    }
  }

  /** Null where the tables lack that customer. */
  private @Nullable Long customer(
      OldTable table, long id, @Nullable Long customer, @Nullable Long company) {
    if (customer == null) {
      return null;
    }
    OldCustomer known = customers.get(customer);
    if (known == null) {
      found(table, id, Trouble.CUSTOMER_MISSING);
      return null;
    }
    if (company != null && !company.equals(known.companyId())) {
      found(table, id, Trouble.CUSTOMER_OF_OTHER_COMPANY);
    }
    return customer;
  }

  // Bookings

  /** By the service that was booked, else the called number, else what the rows say. */
  private @Nullable Long company(SameBooking booking) {
    Service service = service(booking);
    if (service != null) {
      return service.companyId();
    }
    OldCall maker = booking.maker(callByRetellId);
    Long byNumber = maker == null ? null : directory.companyOfLine(maker.facts().toNumber());
    if (byNumber != null) {
      return byNumber;
    }
    Long ofRow = booking.row() == null ? null : booking.row().companyId();
    return ofRow == null && maker != null ? maker.companyId() : ofRow;
  }

  private @Nullable Service service(SameBooking booking) {
    return directory.service(
        booking.eventTypeId(), booking.row() == null ? null : booking.row().serviceId());
  }

  private @Nullable BookingStep step(SameBooking booking) {
    OldAppointment row = booking.row();
    OldCall maker = booking.maker(callByRetellId);
    OldTable table = row == null ? OldTable.CALLS : OldTable.APPOINTMENTS;
    if (row == null && maker == null) {
      return null;
    }
    long id = row == null ? Objects.requireNonNull(maker).id() : row.id();
    Long company = company(booking);
    tell(booking, maker, company);
    Service service = service(booking);
    Long customer =
        row == null || row.customerId() == null
            ? null
            : customer(table, id, row.customerId(), company);
    if (customer == null
        && maker != null
        && maker.customerId() != null
        && customers.containsKey(maker.customerId())) {
      customer = customer(table, id, maker.customerId(), company);
    }
    OldCustomer person = customer == null ? null : customers.get(customer);
    CalcomNames names = booking.names();
    Times times = times(booking, table, id);
    BookingStatus status = status(booking, names);
    if (status.stands() && status != BookingStatus.REQUESTED && names.isEmpty()) {
      found(table, id, Trouble.CALCOM_ID_MISSING);
    } else if (names.uid() == null && names.id() != null && row != null) {
      found(table, id, Trouble.CALCOM_UID_MISSING);
    }
    return new BookingStep(
        table,
        id,
        new PredecessorBooking(
            table.word() + ":" + id,
            status,
            names.id(),
            null,
            null,
            company,
            service == null ? (row == null ? null : row.serviceId()) : Long.valueOf(service.id()),
            row == null || row.branchId() == null
                ? (service == null ? null : service.branchId())
                : row.branchId(),
            row == null || row.staffId() == null
                ? directory.staff(company, booking.hostId())
                : row.staffId(),
            customer,
            booking.eventTypeId() == null && service != null
                ? Long.valueOf(service.eventTypeId())
                : booking.eventTypeId(),
            times.start,
            times.end,
            times.previousStart,
            attendee(booking, person, maker),
            row == null ? null : row.reason()),
        person == null ? null : person.companyId(),
        booking.links(),
        maker,
        booking.calls().stream().filter(call -> !call.equals(maker)).toList(),
        row == null ? null : row.changedAt());
  }

  /** What is broken about who made it and whose it is. */
  private void tell(SameBooking booking, @Nullable OldCall maker, @Nullable Long company) {
    OldAppointment row = booking.row();
    booking
        .further()
        .forEach(
            more -> leaveOut(OldTable.APPOINTMENTS, more.id(), Trouble.ONE_BOOKING_SEVERAL_ROWS));
    booking.calls().stream()
        .filter(call -> !call.equals(maker) && booking.isNamedBy(call))
        .forEach(call -> found(OldTable.CALLS, call.id(), Trouble.TWO_CALLS_ONE_BOOKING));
    if (row == null) {
      OldCall call = Objects.requireNonNull(maker);
      found(
          OldTable.CALLS,
          call.id(),
          booking.picture() == null ? Trouble.LOOK_UP_AT_CALCOM : Trouble.BOOKING_WITHOUT_ROW);
      return;
    }
    if (row.callId() != null && !callById.containsKey(row.callId())) {
      found(OldTable.APPOINTMENTS, row.id(), Trouble.CALL_MISSING);
    }
    if (maker == null && Boolean.TRUE.equals(row.byPhone())) {
      found(OldTable.APPOINTMENTS, row.id(), Trouble.PHONE_BOOKING_WITHOUT_CALL);
    }
    Long ofCall = maker == null ? null : directory.companyOfLine(maker.facts().toNumber());
    if (company == null || directory.lacks(company)) {
      found(OldTable.APPOINTMENTS, row.id(), Trouble.COMPANY_MISSING);
    } else if ((row.companyId() != null && !company.equals(row.companyId()))
        || (ofCall != null && !company.equals(ofCall))) {
      found(OldTable.APPOINTMENTS, row.id(), Trouble.COMPANY_MISMATCH);
    }
    if (maker != null
        && maker.customerId() != null
        && row.customerId() != null
        && !maker.customerId().equals(row.customerId())) {
      found(OldTable.CALLS, maker.id(), Trouble.CUSTOMER_DIFFERS);
    }
  }

  private static BookingStatus status(SameBooking booking, CalcomNames names) {
    if (booking.row() == null) {
      // A guess under a number: whether it stands, Cal.com has to say.
      return booking.picture() == null ? BookingStatus.REQUESTED : BookingStatus.CONFIRMED;
    }
    BookingStatus said = booking.row().status();
    return said == BookingStatus.SCHEDULED && !names.isEmpty() ? BookingStatus.CONFIRMED : said;
  }

  private record Times(
      @Nullable Instant start, @Nullable Instant end, @Nullable Instant previousStart) {}

  private Times times(SameBooking booking, OldTable table, long id) {
    OldAppointment row = booking.row();
    CalcomPicture real = booking.picture();
    if (row == null) {
      return real == null
          ? new Times(guessedStart(booking), null, null)
          : new Times(real.startsAt(), real.endsAt(), null);
    }
    Instant calcoms = real == null ? null : real.startsAt();
    ZoneId told = booking.zone();
    ZoneId zone = told == null ? row.zoneBySource() : told;
    Instant start = zone == null ? null : WallClock.at(row.startsAt(), zone);
    Instant end = zone == null ? null : WallClock.at(row.endsAt(), zone);
    Instant previous = zone == null ? null : WallClock.at(row.previousStartsAt(), zone);
    if (calcoms != null && WallClock.zoneBy(row.startsAt(), calcoms, row.salon()) == null) {
      found(table, id, Trouble.START_DIFFERS_FROM_CALCOM);
    }
    if (calcoms != null && real != null && (!row.moved() || calcoms.equals(start))) {
      return new Times(calcoms, real.endsAt() == null ? end : real.endsAt(), previous);
    }
    if (zone == null) {
      found(table, id, Trouble.ZONE_UNRESOLVED);
    } else if (start == null) {
      found(table, id, Trouble.TIME_UNCLEAR);
    }
    return new Times(
        start, start != null && end != null && end.isAfter(start) ? end : null, previous);
  }

  private static @Nullable Instant guessedStart(SameBooking booking) {
    return booking.calls().stream()
        .map(OldCall::booking)
        .filter(Guess.class::isInstance)
        .map(guess -> WallClock.at(((Guess) guess).startsAt(), OldCall.SALON))
        .flatMap(Stream::ofNullable)
        .findFirst()
        .orElse(null);
  }

  private static Attendee attendee(
      SameBooking booking, @Nullable OldCustomer person, @Nullable OldCall maker) {
    CalcomPicture picture = booking.picture();
    Attendee booked = picture == null ? new Attendee(null, null, null) : picture.attendee();
    OldAppointment row = booking.row();
    return new Attendee(
        first(
            booked.name(),
            row == null ? null : row.attendeeName(),
            person == null ? null : person.name()),
        first(
            booked.phone(),
            person == null ? null : person.phone(),
            maker == null ? null : maker.facts().fromNumber()),
        first(booked.email(), person == null ? null : person.email()));
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private void found(OldTable table, long id, Trouble trouble) {
    tally.add(Finding.of(table, id, trouble));
  }

  private void leaveOut(OldTable table, long id, Trouble trouble) {
    found(table, id, trouble);
    tally.count(table.word(), Outcome.REFUSED, 1);
  }
}
