package io.callsync.validator.ops;

import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.CallRow;
import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ChainKey;
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
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at one chain on the spot, from the rows as they are now. */
@Component
class Chains {

  private static final Known SUSPECTED = new Known("SUSPECTED", null);
  private static final Pattern UNDERSCORE = Pattern.compile("_([a-z])");

  private final ChainLoader loader;
  private final Violations violations;
  private final Expectations expectations;
  private final ReadModel readModel;
  private final Set<Rule> armed;
  private final Clock clock;

  Chains(
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

  /** The chain of a call, by our id or Retell's; empty where there is no such call. */
  Optional<ChainView> one(String id) {
    return readModel
        .callId(id)
        .or(() -> expectations.callId(id))
        .map(
            callId ->
                view(
                    loader.load(List.of(new ChainKey.OfCall(callId)), clock.instant()).getFirst()));
  }

  private Map<String, Known> states(List<Chain> chains) {
    return violations.statesOf(chains.stream().map(c -> c.key().text()).toList());
  }

  static Verdict verdict(Chain chain, List<Violation> found, Map<String, Known> states) {
    List<Violation> errors = found.stream().filter(Violation::error).toList();
    return Verdict.of(
        chain,
        errors.stream().anyMatch(v -> !state(v, states).equals(SUSPECTED)),
        !errors.isEmpty());
  }

  private static Known state(Violation violation, Map<String, Known> states) {
    return states.getOrDefault(violation.id(), SUSPECTED);
  }

  private ChainView view(Chain chain) {
    CallRow call = chain.call();
    List<Violation> found = Validation.validate(chain, armed);
    Map<String, Known> states = states(List.of(chain));
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
        armed.stream().map(Rule::name).toList(),
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
