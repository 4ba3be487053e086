package io.callsync.outbox;

import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** The outbox of the service that imports it, with its relay, health and upkeep. */
@Configuration(proxyBeanMethods = false)
@Import(RelayConfiguration.class)
public class OutboxConfiguration {

  @Bean
  Outbox outbox(DataSource dataSource) {
    return new Outbox(dataSource);
  }

  @Bean
  Relay changeRelay(Environment environment, RelayDatabase database, RelayProperties properties) {
    return RelayConfiguration.relay(
        environment, database, properties, new OutboxSource(properties.publicationOf(database)));
  }
}
