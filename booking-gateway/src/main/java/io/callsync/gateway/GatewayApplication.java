package io.callsync.gateway;

import io.callsync.gateway.booking.WishProperties;
import io.callsync.gateway.connection.ConnectionProperties;
import io.callsync.gateway.delivery.Pseudonyms;
import io.callsync.gateway.reconciliation.ReconciliationProperties;
import io.callsync.gateway.retell.FunctionProperties;
import io.callsync.ops.OpsConfiguration;
import io.callsync.outbox.OutboxConfiguration;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The booking gateway. */
@SpringBootApplication(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties({
  ConnectionProperties.class,
  FunctionProperties.class,
  WishProperties.class,
  ReconciliationProperties.class
})
@Import({OutboxConfiguration.class, OpsConfiguration.class})
public class GatewayApplication {

  public static void main(String[] args) {
    SpringApplication.run(GatewayApplication.class, args);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** The key is made once and kept in this database: look-up hashes are of no use outside it. */
  @Bean
  Pseudonyms pseudonyms(JdbcTemplate jdbc) {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    jdbc.update(
        "insert into own_secret (name, value) values ('lookup', ?) on conflict do nothing",
        (Object) fresh);
    return new Pseudonyms(
        Objects.requireNonNull(
            jdbc.queryForObject(
                "select value from own_secret where name = 'lookup'", byte[].class)));
  }
}
