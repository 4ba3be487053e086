package io.callsync.gateway.booking;

import io.callsync.gateway.booking.ChangeStore.Change;
import io.callsync.gateway.calcom.CalcomAccounts;
import io.callsync.gateway.calcom.CalcomClient;
import io.callsync.gateway.calcom.CalcomClient.CalcomUnavailable;
import io.callsync.gateway.calcom.CalcomFact;
import io.callsync.gateway.calcom.CalcomMessages;
import io.callsync.gateway.calcom.CalcomOutcome;
import io.callsync.gateway.calcom.CalcomOutcome.Answered;
import io.callsync.gateway.calcom.CalcomOutcome.InDoubt;
import io.callsync.gateway.calcom.CalcomOutcome.Refused;
import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chain;
import io.callsync.gateway.delivery.Chains;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * Records how Cal.com took a change, and finds out where its answer was lost. A move is never sent
 * a second time: what the booking has become says whether it happened. A cancellation is, until it
 * happened, since it can do no more than that.
 */
@Component
public class ChangeOutcome {

  private static final Logger log = LoggerFactory.getLogger(ChangeOutcome.class);

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final Chains chains;
  private final BookingFolding bookings;
  private final ChangeStore changes;
  private final CalcomAccounts calcom;
  private final WishProperties properties;
  private final Clock clock;

  ChangeOutcome(
      Chains chains,
      BookingFolding bookings,
      ChangeStore changes,
      CalcomAccounts calcom,
      WishProperties properties,
      Clock clock) {
    this.chains = chains;
    this.bookings = bookings;
    this.changes = changes;
    this.calcom = calcom;
    this.properties = properties;
    this.clock = clock;
  }

  /** The outcome, and what is said about it, in one commit. */
  public <T> T record(
      Change change, CalcomOutcome outcome, BiFunction<Chain, BookingState, T> answer) {
    return chains.decide(
        chain -> {
          BookingState booking = chain.booking(change.bookingId());
          BookingState after =
              switch (outcome) {
                case Answered answered when isOurs(change, answered.fact()) ->
                    happened(chain, change, booking, answered.fact());
                case Refused refused -> {
                  changes.settle(chain, change.requestId(), false);
                  yield booking;
                }
                case Answered foreign -> booking;
                case InDoubt doubt -> booking;
              };
          Instant now = clock.instant();
          chain.save(new Cause(Cause.RETELL_PHONE, "wish:" + change.requestId(), now, now));
          return answer.apply(chain, after);
        });
  }

  /** What became of the booking at Cal.com, as the outcome of a change; unknown where unchanged. */
  public CalcomOutcome look(Change change) throws CalcomUnavailable {
    String account = accountOf(change);
    CalcomClient client = calcom.of(account);
    Optional<JsonNode> booking = client.find(change.uid());
    String movedTo =
        booking
            .map(b -> b.path("rescheduledToUid"))
            .filter(JsonNode::isString)
            .map(JsonNode::stringValue)
            .orElse(null);
    Optional<JsonNode> now = movedTo == null ? booking : client.find(movedTo);
    return now.flatMap(
            b ->
                CalcomMessages.booking(account, b)
                    .filter(fact -> isOurs(change, fact))
                    .<CalcomOutcome>map(fact -> new Answered(fact, b)))
        .orElse(new InDoubt("unchanged at Cal.com"));
  }

  @Scheduled(fixedDelay = 500)
  void resolveDue() {
    for (Change change : changes.claimDue(clock.instant(), LEASE, 20)) {
      Instant next = clock.instant().plus(PAUSE);
      try {
        CalcomOutcome found = look(change);
        if (found instanceof Answered) {
          record(change, found, (chain, booking) -> booking);
        } else if (change.startsAt() == null) {
          record(
              change,
              calcom.of(accountOf(change)).cancelAgain(change.uid(), "cancelled by telephone"),
              (chain, booking) -> booking);
        } else if (change.createdAt().plus(properties.giveUpAfter()).isBefore(clock.instant())) {
          chains.decide(
              chain -> {
                changes.settle(chain, change.requestId(), false);
                return true;
              });
        }
      } catch (CalcomUnavailable away) {
        log.info("change {} stays open: {}", change.requestId(), away.getMessage());
      }
      changes.lookUpAgain(change.requestId(), next);
    }
  }

  private String accountOf(Change change) {
    return chains.read(change.bookingId()).calcomAccount();
  }

  private BookingState happened(Chain chain, Change change, BookingState booking, CalcomFact fact) {
    changes.settle(chain, change.requestId(), true);
    return bookings.fold(chain, booking.withFurtherCall(change.callId()), fact);
  }

  /** A cancelled link is the one that was to be cancelled; a moved one begins when it was to. */
  private static boolean isOurs(Change change, CalcomFact fact) {
    Link link = fact.link();
    return change.startsAt() == null
        ? link.uid().equals(change.uid()) && link.status() == LinkStatus.CANCELLED
        : change.uid().equals(link.previousUid()) && change.startsAt().equals(link.startsAt());
  }
}
