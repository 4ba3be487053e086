package io.callsync.schemas;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates every topic and registers every schema; repeatable, and the way to restore a lost
 * registry.
 */
public final class Provision {

  private Provision() {}

  /**
   * @param args Kafka bootstrap, registry base, replication factor (default 1)
   */
  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("usage: Provision KAFKA_BOOTSTRAP REGISTRY_BASE [REPLICATION_FACTOR]");
      System.exit(2);
    }
    short replication = args.length > 2 ? Short.parseShort(args[2]) : 1;
    topics(args[0], replication);
    schemas(new SchemaRegistry(URI.create(args[1])));
  }

  public static void topics(String bootstrap, short replication)
      throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> missing =
          Arrays.stream(Topic.values())
              .flatMap(
                  t ->
                      Stream.of(
                          new NewTopic(t.topicName(), Topic.PARTITIONS, replication)
                              .configs(t.retention().configuration()),
                          new NewTopic(t.deadLetterTopicName(), Topic.PARTITIONS, replication)
                              .configs(Topic.Retention.FOR_EVER.configuration())))
              .filter(t -> !existing.contains(t.name()))
              .toList();
      try {
        admin.createTopics(missing).all().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  public static void schemas(SchemaRegistry registry) {
    for (Topic topic : Topic.values()) {
      registry.register(topic);
    }
  }
}
