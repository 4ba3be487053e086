package io.callsync.validator.feed;

import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.ops.deadletter.DeadLetters;
import io.callsync.ops.deadletter.Redrive;
import io.callsync.ops.deadletter.Redrive.StillRefused;
import io.callsync.schemas.Topic;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.position.Positions;
import io.callsync.validator.readmodel.ReadModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionTemplate;

/** The two feeds: events wait for the projector, row changes wait for nobody; and their letters. */
@Configuration(proxyBeanMethods = false)
class Feeds {

  @Bean
  RecordReader recordReader(ValidatorProperties properties) {
    return new RecordReader(properties.registryUrl());
  }

  @Bean
  Redrive redrive(
      ValidatorProperties properties,
      EventBatch events,
      ChangeBatch changes,
      TransactionTemplate transaction,
      Clock clock) {
    return record -> {
      Optional<Topic> topic = Topic.named(record.topic());
      Batch batch =
          topic.filter(Positions.EVENTS::contains).isPresent()
              ? events
              : topic.filter(Positions.CHANGES::contains).isPresent() ? changes : null;
      if (batch == null) {
        throw new StillRefused("the validator does not read " + record.topic());
      }
      List<DeadLetter> refused = new ArrayList<>();
      // A reader of its own: what the registry did not know, one that reads for long may remember.
      new Taking(new RecordReader(properties.registryUrl())::read, batch, transaction, clock)
          .take(List.of(record), refused::addAll, () -> {});
      if (!refused.isEmpty()) {
        throw new StillRefused(refused.getFirst().reason());
      }
    };
  }

  @Bean
  Feed eventFeed(
      ValidatorProperties properties,
      RecordReader reader,
      DeadLetters letters,
      EventBatch batch,
      ReadModel readModel,
      Positions positions,
      TransactionTemplate transaction,
      Clock clock) {
    return new Feed(
        "validator-events",
        Positions.EVENTS,
        properties.kafkaBootstrap(),
        new Taking(reader::read, batch, transaction, clock),
        letters,
        ends -> shows(readModel, ends),
        positions,
        clock);
  }

  @Bean
  Feed changeFeed(
      ValidatorProperties properties,
      RecordReader reader,
      DeadLetters letters,
      ChangeBatch batch,
      Positions positions,
      TransactionTemplate transaction,
      Clock clock) {
    return new Feed(
        "validator-changes",
        Positions.CHANGES,
        properties.kafkaBootstrap(),
        new Taking(reader::read, batch, transaction, clock),
        letters,
        Gate.OPEN,
        positions,
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
