package io.callsync.gateway.predecessor;

import static io.callsync.gateway.booking.BookingIdentity.uidOfNumber;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingIdentity;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.PredecessorBooking;
import io.callsync.gateway.call.CallFolding;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.customer.CustomerState;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.predecessor.Plan.BookingStep;
import io.callsync.gateway.predecessor.Plan.CallStep;
import io.callsync.gateway.predecessor.Plan.CustomerStep;
import io.callsync.gateway.predecessor.Plan.Step;
import io.callsync.gateway.predecessor.Tally.Outcome;
import io.callsync.outbox.OutboxMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Brings one aggregate in: as a fact of the weakest source, by the same folding as live ones. */
@Component
class Steps {

  /** What became of a step, and what was found by it. */
  record Done(Outcome outcome, List<Finding> findings) {

    static Done refused(Step step, Trouble trouble) {
      return new Done(Outcome.REFUSED, List.of(Finding.of(step.table(), step.oldId(), trouble)));
    }
  }

  private static final String DEFAULT_ZONE = "Europe/Berlin";

  private final CallFolding calls;
  private final BookingFolding bookings;
  private final BookingIdentity identity;
  private final Directory directory;
  private final Clock clock;

  Steps(
      CallFolding calls,
      BookingFolding bookings,
      BookingIdentity identity,
      Directory directory,
      Clock clock) {
    this.calls = calls;
    this.bookings = bookings;
    this.identity = identity;
    this.directory = directory;
    this.clock = clock;
  }

  Done take(Chain chain, Step step) {
    return switch (step) {
      case CustomerStep customer -> customer(chain, customer);
      case CallStep call -> call(chain, call);
      case BookingStep booking -> booking(chain, booking);
    };
  }

  private Done customer(Chain chain, CustomerStep step) {
    OldCustomer old = step.customer();
    CustomerIdentity apart = CustomerIdentity.imported(old.id());
    Optional<CustomerState> kept =
        chain.keptCustomer(
            old.id(),
            step.companyId(),
            CustomerIdentity.of(
                old.phone(),
                directory.contactRules(step.companyId()).realEmail(old.email()),
                apart),
            old.name(),
            old.phone(),
            old.email());
    return kept.isEmpty()
        ? Done.refused(step, Trouble.ID_TAKEN)
        : done(chain, step, List.of(), String.valueOf(old.id()));
  }

  private Done call(Chain chain, CallStep step) {
    OldCall old = step.call();
    Optional<CallState> kept =
        chain.keptCall(old.id(), old.retellCallId(), connection(step.imported().companyId()));
    if (kept.isEmpty()) {
      return Done.refused(step, Trouble.ID_TAKEN);
    }
    calls.foldImported(chain, kept.get(), old.facts(), step.imported());
    return done(chain, step, keptId(step, kept.get().callId()), old.retellCallId());
  }

  private Done booking(Chain chain, BookingStep step) {
    String account = connection(step.imported().companyId());
    Set<UUID> known = new LinkedHashSet<>();
    step.names().forEach(name -> known.addAll(identity.ofUid(account, name.uid())));
    if (known.isEmpty() && step.imported().calcomBookingId() != null) {
      known.addAll(identity.ofUid(account, uidOfNumber(step.imported().calcomBookingId())));
    }
    if (known.size() > 1) {
      return Done.refused(step, Trouble.SEVERAL_SEATS);
    }
    BookingState booking;
    if (!known.isEmpty()) {
      booking = chain.booking(known.iterator().next());
    } else {
      UUID own = ownId(step);
      Optional<UUID> holder = holder(chain, step, own);
      if (holder.isEmpty()) {
        booking = fresh(chain, step, own, account);
      } else if (holder.get().equals(own) && mayBe(chain.booking(own), step)) {
        booking = chain.booking(own);
      } else {
        return Done.refused(step, Trouble.ID_TAKEN);
      }
    }
    booking = bookings.foldImported(chain, booking, step.names(), linked(chain, step, account));
    for (OldCall further : step.further()) {
      Optional<CallState> call = chain.keptCall(further.id(), further.retellCallId(), account);
      if (call.isPresent()) {
        booking = booking.withFurtherCall(call.get().callId());
      }
    }
    chain.put(booking);
    return done(
        chain,
        step,
        step.table() == OldTable.APPOINTMENTS ? keptId(step, booking.appointmentId()) : List.of(),
        booking.bookingId().toString());
  }

  private static Optional<UUID> holder(Chain chain, BookingStep step, UUID own) {
    return step.table() == OldTable.APPOINTMENTS
        ? chain.holderOf(step.oldId())
        : Optional.of(own).filter(chain::knowsBooking);
  }

  /** Whether both have a name at Cal.com in common, or one has none: else it is another's row. */
  private static boolean mayBe(BookingState booking, BookingStep step) {
    Long number = step.imported().calcomBookingId();
    return (booking.links().isEmpty() && booking.calcomBookingId() == null)
        || (step.names().isEmpty() && number == null)
        || (number != null && number.equals(booking.calcomBookingId()))
        || step.names().stream()
            .flatMap(link -> Stream.of(link.uid(), link.previousUid()))
            .anyMatch(uid -> uid != null && booking.links().containsKey(uid));
  }

  private static BookingState fresh(Chain chain, BookingStep step, UUID own, String account) {
    return step.table() == OldTable.APPOINTMENTS
        ? chain.newBooking(own, step.oldId(), account, Cause.IMPORT, DEFAULT_ZONE, fresh -> fresh)
        : chain.newBooking(own, account, Cause.IMPORT, DEFAULT_ZONE, fresh -> fresh);
  }

  /** With its call as it is known here, and without a customer whose id is somebody else's here. */
  private static PredecessorBooking linked(Chain chain, BookingStep step, String account) {
    PredecessorBooking imported = step.imported();
    Long customer = imported.customerId();
    Long company = step.customerCompanyId();
    if (customer != null && company != null && !chain.mayBeCustomerOf(company, customer)) {
      imported = imported.withoutCustomer();
    }
    OldCall maker = step.maker();
    Optional<CallState> call =
        maker == null
            ? Optional.empty()
            : chain.keptCall(maker.id(), maker.retellCallId(), account);
    return call.isPresent()
        ? imported.madeBy(call.get().callId(), call.get().retellCallId())
        : imported;
  }

  /**
   * Ours, from the old row's: the same row is the same booking, also where it has no other name.
   */
  private static UUID ownId(BookingStep step) {
    return UUID.nameUUIDFromBytes(
        ("import:" + step.table().word() + ":" + step.oldId()).getBytes(UTF_8));
  }

  private static List<Finding> keptId(Step step, long id) {
    return id == step.oldId()
        ? List.of()
        : List.of(Finding.of(step.table(), step.oldId(), Trouble.KNOWN_UNDER_ANOTHER_ID));
  }

  /** A company that the operator has set up says whose calls and bookings it has. */
  private String connection(@Nullable Long company) {
    return company == null
        ? Connection.DEFAULT
        : directory.company(company).map(CompanyEntry::connection).orElse(Connection.DEFAULT);
  }

  private Done done(Chain chain, Step step, List<Finding> findings, String key) {
    Instant now = clock.instant();
    Instant said = step.saidAt();
    chain.save(
        new Cause(
            Cause.IMPORT,
            "import:" + step.table().word() + ":" + step.oldId(),
            said == null || said.isAfter(now) ? now : said,
            now));
    return new Done(
        chain.messages().stream()
            .filter(message -> message.key().equals(key))
            .map(OutboxMessage::event)
            .map(Steps::revision)
            .map(revision -> revision == 1 ? Outcome.NEW : Outcome.CHANGED)
            .findFirst()
            .orElse(Outcome.UNCHANGED),
        new ArrayList<>(findings));
  }

  private static long revision(@Nullable Object event) {
    Meta meta =
        switch (Objects.requireNonNull(event)) {
          case BookingEvent e -> e.getMeta();
          case CallEvent e -> e.getMeta();
          case CustomerEvent e -> e.getMeta();
          default -> throw new IllegalStateException("no event of an import: " + event.getClass());
        };
    return meta.getRevision();
  }
}
