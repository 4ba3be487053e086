package io.callsync.validator.ops;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.rule.Rule;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which chains are asked about.
 *
 * @param after only calls with a higher id; without one the bookings that have no call, too
 * @param companyId of one company
 * @param since calls that started then or later, and bookings without a call whose time is then or
 *     later; what lost its row has no time and is never passed over
 * @param rule only chains that break this rule
 * @param tried whether the rule is applied though it may be disarmed, as if nothing had been found
 *     before
 */
record Question(
    long after,
    @Nullable Long companyId,
    @Nullable Instant since,
    @Nullable Rule rule,
    boolean tried) {

  /** The rules that are applied. */
  Set<Rule> rules(Set<Rule> armed) {
    return rule == null ? armed : tried || armed.contains(rule) ? Set.of(rule) : Set.of();
  }

  boolean isAbout(Chain chain) {
    return isOfCompany(chain) && isRecent(chain);
  }

  private boolean isOfCompany(Chain chain) {
    return companyId == null
        || companyId.equals(chain.companyId())
        || (chain.expectedCall() != null && companyId.equals(chain.expectedCall().companyId()));
  }

  private boolean isRecent(Chain chain) {
    if (since == null) {
      return true;
    }
    if (chain.callId() != null) {
      return chain.call() == null
          || chain.call().startedAt() == null
          || !chain.call().startedAt().isBefore(since);
    }
    return Stream.concat(
            chain.owned().stream().map(AppointmentRow::startsAt),
            chain.ownBookings().stream().map(ExpectedBooking::startsAt))
        .filter(Objects::nonNull)
        .anyMatch(start -> !start.isBefore(since));
  }
}
