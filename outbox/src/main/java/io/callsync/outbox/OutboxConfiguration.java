package io.callsync.outbox;

import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The outbox of the service that imports it, with its relay. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RelayProperties.class)
public class OutboxConfiguration {

  @Bean
  Outbox outbox(DataSource dataSource) {
    return new Outbox(dataSource);
  }
}
