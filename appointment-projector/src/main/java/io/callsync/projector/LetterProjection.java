package io.callsync.projector;

import io.callsync.ops.deadletter.DeadLetter;
import io.callsync.ops.deadletter.Redrive;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes a dead letter the way of live records: the same fold, the same transaction, the same
 * refusals. Revisions see to it that it sets nothing back; positions stay.
 */
final class LetterProjection implements Redrive {

  private final URI registryUrl;
  private final ReadModelStore store;

  LetterProjection(URI registryUrl, ReadModelStore store) {
    this.registryUrl = registryUrl;
    this.store = store;
  }

  @Override
  public void handle(ConsumerRecord<byte[], byte[]> source)
      throws StillRefused, SQLException, InterruptedException {
    if (!ProjectionLoop.TOPICS.contains(source.topic())) {
      throw new StillRefused("the projector does not read " + source.topic());
    }
    var refused = new ArrayList<DeadLetter>();
    new Projection(
            new EventReader(registryUrl)::read,
            batch -> store.commit(batch.staying()),
            refused::addAll,
            Duration.ZERO)
        .project(List.of(source));
    if (!refused.isEmpty()) {
      throw new StillRefused(refused.getFirst().reason());
    }
  }
}
