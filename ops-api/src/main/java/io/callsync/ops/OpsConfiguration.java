package io.callsync.ops;

import io.callsync.outbox.Outbox;
import jakarta.servlet.Filter;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Guards /ops of the service that imports it, and keeps the audit of what is done there. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OperatorProperties.class)
public class OpsConfiguration {

  @Bean
  FilterRegistrationBean<OperatorTokenFilter> operatorTokenFilter(OperatorProperties properties) {
    return registered(new OperatorTokenFilter(properties), 1);
  }

  @Bean
  FilterRegistrationBean<AuditFilter> auditFilter(Audit audit) {
    return registered(new AuditFilter(audit), 2);
  }

  @Bean
  Audit audit(
      DataSource database, Outbox outbox, @Value("${spring.application.name}") String service) {
    return new Audit(database, outbox, service);
  }

  @Bean
  AuditController auditController(Audit audit) {
    return new AuditController(audit);
  }

  private static <F extends Filter> FilterRegistrationBean<F> registered(F filter, int place) {
    var registration = new FilterRegistrationBean<>(filter);
    registration.addUrlPatterns("/ops/*");
    registration.setOrder(place);
    return registration;
  }
}
