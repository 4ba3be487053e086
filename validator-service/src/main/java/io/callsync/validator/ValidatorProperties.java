package io.callsync.validator;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the validator.
 *
 * @param kafkaBootstrap host:port list
 * @param registryUrl the Confluent-compatible base of the schema registry
 * @param readmodel where the rows are that people see
 * @param validator times and limits
 */
@ConfigurationProperties("callsync")
public record ValidatorProperties(
    String kafkaBootstrap, URI registryUrl, ReadModelAccess readmodel, Times validator) {

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
   */
  public record Times(
      @DefaultValue("5s") Duration grace,
      @DefaultValue("150ms") Duration debounce,
      @DefaultValue("60s") Duration requestLimit,
      @DefaultValue("15s") Duration stalledAfter,
      @DefaultValue("10m") Duration sweep,
      @DefaultValue("60s") Duration recheck,
      @DefaultValue("24h") Duration tombstoneAfter) {

    public Times {
      notNegative(grace, "grace");
      notNegative(debounce, "debounce");
      notNegative(requestLimit, "request-limit");
      notNegative(stalledAfter, "stalled-after");
      atLeastASecond(sweep, "sweep");
      atLeastASecond(recheck, "recheck");
      notNegative(tombstoneAfter, "tombstone-after");
    }

    public static Times defaults() {
      return new Times(
          Duration.ofSeconds(5),
          Duration.ofMillis(150),
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(24));
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

  private static void required(@Nullable String value, String name) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " must be set");
    }
  }
}
