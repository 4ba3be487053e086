package io.callsync.validator.ops;

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
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at chains on the spot, from the rows as they are now. */
@Component
class Chains {

  private static final int PAGE = 500;
  private static final String SUSPECTED = "SUSPECTED";
  private static final Pattern UNDERSCORE = Pattern.compile("_([a-z])");

  private final ChainLoader loader;
  private final Violations violations;
  private final Expectations expectations;
  private final ReadModel readModel;
  private final Clock clock;

  Chains(
      ChainLoader loader,
      Violations violations,
      Expectations expectations,
      ReadModel readModel,
      Clock clock) {
    this.loader = loader;
    this.violations = violations;
    this.expectations = expectations;
    this.readModel = readModel;
    this.clock = clock;
  }

  /** The chain of a call, by our id or Retell's; empty where there is no such call. */
  Optional<ChainView> one(String id) {
    return readModel
        .callId(id)
        .or(() -> expectations.callId(id))
        .map(callId -> view(load(List.of(callId)).getFirst()));
  }

  /** Gives every booking call after that one with its verdict, in the order of our ids. */
  void all(long afterCallId, BiConsumer<ChainLine, Verdict> take) {
    Map<Long, String> companies = readModel.companyNames();
    long after = afterCallId;
    while (true) {
      List<Long> ids = nextBookingCalls(after);
      if (ids.isEmpty()) {
        return;
      }
      List<Chain> chains = load(ids);
      Map<String, String> states = states(chains);
      for (Chain chain : chains) {
        if (chain.bookingCall()) {
          List<Violation> found = Validation.validate(chain);
          Verdict verdict = verdict(chain, found, states);
          take.accept(line(chain, found, verdict, companies), verdict);
        }
      }
      after = ids.getLast();
    }
  }

  /** From rows and events: a call whose row is gone is listed too. */
  private List<Long> nextBookingCalls(long after) {
    List<Long> seen = readModel.bookingCallsAfter(after, PAGE);
    List<Long> expected = expectations.bookingCallsAfter(after, PAGE);
    var ids = new TreeSet<>(seen);
    ids.addAll(expected);
    // Behind the end of a full page the other source may not be complete.
    long end =
        Math.min(
            seen.size() < PAGE ? Long.MAX_VALUE : seen.getLast(),
            expected.size() < PAGE ? Long.MAX_VALUE : expected.getLast());
    return List.copyOf(ids.headSet(end, true));
  }

  private List<Chain> load(List<Long> callIds) {
    return loader.load(
        callIds.stream().<ChainKey>map(ChainKey.OfCall::new).toList(), clock.instant());
  }

  private Map<String, String> states(List<Chain> chains) {
    return violations.statesOf(chains.stream().map(c -> c.key().text()).toList());
  }

  private static Verdict verdict(Chain chain, List<Violation> found, Map<String, String> states) {
    List<Violation> errors = found.stream().filter(Violation::error).toList();
    return Verdict.of(
        chain,
        errors.stream().anyMatch(v -> !state(v, states).equals(SUSPECTED)),
        !errors.isEmpty());
  }

  private static String state(Violation violation, Map<String, String> states) {
    return states.getOrDefault(violation.id(), SUSPECTED);
  }

  private static ChainLine line(
      Chain chain, List<Violation> found, Verdict verdict, Map<Long, String> companies) {
    CallRow call = chain.call();
    ExpectedCall expected = chain.expectedCall();
    Long companyId = chain.companyId();
    return new ChainLine(
        chain.callId(),
        call != null ? call.retellCallId() : expected != null ? expected.retellCallId() : null,
        call == null ? null : call.startedAt(),
        companyId,
        companyId == null ? null : companies.get(companyId),
        call == null ? null : call.customerId(),
        chain.reached().stream().map(AppointmentRow::id).sorted().toList(),
        verdict.word(),
        found.stream().map(Violation::rule).distinct().toList());
  }

  private ChainView view(Chain chain) {
    CallRow call = chain.call();
    List<Violation> found = Validation.validate(chain);
    Map<String, String> states = states(List.of(chain));
    Map<Long, String> services = readModel.serviceNames();
    Long customerId =
        call != null && call.customerId() != null
            ? call.customerId()
            : chain.reached().stream()
                .map(AppointmentRow::customerId)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    return new ChainView(
        fields("calls", chain.callId(), List.of()),
        fields("companies", chain.companyId(), List.of("id", "name", "timezone")),
        fields("customers", customerId, List.of("id", "name", "phone", "email")),
        chain.reached().stream()
            .sorted(Comparator.comparingLong(AppointmentRow::id))
            .map(a -> ChainView.Appointment.of(a, services))
            .toList(),
        chain.ownBookings().stream()
            .filter(b -> b.wish() || b.status().equals("failed"))
            .map(ChainView.Wish::of)
            .toList(),
        found.stream().map(v -> ChainView.Broken.of(v, state(v, states))).toList(),
        Rule.codes(),
        verdict(chain, found, states).word(),
        found.stream().noneMatch(Violation::error));
  }

  /** Columns of one row in camel case; of all columns where none are named. */
  private @Nullable Map<String, @Nullable Object> fields(
      String table, @Nullable Long id, List<String> wanted) {
    JsonNode row = readModel.whole(table, id).orElse(null);
    if (row == null) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (var column : row.properties()) {
      String name = column.getKey();
      if (wanted.isEmpty() || wanted.contains(name)) {
        fields.put(camelCase(name), value(name, column.getValue()));
      }
    }
    return fields;
  }

  private static String camelCase(String column) {
    return UNDERSCORE.matcher(column).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
  }

  /** Postgres writes times in the zone of its session; we say them in UTC. */
  private static @Nullable Object value(String column, JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    return column.endsWith("_at") && value.isString()
        ? OffsetDateTime.parse(value.asString()).toInstant()
        : value;
  }
}
