package io.callsync.ops;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Guards /ops of the service that imports it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OperatorProperties.class)
public class OpsConfiguration {

  @Bean
  FilterRegistrationBean<OperatorTokenFilter> operatorTokenFilter(OperatorProperties properties) {
    var registration = new FilterRegistrationBean<>(new OperatorTokenFilter(properties));
    registration.addUrlPatterns("/ops/*");
    return registration;
  }
}
