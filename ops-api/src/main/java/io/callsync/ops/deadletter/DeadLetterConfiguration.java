package io.callsync.ops.deadletter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The dead letters of the consumer that imports it and brings a {@link Redrive}: where they are
 * put, their operators' API, their number as gauge and in the health. They leave the service up.
 */
@Configuration(proxyBeanMethods = false)
public class DeadLetterConfiguration {

  @Bean
  DeadLetters deadLetters(
      @Value("${callsync.kafka-bootstrap}") String bootstrap,
      @Value("${spring.application.name}") String service,
      DataSource database) {
    return new DeadLetters(bootstrap, service, database);
  }

  @Bean
  LetterTable letterTable(
      @Value("${spring.application.name}") String service, DataSource database) {
    return new LetterTable(JdbcClient.create(database), service);
  }

  @Bean
  DeadLetterController deadLetterController(
      LetterTable letters,
      @Value("${callsync.kafka-bootstrap}") String bootstrap,
      @Value("${callsync.registry-url}") URI registryUrl,
      Redrive redrive) {
    return new DeadLetterController(letters, new LetterTopics(bootstrap), registryUrl, redrive);
  }

  @Bean
  MeterBinder openDeadLetters(LetterTable letters) {
    return registry ->
        Gauge.builder("callsync.dead.letters.open", letters, DeadLetterConfiguration::open)
            .description("records put aside that nobody has redriven or dropped")
            .register(registry);
  }

  @Bean
  HealthIndicator deadLettersHealthIndicator(LetterTable letters) {
    return () -> {
      double open = open(letters);
      return Health.up().withDetail("open", Double.isNaN(open) ? "unknown" : (long) open).build();
    };
  }

  /** Not a number where the database does not answer. */
  private static double open(LetterTable letters) {
    try {
      return letters.open();
    } catch (DataAccessException away) {
      return Double.NaN;
    }
  }
}
