package io.callsync.gateway.reconciliation;

import io.callsync.gateway.booking.BookingFolding;
import io.callsync.gateway.booking.BookingIdentity;
import io.callsync.gateway.booking.StoredBookings;
import io.callsync.gateway.calcom.BookingAncestry;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomClient.Listing;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.connection.Connections;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.reconciliation.ReconciliationStore.Standing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Lists what was booked and what changed at Cal.com since the watermark and folds it as a webhook
 * would be; then looks for bookings of ours that Cal.com does not have any more. One gateway at a
 * time works on an account, and one that breaks off goes on from its last page.
 */
@Component
class Reconciliation {

  private static final Logger log = LoggerFactory.getLogger(Reconciliation.class);

  private static final Duration LEASE = Duration.ofMinutes(2);

  /** Cal.com's rows become visible a little after the time they carry. */
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  /** A new account: what was booked just before we were set up. */
  private static final Duration BEFORE_THE_FIRST = Duration.ofHours(1);

  /** More at once, and most of all: that is a wrong account and not somebody tidying up. */
  private static final int MOST_DELETED = 10;

  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(20);

  private final Connections connections;
  private final CalcomAccounts calcom;
  private final BookingAncestry ancestry;
  private final BookingIdentity identity;
  private final BookingFolding bookings;
  private final StoredBookings storedBookings;
  private final ReconciliationStore store;
  private final Chains chains;
  private final ReconciliationProperties properties;
  private final Clock clock;
  private boolean known;

  Reconciliation(
      Connections connections,
      CalcomAccounts calcom,
      BookingAncestry ancestry,
      BookingIdentity identity,
      BookingFolding bookings,
      StoredBookings storedBookings,
      ReconciliationStore store,
      Chains chains,
      ReconciliationProperties properties,
      Clock clock) {
    this.connections = connections;
    this.calcom = calcom;
    this.ancestry = ancestry;
    this.identity = identity;
    this.bookings = bookings;
    this.storedBookings = storedBookings;
    this.store = store;
    this.chains = chains;
    this.properties = properties;
    this.clock = clock;
  }

  @Scheduled(fixedDelay = 1000)
  void runDue() {
    try {
      if (!known) {
        store.know(
            connections.all().stream().map(Connection::name).toList(),
            clock.instant().minus(BEFORE_THE_FIRST));
        known = true;
      }
      Instant now = clock.instant();
      store.claimDue(now, LEASE, now.plus(properties.every())).ifPresent(this::run);
    } catch (DataAccessException away) {
      log.debug("reconciliation waits for the database", away);
    }
  }

  private void run(Standing account) {
    String name = account.calcomAccount();
    String cause = "reconciliation:" + UUID.randomUUID();
    try {
      CalcomClient client = calcom.of(name);
      for (Listing listing : Listing.values()) {
        follow(client, account, listing, cause);
      }
      int vanished = vanished(client, name, cause);
      store.finish(name, clock.instant(), vanished);
    } catch (CalcomUnavailable away) {
      Instant now = clock.instant();
      store.breakOff(name, now, now.plus(AFTER_A_FAILURE), away.getMessage());
      log.info("reconciliation of {} goes on later: {}", name, away.getMessage());
    }
  }

  /**
   * From page to page by time and not by number, since the list moves on while it is read. The
   * bound steps back by a millisecond: whether Cal.com includes it is not documented.
   */
  private void follow(CalcomClient client, Standing account, Listing listing, String cause)
      throws CalcomUnavailable {
    String name = account.calcomAccount();
    Instant after = account.until(listing).minus(OVERLAP);
    int skip = 0;
    while (true) {
      List<JsonNode> page = client.listed(listing, after, properties.pageSize(), skip);
      int changed = foldWhatIsNew(name, page, cause);
      Instant last = after;
      for (JsonNode booking : page) {
        Instant at = listing.time(booking);
        last = at != null && at.isAfter(last) ? at : last;
      }
      store.advance(name, listing, last, clock.instant().plus(LEASE), page.size(), changed);
      if (page.size() < properties.pageSize()) {
        return;
      }
      if (last.minusMillis(1).isAfter(after)) {
        after = last.minusMillis(1);
        skip = 0;
      } else {
        skip += page.size();
      }
    }
  }

  /**
   * Most of a page is known: no transaction is opened for that. How many were not as we thought.
   */
  private int foldWhatIsNew(String account, List<JsonNode> page, String cause)
      throws CalcomUnavailable {
    Set<String> known =
        storedBookings.saidBefore(
            account,
            page.stream()
                .flatMap(booking -> CalcomMessages.booking(account, booking).stream())
                .map(CalcomFact::link)
                .toList());
    int changed = 0;
    for (JsonNode booking : page) {
      if (!known.contains(booking.path("uid").asString(""))) {
        changed += fold(account, booking, cause) ? 1 : 0;
      }
    }
    return changed;
  }

  /** Whether it was not as we thought. */
  private boolean fold(String account, JsonNode booking, String cause) throws CalcomUnavailable {
    Optional<CalcomFact> fact = CalcomMessages.booking(account, booking);
    if (fact.isEmpty()) {
      return false;
    }
    List<CalcomFact> facts = new ArrayList<>();
    String previous = fact.get().link().previousUid();
    if (previous != null
        && identity.ofUid(account, fact.get().link().uid()).isEmpty()
        && identity.ofUid(account, previous).isEmpty()) {
      facts.addAll(ancestry.of(account, previous));
    }
    facts.add(fact.get());
    Instant updatedAt = Listing.UPDATED.time(booking);
    return save(facts, cause, updatedAt == null ? clock.instant() : updatedAt);
  }

  private boolean save(List<CalcomFact> facts, String cause, Instant occurredAt) {
    return chains.decide(
        chain -> {
          facts.forEach(f -> bookings.fold(chain, f, Cause.CALCOM_RECONCILIATION, true));
          return !chain
              .save(new Cause(Cause.CALCOM_RECONCILIATION, cause, occurredAt, clock.instant()))
              .isEmpty();
        });
  }

  /** Bookings to come that stand here, and that Cal.com neither lists nor knows by their uid. */
  private int vanished(CalcomClient client, String account, String cause) throws CalcomUnavailable {
    Instant now = clock.instant();
    Set<String> expected = new HashSet<>(storedBookings.uidsAfter(account, now));
    int standing = expected.size();
    if (standing == 0) {
      return 0;
    }
    int skip = 0;
    List<JsonNode> page;
    do {
      page = client.upcoming(properties.pageSize(), skip);
      page.forEach(booking -> expected.remove(booking.path("uid").asString("")));
      skip += page.size();
    } while (page.size() == properties.pageSize() && !expected.isEmpty());
    int changed = 0;
    List<String> gone = new ArrayList<>();
    for (String uid : expected) {
      Optional<JsonNode> found = client.find(uid);
      if (found.isEmpty()) {
        gone.add(uid);
      } else if (fold(account, found.get(), cause)) {
        changed++;
      }
    }
    if (gone.size() > MOST_DELETED && gone.size() * 2 > standing) {
      throw new CalcomUnavailable(
          "Cal.com does not know %d of %d bookings that stand here: check whose API key this is"
              .formatted(gone.size(), standing));
    }
    for (String uid : gone) {
      CalcomFact fact = CalcomMessages.vanished(account, uid);
      changed += save(List.of(fact), cause, clock.instant()) ? 1 : 0;
    }
    return changed;
  }
}
