package io.callsync.validator.feed;

import io.callsync.schemas.EventDeserializer;
import io.callsync.schemas.SchemaRegistry;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.position.Positions;
import io.callsync.validator.readmodel.ReadModel;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/** The two feeds: events wait for the projector, row changes wait for nobody. */
@Configuration(proxyBeanMethods = false)
class Feeds {

  @Bean
  EventDeserializer eventDeserializer(ValidatorProperties properties) {
    return new EventDeserializer(new SchemaRegistry(properties.registryUrl()));
  }

  @Bean
  Feed eventFeed(
      ValidatorProperties properties,
      EventDeserializer deserializer,
      EventBatch batch,
      ReadModel readModel,
      Positions positions,
      TransactionTemplate transaction,
      Clock clock) {
    return new Feed(
        "validator-events",
        Positions.EVENTS,
        properties.kafkaBootstrap(),
        deserializer,
        batch,
        ends -> shows(readModel, ends),
        positions,
        transaction,
        clock);
  }

  @Bean
  Feed changeFeed(
      ValidatorProperties properties,
      EventDeserializer deserializer,
      ChangeBatch batch,
      Positions positions,
      TransactionTemplate transaction,
      Clock clock) {
    return new Feed(
        "validator-changes",
        Positions.CHANGES,
        properties.kafkaBootstrap(),
        deserializer,
        batch,
        Gate.OPEN,
        positions,
        transaction,
        clock);
  }

  /** True where the rows show all of these events, so that what is missing then is missing. */
  private static boolean shows(ReadModel readModel, Map<TopicPartition, Long> ends) {
    try {
      Map<TopicPartition, Long> shown = readModel.projectorPositions();
      return ends.entrySet().stream()
          .allMatch(end -> shown.getOrDefault(end.getKey(), 0L) >= end.getValue());
    } catch (DataAccessException notThereYet) {
      return false;
    }
  }
}
