package io.callsync.validator;

import io.callsync.validator.rule.Rule;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the validator.
 *
 * @param kafkaBootstrap host:port list
 * @param registryUrl the Confluent-compatible base of the schema registry
 * @param readmodel where the rows are that people see
 * @param gatewayUrl where self-repair asks for what the log lacks; null where nothing repairs
 *     itself
 * @param projectorUrl where self-repair has the log folded again; null where nothing repairs itself
 * @param validator times, limits, and what is switched on
 */
@ConfigurationProperties("callsync")
public record ValidatorProperties(
    String kafkaBootstrap,
    URI registryUrl,
    ReadModelAccess readmodel,
    @Nullable URI gatewayUrl,
    @Nullable URI projectorUrl,
    Times validator) {

  public ValidatorProperties {
    required(kafkaBootstrap, "callsync.kafka-bootstrap (CALLSYNC_KAFKA_BOOTSTRAP)");
    required(
        registryUrl == null ? null : registryUrl.toString(),
        "callsync.registry-url (CALLSYNC_REGISTRY_URL)");
    required(
        readmodel == null ? null : readmodel.url(),
        "callsync.readmodel.url (CALLSYNC_READMODEL_URL)");
    if (validator == null) {
      validator = Times.defaults();
    }
    if (validator.selfRepair().isOn()) {
      required(Objects.toString(gatewayUrl, null), "callsync.gateway-url (CALLSYNC_GATEWAY_URL)");
      required(
          Objects.toString(projectorUrl, null), "callsync.projector-url (CALLSYNC_PROJECTOR_URL)");
    }
  }

  /** A role that may only select. */
  public record ReadModelAccess(String url, String user, String password) {}

  /**
   * @param grace how long a finding must last before it opens
   * @param debounce how long to wait after a change, so that a burst is one check
   * @param requestLimit how long a wish may be without outcome
   * @param stalledAfter how long the projector may stand still before it is reported
   * @param sweep how often every chain is looked at, changed or not
   * @param recheck how often chains with an open violation are looked at again
   * @param tombstoneAfter how long a resolved violation stays on the topic
   * @param disarmedRules rules that report nothing; they can be tried over all chains
   */
  public record Times(
      @DefaultValue("5s") Duration grace,
      @DefaultValue("150ms") Duration debounce,
      @DefaultValue("60s") Duration requestLimit,
      @DefaultValue("15s") Duration stalledAfter,
      @DefaultValue("10m") Duration sweep,
      @DefaultValue("60s") Duration recheck,
      @DefaultValue("24h") Duration tombstoneAfter,
      @DefaultValue Set<Rule> disarmedRules,
      @DefaultValue SelfRepair selfRepair) {

    public Times {
      notNegative(grace, "grace");
      notNegative(debounce, "debounce");
      notNegative(requestLimit, "request-limit");
      notNegative(stalledAfter, "stalled-after");
      atLeastASecond(sweep, "sweep");
      atLeastASecond(recheck, "recheck");
      notNegative(tombstoneAfter, "tombstone-after");
    }

    /** The rules that report. */
    public Set<Rule> armedRules() {
      Set<Rule> armed = EnumSet.allOf(Rule.class);
      armed.removeAll(disarmedRules);
      return armed;
    }

    public static Times defaults() {
      return new Times(
          Duration.ofSeconds(5),
          Duration.ofMillis(150),
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          Set.of(),
          SelfRepair.off());
    }

    private static void notNegative(Duration value, String name) {
      if (value.isNegative()) {
        throw new IllegalArgumentException(
            "callsync.validator." + name + " must not be negative, it is " + value);
      }
    }

    private static void atLeastASecond(Duration value, String name) {
      if (value.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "callsync.validator." + name + " must be at least 1s, it is " + value);
      }
    }
  }

  /**
   * Whose broken chains are backfilled without an operator.
   *
   * @param companies their ids, or "all"; nobody's by default
   * @param delay how long a violation is open before
   * @param atOnce most chains in repair at a time
   * @param mostPerHour most chains of one company; more is a storm, which a repair does not end
   */
  public record SelfRepair(
      @DefaultValue Set<String> companies,
      @DefaultValue("60s") Duration delay,
      @DefaultValue("4") int atOnce,
      @DefaultValue("100") int mostPerHour) {

    private static final String ALL = "all";

    public SelfRepair {
      for (String company : companies) {
        if (!company.equals(ALL) && !company.matches("\\d{1,18}")) {
          throw new IllegalArgumentException(
              "callsync.validator.self-repair.companies takes ids of companies, or all; not "
                  + company);
        }
      }
      Times.notNegative(delay, "self-repair.delay");
      if (atOnce < 1 || mostPerHour < 1) {
        throw new IllegalArgumentException(
            "callsync.validator.self-repair.at-once and most-per-hour must be at least 1");
      }
    }

    public static SelfRepair off() {
      return new SelfRepair(Set.of(), Duration.ofSeconds(60), 4, 100);
    }

    public boolean isOn() {
      return !companies.isEmpty();
    }

    /** Whether every company's chains are repaired. */
    public boolean ofAll() {
      return companies.contains(ALL);
    }

    /** The companies, where not all. */
    public Set<Long> companyIds() {
      return companies.stream()
          .filter(c -> !c.equals(ALL))
          .map(Long::valueOf)
          .collect(Collectors.toSet());
    }
  }

  private static void required(@Nullable String value, String name) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " must be set");
    }
  }
}
