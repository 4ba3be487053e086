package io.callsync.systemtests;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.callsync.localstack.ForeignPart;
import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackSettings;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Decides what the tests run on: with -Dstack=containers, and a Docker engine that answers, Kafka
 * and Postgres are containers of the official images; else all parts are processes of the embedded
 * stack. Everything else is the same, ports included, so that no test knows.
 */
final class Containers {

  private static final String KAFKA = "apache/kafka:4.3.1";
  private static final String POSTGRES = "postgres:18";

  private Containers() {}

  static LocalStack stack(StackSettings settings) {
    return new LocalStack(settings, line -> {}, chosen() ? parts(settings) : Map.of());
  }

  private static boolean chosen() {
    if (!System.getProperty("stack", "").equals("containers")) {
      return false;
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println("no Docker engine answers: the tests run on the embedded stack");
      return false;
    }
    System.out.printf("Kafka and Postgres are containers of %s and %s%n", KAFKA, POSTGRES);
    return true;
  }

  private static Map<Part, ForeignPart> parts(StackSettings settings) {
    return Map.of(
        Part.KAFKA,
        new Container(
            new KafkaContainer(KAFKA)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "3")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "3")
                .withEnv("KAFKA_HEAP_OPTS", "-Xms320m -Xmx320m")
                .withCreateContainerCmdModifier(onPort(settings, Part.KAFKA, 9092))),
        Part.POSTGRES,
        new Container(
            new PostgreSQLContainer(POSTGRES)
                .withUsername("callsync")
                .withPassword(settings.secrets().databasePassword())
                .withDatabaseName("postgres")
                .withCommand(
                    "postgres -c wal_level=logical -c track_commit_timestamp=on"
                        + " -c max_replication_slots=10 -c max_wal_senders=10 -c timezone=UTC")
                .withCreateContainerCmdModifier(onPort(settings, Part.POSTGRES, 5432))));
  }

  /** Where the embedded stack would have it, also after a restart. */
  private static Consumer<CreateContainerCmd> onPort(
      StackSettings settings, Part part, int inside) {
    PortBinding binding =
        new PortBinding(
            Ports.Binding.bindIpAndPort("127.0.0.1", settings.ports().of(part)),
            new ExposedPort(inside));
    return create ->
        Objects.requireNonNullElseGet(create.getHostConfig(), HostConfig::newHostConfig)
            .withPortBindings(binding);
  }

  /** Killed and started again, it is the same container with the same data. */
  private record Container(GenericContainer<?> container) implements ForeignPart {

    private static DockerClient docker() {
      return DockerClientFactory.instance().client();
    }

    private String id() {
      return container.getContainerId();
    }

    @Override
    public boolean isRunning() {
      return id() != null
          && Boolean.TRUE.equals(docker().inspectContainerCmd(id()).exec().getState().getRunning());
    }

    @Override
    public void start() {
      if (id() == null) {
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
      } else {
        docker().startContainerCmd(id()).exec();
      }
    }

    @Override
    public void stop() {
      if (isRunning()) {
        docker().stopContainerCmd(id()).withTimeout(20).exec();
      }
    }

    @Override
    public void kill() {
      if (isRunning()) {
        docker().killContainerCmd(id()).exec();
      }
    }

    @Override
    public void suspend() {
      docker().pauseContainerCmd(id()).exec();
    }

    @Override
    public void resume() {
      docker().unpauseContainerCmd(id()).exec();
    }
  }
}
