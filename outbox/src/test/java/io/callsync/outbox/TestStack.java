package io.callsync.outbox;

import io.callsync.localstack.LocalStack;
import io.callsync.localstack.Part;
import io.callsync.localstack.StackSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Kafka, Postgres and the registry, started once for all tests of this module. */
final class TestStack {

  static final Set<Part> PARTS = EnumSet.of(Part.KAFKA, Part.POSTGRES, Part.REGISTRY);

  private static final LocalStack STACK = start();

  private TestStack() {}

  static LocalStack running() {
    STACK.start(PARTS);
    return STACK;
  }

  private static LocalStack start() {
    Path checkout = StackSettings.findCheckout(Path.of(""));
    try {
      Path home = Files.createTempDirectory(checkout.resolve("outbox/target"), "stack-");
      var stack =
          new LocalStack(
              StackSettings.load(checkout, home, freeBase(), Map.of()), System.out::println);
      Runtime.getRuntime().addShutdownHook(new Thread(stack::stop));
      stack.start(PARTS);
      return stack;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freeBase() {
    return IntStream.iterate(18_500, base -> base + 100)
        .limit(30)
        .filter(base -> IntStream.rangeClosed(60, 80).allMatch(port -> isFree(base + port)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
