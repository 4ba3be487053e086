package io.callsync.validator;

import io.callsync.ops.OpsConfiguration;
import io.callsync.ops.deadletter.DeadLetterConfiguration;
import io.callsync.outbox.OutboxConfiguration;
import io.callsync.validator.readmodel.ReadModel;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The validator service. */
@SpringBootApplication
@EnableConfigurationProperties(ValidatorProperties.class)
@Import({OpsConfiguration.class, DeadLetterConfiguration.class, OutboxConfiguration.class})
public class ValidatorApplication {

  public static void main(String[] args) {
    SpringApplication.run(ValidatorApplication.class, args);
  }

  @Bean
  ReadModel readModel(ValidatorProperties properties) {
    return new ReadModel(properties.readmodel());
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
