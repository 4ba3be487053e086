package io.callsync.outbox;

import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Relays committed row changes of callsync.relay.tables to chain-changes, and what lies in the
 * outbox to the topics that it names.
 */
@Configuration(proxyBeanMethods = false)
@Import(RelayConfiguration.class)
public class RowChangeRelayConfiguration {

  @Bean
  Outbox outbox(DataSource dataSource) {
    return new Outbox(dataSource);
  }

  @Bean
  Relay changeRelay(Environment environment, RelayDatabase database, RelayProperties properties) {
    return RelayConfiguration.relay(
        environment,
        database,
        properties,
        new RowChangeSource(properties.publicationOf(database), properties.tables()));
  }
}
