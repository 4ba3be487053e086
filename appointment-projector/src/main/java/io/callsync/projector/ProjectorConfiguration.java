package io.callsync.projector;

import io.callsync.ops.Audit;
import io.callsync.ops.OpsConfiguration;
import io.callsync.ops.deadletter.DeadLetterConfiguration;
import io.callsync.ops.deadletter.DeadLetters;
import io.callsync.ops.deadletter.Redrive;
import io.callsync.outbox.RowChangeRelayConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * The parts of the projector, its operators' API, and the relay of the row changes that it makes.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(ProjectorProperties.class)
@Import({OpsConfiguration.class, DeadLetterConfiguration.class, RowChangeRelayConfiguration.class})
class ProjectorConfiguration {

  @Bean
  ReadModelStore readModelStore(DataSource database) {
    return new ReadModelStore(database);
  }

  @Bean
  ProjectionLoop projectionLoop(
      ProjectorProperties properties,
      @Value("${server.port}") int port,
      ReadModelStore store,
      DeadLetters letters,
      MeterRegistry metrics)
      throws UnknownHostException {
    String given = properties.instance();
    String instance =
        given == null || given.isBlank()
            ? InetAddress.getLocalHost().getHostName() + '-' + port
            : given;
    return new ProjectionLoop(properties, instance, store, letters, metrics);
  }

  @Bean
  Redrive redrive(ProjectorProperties properties, ReadModelStore store) {
    return new LetterProjection(properties.registryUrl(), store);
  }

  @Bean
  JobWorker jobWorker(ProjectorProperties properties, DataSource database, Audit audit) {
    return new JobWorker(properties, database, audit);
  }

  @Bean
  Verification verification(JdbcClient jdbc, JobWorker worker) {
    return new Verification(jdbc, worker);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  HealthIndicator projection(ProjectionLoop loop) {
    return new ProjectionHealth(loop);
  }
}
