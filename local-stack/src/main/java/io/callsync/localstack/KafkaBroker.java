package io.callsync.localstack;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/** A Kafka broker and controller in one process, from the jars that the build provided. */
final class KafkaBroker {

  private final StackSettings settings;
  private final Jvm jvm;

  KafkaBroker(StackSettings settings, Jvm jvm) {
    this.settings = settings;
    this.jvm = jvm;
  }

  /** Writes the settings, and formats the data folder where that has not been done yet. */
  Launch prepare() {
    try {
      Path data = settings.data(Part.KAFKA);
      Path file = settings.home().resolve("run/kafka.properties");
      Files.createDirectories(file.getParent());
      Files.writeString(file, serverProperties(data));
      Path logging = settings.home().resolve("run/kafka-log4j2.properties");
      Files.writeString(
          logging,
          """
          appender.console.type=Console
          appender.console.name=console
          appender.console.layout.type=PatternLayout
          appender.console.layout.pattern=%d %p %c{1}: %m%n
          rootLogger.level=info
          rootLogger.appenderRef.console.ref=console
          logger.configs.name=org.apache.kafka.common.config
          logger.configs.level=warn
          """);
      String log4j = "-Dlog4j2.configurationFile=" + logging;
      List<Path> classPath = classPath();
      if (!Files.exists(data.resolve("meta.properties"))) {
        Commands.require(
            "formatting Kafka's data folder",
            Jvm.plain(
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", log4j),
                classPath,
                "kafka.tools.StorageTool",
                List.of("format", "-t", Uuid.randomUuid().toString(), "-c", file.toString())));
      }
      return new Launch(
          jvm.cached(
              Part.KAFKA,
              List.of("-Xms320m", "-Xmx320m", "-Xmn128m", "-XX:TieredStopAtLevel=1"),
              classPath,
              "kafka.Kafka",
              List.of(file.toString())),
          Map.of("LOG4J_CONFIGURATION_FILE", logging.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare kafka", e);
    }
  }

  private List<Path> classPath() throws IOException {
    List<Path> all = new ArrayList<>(Jvm.jarsIn(settings.provisions().resolve("kafka/lib")));
    all.addAll(Jvm.jarsIn(settings.provisions().resolve("lib")));
    return all;
  }

  private String serverProperties(Path data) {
    int port = settings.ports().of(Part.KAFKA);
    int controller = settings.ports().kafkaController();
    return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        auto.create.topics.enable=false
        group.initial.rebalance.delay.ms=0
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=3
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=3
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        share.coordinator.state.topic.num.partitions=1
        num.network.threads=2
        num.io.threads=4
        log.cleaner.dedupe.buffer.size=8388608
        log.index.size.max.bytes=2097152
        """
        .formatted(port, controller, data);
  }

  /**
   * Whether the broker answers, asked with the smallest request there is: which versions it speaks.
   */
  boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().of(Part.KAFKA)),
          1000);
      socket.setSoTimeout(2000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      int apiVersions = 18;
      out.writeInt(10);
      out.writeShort(apiVersions);
      out.writeShort(0);
      out.writeInt(1);
      out.writeShort(-1);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return in.readInt() > 0 && in.readInt() == 1;
    } catch (IOException e) {
      return false;
    }
  }
}
