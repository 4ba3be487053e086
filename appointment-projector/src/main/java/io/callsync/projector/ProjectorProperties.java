package io.callsync.projector;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What the projector is told.
 *
 * @param kafkaBootstrap host:port of one or more brokers, comma separated
 * @param registryUrl the schema registry's Confluent-compatible base
 * @param instance a name that stays over restarts and differs between instances, so that a restart
 *     gets its partitions back at once; by default the host's name and the port
 */
@ConfigurationProperties("callsync")
record ProjectorProperties(String kafkaBootstrap, URI registryUrl, @Nullable String instance) {

  ProjectorProperties {
    require(kafkaBootstrap, "callsync.kafka-bootstrap (CALLSYNC_KAFKA_BOOTSTRAP)");
    require(registryUrl, "callsync.registry-url (CALLSYNC_REGISTRY_URL)");
  }

  private static void require(@Nullable Object value, String setting) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalArgumentException(setting + " must be set");
    }
  }
}
