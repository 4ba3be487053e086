package io.callsync.outbox;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Relays committed row changes of callsync.relay.tables to chain-changes. */
@Configuration(proxyBeanMethods = false)
@Import(RelayConfiguration.class)
public class RowChangeRelayConfiguration {

  @Bean
  Relay changeRelay(Environment environment, RelayDatabase database, RelayProperties properties) {
    return RelayConfiguration.relay(
        environment,
        database,
        properties,
        new RowChangeSource(properties.publicationOf(database), properties.tables()));
  }
}
