package io.callsync.validator.ops;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.check.ChainLoader;
import io.callsync.validator.check.Verdict;
import io.callsync.validator.expectation.Expectations;
import io.callsync.validator.readmodel.ReadModel;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.rule.Validation;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.Violations;
import io.callsync.validator.violation.Violations.Known;
import java.time.Clock;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Looks at all chains once, in the order of their keys: pieces of some thousands, each of them from
 * one snapshot and a handful of queries, so that neither memory nor the age of a snapshot grows
 * with the number of calls.
 */
@Component
class Pass {

  private static final int PIECE = 2000;

  private final ChainLoader loader;
  private final Violations violations;
  private final Expectations expectations;
  private final ReadModel readModel;
  private final Set<Rule> armed;
  private final Clock clock;

  Pass(
      ChainLoader loader,
      Violations violations,
      Expectations expectations,
      ReadModel readModel,
      ValidatorProperties properties,
      Clock clock) {
    this.loader = loader;
    this.violations = violations;
    this.expectations = expectations;
    this.readModel = readModel;
    this.armed = properties.validator().armedRules();
    this.clock = clock;
  }

  boolean isArmed(Rule rule) {
    return armed.contains(rule);
  }

  /**
   * Gives every booking call with its verdict; where a rule is asked about, whatever breaks it.
   *
   * @return how many chains were looked at
   */
  long over(Question question, BiConsumer<ChainLine, Verdict> take) {
    var run = new Run(question, take);
    run.calls();
    if (question.after() <= 0) {
      run.callLessBookings();
    }
    return run.looked;
  }

  private final class Run {
    private final Question question;
    private final BiConsumer<ChainLine, Verdict> take;
    private final Set<Rule> rules;
    private final Map<Long, String> companies = readModel.companyNames();
    private long looked;

    Run(Question question, BiConsumer<ChainLine, Verdict> take) {
      this.question = question;
      this.take = take;
      this.rules = question.rules(armed);
    }

    void calls() {
      long after = question.after();
      if (question.since() != null) {
        Optional<Long> first = readModel.firstCallSince(question.since());
        if (first.isEmpty()) {
          return;
        }
        after = Math.max(after, first.get() - 1);
      }
      List<Long> ids = nextCalls(after);
      while (!ids.isEmpty()) {
        look(ids.stream().<ChainKey>map(ChainKey.OfCall::new).toList(), chain -> true);
        ids = nextCalls(ids.getLast());
      }
    }

    /** From rows and events: a call whose row is gone is looked at too. */
    private List<Long> nextCalls(long after) {
      List<Long> seen = readModel.callsAfter(after, question.companyId(), PIECE);
      List<Long> expected = expectations.callsAfter(after, question.companyId(), PIECE);
      var ids = new TreeSet<>(seen);
      ids.addAll(expected);
      // Behind the end of a full page the other source may not be complete.
      long end =
          Math.min(
              seen.size() < PIECE ? Long.MAX_VALUE : seen.getLast(),
              expected.size() < PIECE ? Long.MAX_VALUE : expected.getLast());
      return List.copyOf(ids.headSet(end, true));
    }

    /** From rows first, then those that have none. */
    void callLessBookings() {
      Map<Long, UUID> seen = readModel.callLessBookingsAfter(Long.MIN_VALUE, PIECE);
      while (!seen.isEmpty()) {
        look(bookings(seen.values()), chain -> !chain.owned().isEmpty());
        seen = readModel.callLessBookingsAfter(Collections.max(seen.keySet()), PIECE);
      }
      List<UUID> expected = expectations.callLessBookingsAfter(new UUID(0, 0), PIECE);
      while (!expected.isEmpty()) {
        look(
            bookings(expected), chain -> chain.owned().stream().noneMatch(a -> a.callId() == null));
        expected = expectations.callLessBookingsAfter(expected.getLast(), PIECE);
      }
    }

    private void look(List<ChainKey> keys, Predicate<Chain> relevant) {
      List<Chain> chains =
          loader.load(keys, clock.instant()).stream()
              .filter(question::isAbout)
              .filter(relevant)
              .toList();
      looked += chains.size();
      Map<String, Known> states =
          question.tried()
              ? Map.of()
              : violations.statesOf(chains.stream().map(c -> c.key().text()).toList());
      for (Chain chain : chains) {
        List<Violation> found = Validation.validate(chain, rules);
        if (question.rule() == null ? chain.bookingCall() : !found.isEmpty()) {
          Verdict verdict =
              question.tried()
                  ? Verdict.of(chain, found.stream().anyMatch(Violation::error), false)
                  : Chains.verdict(chain, found, states);
          take.accept(line(chain, found, verdict), verdict);
        }
      }
    }

    private ChainLine line(Chain chain, List<Violation> found, Verdict verdict) {
      CallRow call = chain.call();
      ExpectedCall expected = chain.expectedCall();
      Long companyId = chain.companyId();
      return new ChainLine(
          chain.callId(),
          bookingId(chain),
          call != null ? call.retellCallId() : expected != null ? expected.retellCallId() : null,
          call == null ? null : call.startedAt(),
          companyId,
          companyId == null ? null : companies.get(companyId),
          call == null ? null : call.customerId(),
          chain.reached().stream().map(AppointmentRow::id).sorted().toList(),
          verdict.word(),
          found.stream().map(Violation::rule).distinct().toList());
    }
  }

  private static @Nullable String bookingId(Chain chain) {
    return chain.key() instanceof ChainKey.OfBooking(UUID id) ? id.toString() : null;
  }

  private static List<ChainKey> bookings(Collection<UUID> ids) {
    return ids.stream().<ChainKey>map(ChainKey.OfBooking::new).toList();
  }
}
