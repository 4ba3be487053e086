package io.callsync.systemtests;

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
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The whole system as processes, on free ports and in a folder of its own: started with the first
 * test that needs it, used by all tests of the run, stopped with the run. With
 * -Dcallsync.stack=FOLDER it is the one that lives there, which stays: for those who write tests.
 */
final class RunningSystem {

  /** The gateway knows one operator by name. */
  static final String ERIKAS_TOKEN = "a-token-of-erika-alone";

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  /** Where the logs of a run with failures are kept. */
  private static final Path KEPT_LOGS = TARGET.resolve("stack");

  /** Tells the next run what a killed one has left behind. */
  private static final Path LEFT_BEHIND = TARGET.resolve("running-stack");

  private static final String STANDING = System.getProperty("callsync.stack", "");

  private static RunningSystem running;
  private static RuntimeException failure;

  private final LocalStack stack;
  private final Path home;
  private final boolean stays;
  private final Gateway gateway;
  private final Gateway secondGateway;
  private final Calcom calcom;
  private final Rows rows;
  private final Topics topics;
  private final Validator validator;
  private final @Nullable SecondConnection second;
  private final Thread hook = new Thread(this::stop, "stop-stack");

  private RunningSystem(LocalStack stack, Path home, boolean stays) {
    this.stack = stack;
    this.home = home;
    this.stays = stays;
    this.gateway = new Gateway(stack, stack.addresses().gateway());
    this.secondGateway = new Gateway(stack, stack.addresses().secondGateway());
    this.calcom = new Calcom(stack.addresses().calcom());
    this.rows = new Rows(stack);
    this.topics = new Topics(stack.addresses());
    this.validator = new Validator(stack);
    this.second = stays ? null : SecondConnection.prepare(stack, home);
  }

  /** Where counters start, so that nothing is the same as in an earlier run on the same system. */
  static int freshFrom() {
    return STANDING.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(40) * 500;
  }

  /** The running system; a start that failed is not tried again. */
  static synchronized RunningSystem get() {
    if (failure != null) {
      throw new IllegalStateException("the system did not start: " + failure.getMessage(), failure);
    }
    if (running == null) {
      try {
        running = start();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      } catch (IOException e) {
        failure = new UncheckedIOException(e);
        throw failure;
      }
    }
    return running;
  }

  private static RunningSystem start() throws IOException {
    if (!STANDING.isEmpty()) {
      Path home = Path.of(STANDING);
      return started(
          new RunningSystem(new LocalStack(settings(home, null), line -> {}), home, true));
    }
    stopWhatWasLeftBehind();
    Path home = Files.createTempDirectory("callsync-system-tests");
    // Postgres runs as another user and has to reach its folder.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectories(TARGET);
    Files.writeString(LEFT_BEHIND, home.toString());
    // Small pages, and no run that no test asked for.
    setting(home, "callsync.reconciliation.page-size", "7");
    setting(home, "callsync.reconciliation.every", "1h");
    // Tests damage rows also at night.
    setting(home, "callsync.verification-cron", "-");
    setting(home, "callsync.validator.self-repair.companies", Company.HEALING.id());
    setting(home, "callsync.validator.self-repair.delay", "1s");
    setting(home, "callsync.operator-tokens.erika", ERIKAS_TOKEN);
    LocalStack stack = Containers.stack(settings(home, freePortBase()));
    RunningSystem system = new RunningSystem(stack, home, false);
    Runtime.getRuntime().addShutdownHook(system.hook);
    try {
      return started(system);
    } catch (RuntimeException e) {
      system.keepLogs();
      system.end();
      throw e;
    }
  }

  /** One of the services', as operators put it into a file. */
  static void setting(Path home, String name, Object value) throws IOException {
    Files.writeString(Files.createDirectories(home.resolve("secrets")).resolve(name), value + "\n");
  }

  private static RunningSystem started(RunningSystem system) {
    long began = System.nanoTime();
    // The tests call the gateway themselves, as Retell would.
    Set<Part> parts = system.stack.parts();
    parts.remove(Part.RETELL);
    system.stack.start(parts);
    system.gateway.importDirectory(Company.FIXTURE);
    system.calcom.behaves();
    System.out.printf(
        "system up after %.1f s: gateway %s, logs in %s%n",
        (System.nanoTime() - began) / 1e9,
        system.stack.addresses().gateway(),
        system.home.resolve("log"));
    return system;
  }

  private static StackSettings settings(Path home, Integer portBase) {
    // An empty environment: whatever accounts a developer has, tests use the stand-ins.
    return StackSettings.load(StackSettings.findCheckout(Path.of("")), home, portBase, Map.of());
  }

  private static void stopWhatWasLeftBehind() throws IOException {
    if (Files.exists(LEFT_BEHIND)) {
      Path home = Path.of(Files.readString(LEFT_BEHIND));
      if (Files.isDirectory(home)) {
        end(new LocalStack(settings(home, null), line -> {}));
        delete(home);
      }
      Files.delete(LEFT_BEHIND);
    }
  }

  /** Below the range that the system hands out by itself, and with a hundred free ports. */
  private static int freePortBase() {
    for (int attempt = 0; attempt < 50; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(200, 320) * 100;
      if (IntStream.range(base, base + 100).allMatch(RunningSystem::isFree)) {
        return base;
      }
    }
    throw new IllegalStateException("no hundred free ports between 20000 and 32000");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  LocalStack stack() {
    return stack;
  }

  Gateway gateway() {
    return gateway;
  }

  /** Runs only where a test has started it. */
  Gateway secondGateway() {
    return secondGateway;
  }

  Calcom calcom() {
    return calcom;
  }

  Rows rows() {
    return rows;
  }

  Topics topics() {
    return topics;
  }

  Validator validator() {
    return validator;
  }

  /** Null on a system that somebody else set up. */
  @Nullable SecondConnection second() {
    return second;
  }

  /** Ends the system of this run, if one was started. */
  static synchronized void endOfRun(boolean keepLogs) {
    if (running != null) {
      if (keepLogs) {
        running.keepLogs();
      }
      running.end();
      running = null;
    }
  }

  private void end() {
    topics.close();
    if (second != null) {
      second.close();
    }
    if (stays) {
      return;
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    stop();
    try {
      delete(home);
      Files.deleteIfExists(LEFT_BEHIND);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy up " + home, e);
    }
  }

  /** Nothing of it is wanted any more, so nothing has to be put in order. */
  private void stop() {
    end(stack);
  }

  private static void end(LocalStack stack) {
    Set<Part> parts = stack.parts();
    parts.remove(Part.POSTGRES);
    parts.forEach(stack::kill);
    stack.stop(Part.POSTGRES);
  }

  private void keepLogs() {
    Path log = home.resolve("log");
    if (!Files.isDirectory(log)) {
      return;
    }
    try (var files = Files.list(log)) {
      Files.createDirectories(KEPT_LOGS);
      for (Path file : files.collect(Collectors.toList())) {
        Files.copy(
            file, KEPT_LOGS.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      System.out.println("logs of the system are kept in " + KEPT_LOGS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the logs", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
