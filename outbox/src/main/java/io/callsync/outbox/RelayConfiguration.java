package io.callsync.outbox;

import io.callsync.schemas.SchemaRegistry;
import java.net.URI;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What both kinds of relay share; the importing configuration brings the source. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RelayProperties.class)
class RelayConfiguration {

  @Bean
  RelayDatabase relayDatabase(Environment environment) {
    return new RelayDatabase(
        environment.getRequiredProperty("spring.datasource.url"),
        environment.getProperty("spring.datasource.username", ""),
        environment.getProperty("spring.datasource.password", ""));
  }

  @Bean
  RelayHealth relay(Relay changeRelay) {
    return new RelayHealth(changeRelay);
  }

  @Bean
  RelayMetrics relayMetrics(Relay changeRelay) {
    return new RelayMetrics(changeRelay);
  }

  static Relay relay(
      Environment environment, RelayDatabase database, RelayProperties properties, Source source) {
    return new Relay(
        database,
        environment.getRequiredProperty("callsync.kafka-bootstrap"),
        new SchemaRegistry(URI.create(environment.getRequiredProperty("callsync.registry-url"))),
        source,
        properties.slotOf(database),
        properties.publicationOf(database),
        properties.lease(),
        properties.window());
  }
}
