package io.callsync.projector;

import io.callsync.outbox.RowChangeRelayConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The parts of the projector, and the relay of the row changes that it makes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProjectorProperties.class)
@Import(RowChangeRelayConfiguration.class)
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
      MeterRegistry metrics)
      throws UnknownHostException {
    String given = properties.instance();
    String instance =
        given == null || given.isBlank()
            ? InetAddress.getLocalHost().getHostName() + '-' + port
            : given;
    return new ProjectionLoop(properties, instance, store, metrics);
  }

  @Bean
  HealthIndicator projection(ProjectionLoop loop) {
    return new ProjectionHealth(loop);
  }
}
