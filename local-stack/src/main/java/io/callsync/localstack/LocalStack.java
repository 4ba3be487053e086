package io.callsync.localstack;

import io.callsync.localstack.http.JsonClient;
import io.callsync.schemas.Provision;
import io.callsync.schemas.SchemaRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The whole system on one machine, each part its own process with its own log: Kafka, Postgres, the
 * schema registry, the stand-ins for Cal.com and Retell, and the three services.
 *
 * <p>The processes outlive this object and the JVM that started them: whoever starts a stack stops
 * it. Another LocalStack on the same data folder finds them again. Parts may also run elsewhere,
 * for instance in containers, as long as they listen on the same ports.
 */
public final class LocalStack {

  /** What is known of one process. */
  public record ProcessStatus(Part part, Optional<Long> pid, Path log, boolean healthy) {}

  private static final Duration START_PATIENCE = Duration.ofMinutes(3);
  private static final Duration PORT_PATIENCE = Duration.ofSeconds(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

  /** A process that leaves a cache for later starts computes it at its end. */
  private static final Duration TRAINED_STOP_PATIENCE = Duration.ofMinutes(3);

  private final StackSettings settings;
  private final Consumer<String> progress;
  private final Addresses addresses;
  private final Health health;
  private final PostgresServer postgres;
  private final Jvm jvm;
  private final Launches launches;
  private final Map<Part, ForeignPart> foreign;

  public LocalStack(StackSettings settings, Consumer<String> progress) {
    this(settings, progress, settings.composed() ? composed() : Map.of());
  }

  public LocalStack(
      StackSettings settings, Consumer<String> progress, Map<Part, ForeignPart> foreign) {
    this.settings = settings;
    this.progress = progress;
    this.foreign = Map.copyOf(foreign);
    this.addresses = new Addresses(settings);
    this.postgres = new PostgresServer(settings);
    this.jvm = new Jvm(settings);
    this.launches = new Launches(settings, jvm, postgres);
    this.health = new Health(settings, addresses, postgres);
  }

  private static Map<Part, ForeignPart> composed() {
    Map<Part, ForeignPart> all = new EnumMap<>(Part.class);
    EnumSet.complementOf(EnumSet.of(Part.GATEWAY2)).forEach(p -> all.put(p, new ComposeService()));
    return all;
  }

  public Addresses addresses() {
    return addresses;
  }

  public StackSettings settings() {
    return settings;
  }

  /**
   * Every part that this stack has: with real accounts there is no stand-in on that side, and a
   * second gateway is one of them as long as it runs.
   */
  public Set<Part> parts() {
    Set<Part> parts = EnumSet.allOf(Part.class);
    parts.removeIf(p -> !settings.runs(p) && !(isOwn(p) && isRunning(p)));
    return parts;
  }

  /** Starts everything that is not running, and returns when all of it is healthy. */
  public void start() {
    start(parts());
  }

  /**
   * Starts the given parts where they are not running, and returns when they are healthy. What
   * services need of the others (databases, topics, schemas) is made on the way.
   *
   * @throws StackException that says in one line which part did not start, and why
   */
  public void start(Collection<Part> wanted) {
    try (FileChannel channel = lockFile();
        FileLock lock = channel.lock()) {
      assertValid(lock);
      wanted.stream().filter(this::isOutdated).forEach(this::endOutdated);
      Set<Part> absent = EnumSet.noneOf(Part.class);
      wanted.stream().filter(p -> !isRunning(p)).forEach(absent::add);
      absent.forEach(this::requireFreePort);
      startAll(EnumSet.copyOf(wanted), absent);
    } catch (IOException e) {
      throw new UncheckedIOException("the data folder " + settings.home() + " cannot be used", e);
    }
  }

  private boolean isOutdated(Part part) {
    return isOwn(part)
        && isRunning(part)
        && !process(part).version().equals(launches.version(part));
  }

  private void endOutdated(Part part) {
    progress.accept("%-10s was built anew and starts again".formatted(part.processName()));
    stop(part);
  }

  private void startAll(Set<Part> wanted, Set<Part> absent) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Part, CompletableFuture<?>> ready = new EnumMap<>(Part.class);
      for (Part part : wanted) {
        CompletableFuture<?>[] needed =
            Part.SERVICES.contains(part)
                ? ready.entrySet().stream()
                    .filter(e -> e.getKey().compareTo(Part.REGISTRY) <= 0)
                    .map(Map.Entry::getValue)
                    .toArray(CompletableFuture[]::new)
                : new CompletableFuture<?>[0];
        ready.put(
            part,
            CompletableFuture.allOf(needed)
                .thenRunAsync(() -> startOne(part, absent.contains(part)), threads));
      }
      try {
        CompletableFuture.allOf(ready.values().toArray(CompletableFuture[]::new)).join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw e;
      }
    }
  }

  private void startOne(Part part, boolean absent) {
    long began = System.nanoTime();
    if (absent) {
      launch(part);
    }
    awaitHealthy(part);
    provision(part);
    if (absent) {
      progress.accept(
          "%-10s up after %.1f s".formatted(part.processName(), (System.nanoTime() - began) / 1e9));
    }
  }

  private boolean isOwn(Part part) {
    return !foreign.containsKey(part);
  }

  private void launch(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    if (elsewhere != null) {
      elsewhere.start();
      return;
    }
    process(part).start(launches.of(part), launches.version(part), settings.home());
  }

  private void provision(Part part) {
    try {
      switch (part) {
        case KAFKA -> Provision.topics(addresses.kafka(), (short) 1);
        case REGISTRY -> Provision.schemas(new SchemaRegistry(addresses.registry()));
        case POSTGRES -> postgres.provision();
        case GATEWAY -> {
          if (DemoDirectory.importWhereEmpty(addresses, settings.secrets().operatorToken())) {
            progress.accept("two demo companies imported into the empty directory");
          }
        }
        default -> {}
      }
    } catch (SQLException | ExecutionException | JsonClient.AnswerException e) {
      throw new StackException(
          "%s runs but could not be prepared: %s (log: %s)"
              .formatted(part.processName(), e.getMessage(), process(part).log()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while preparing " + part.processName(), e);
    }
  }

  /** Waits until the part is healthy; a part that dies meanwhile is told at once. */
  public void awaitHealthy(Part part) {
    StackProcess process = process(part);
    long began = System.nanoTime();
    long deadline = began + START_PATIENCE.toNanos();
    while (!health.isListening(part) || !health.isHealthy(part)) {
      if (!isRunning(part)) {
        throw new StackException(
            "%s died: %s (log: %s)"
                .formatted(part.processName(), process.lastLogLine(), process.log()));
      }
      if (System.nanoTime() > deadline) {
        throw new StackException(
            "%s is not healthy after %d s: %s; last it said: %s (log: %s)"
                .formatted(
                    part.processName(),
                    START_PATIENCE.toSeconds(),
                    health.complaint(part),
                    process.lastLogLine(),
                    process.log()));
      }
      pause(System.nanoTime() - began);
    }
  }

  /** Asks less often the longer it takes: asking costs the time that starting needs. */
  private static void pause(long waitedNanos) {
    try {
      TimeUnit.MILLISECONDS.sleep(
          Math.clamp(TimeUnit.NANOSECONDS.toMillis(waitedNanos) / 20, 20, 500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while waiting", e);
    }
  }

  /** A process that was killed may hold its port a moment longer. */
  private void requireFreePort(Part part) {
    long began = System.nanoTime();
    while (!isPortFree(part)) {
      long waited = System.nanoTime() - began;
      if (waited > PORT_PATIENCE.toNanos()) {
        throw new StackException(
            "port %d, where %s belongs, is taken by another program: end that one, or choose other ports with --port-base N or CALLSYNC_PORT_BASE"
                .formatted(settings.ports().of(part), part.processName()));
      }
      pause(waited);
    }
  }

  private boolean isPortFree(Part part) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.ports().of(part)));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Stops all parts gracefully, each for a bounded time; data stays. */
  public void stop() {
    if (parts().stream().anyMatch(p -> jvm.trains(p) && isRunning(p))) {
      progress.accept(
          "this first end takes up to a minute: what makes later starts quick is being kept");
    }
    // Those that use first, those that are used last.
    stop(EnumSet.of(Part.RETELL, Part.GATEWAY, Part.GATEWAY2, Part.PROJECTOR, Part.VALIDATOR));
    stop(EnumSet.of(Part.CALCOM, Part.KAFKA, Part.REGISTRY, Part.POSTGRES));
  }

  private void stop(Collection<Part> parts) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture.allOf(
              parts.stream()
                  .map(p -> CompletableFuture.runAsync(() -> stop(p), threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  /** Kills all parts: for those who do not want the data either. */
  public void kill() {
    parts().forEach(this::kill);
  }

  /** Stops one part gracefully. */
  public void stop(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    if (elsewhere != null) {
      elsewhere.stop();
      return;
    }
    // TERM would make Postgres wait for its clients; INT ends their sessions first.
    String signal = part == Part.POSTGRES ? "INT" : "TERM";
    boolean inPeace =
        process(part).stop(signal, jvm.trains(part) ? TRAINED_STOP_PATIENCE : STOP_PATIENCE);
    if (inPeace) {
      jvm.adopt(part);
    } else {
      jvm.discard(part);
    }
  }

  /** Kills one part with SIGKILL, as a crash would. */
  public void kill(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    if (elsewhere != null) {
      elsewhere.kill();
      return;
    }
    process(part).kill();
    jvm.discard(part);
  }

  /** Stops one part in its tracks (SIGSTOP) until it is resumed. */
  public void suspend(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    if (elsewhere != null) {
      elsewhere.suspend();
      return;
    }
    process(part).signal("STOP");
  }

  /** Lets a suspended part go on (SIGCONT). */
  public void resume(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    if (elsewhere != null) {
      elsewhere.resume();
      return;
    }
    process(part).signal("CONT");
  }

  /** Starts one part again after a kill, or stops and starts it. */
  public void restart(Part part) {
    stop(part);
    start(EnumSet.of(part));
  }

  /** A connection as the databases' owner; the caller closes it. */
  public Connection connect(String database) throws SQLException {
    return postgres.connect(database);
  }

  public boolean isRunning(Part part) {
    ForeignPart elsewhere = foreign.get(part);
    return elsewhere == null ? process(part).running().isPresent() : elsewhere.isRunning();
  }

  public boolean isHealthy(Part part) {
    return isRunning(part) && health.isHealthy(part);
  }

  /** Every part with its pid and health, asked at once. */
  public List<ProcessStatus> status() {
    List<CompletableFuture<ProcessStatus>> asked = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Part part : parts()) {
        asked.add(
            CompletableFuture.supplyAsync(
                () -> {
                  StackProcess process = process(part);
                  Optional<Long> pid = process.running().map(ProcessHandle::pid);
                  return new ProcessStatus(
                      part, pid, process.log(), isRunning(part) && health.isHealthy(part));
                },
                threads));
      }
      return asked.stream().map(CompletableFuture::join).toList();
    }
  }

  /** What waits for an operator or is under way, a line each. */
  public List<String> openWork() {
    return new OpenWork(addresses, new JsonClient(settings.secrets().operatorToken())).lines();
  }

  private StackProcess process(Part part) {
    return new StackProcess(part.processName(), settings.home());
  }

  private FileChannel lockFile() throws IOException {
    Path file = settings.home().resolve("run/lock");
    Files.createDirectories(file.getParent());
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void assertValid(FileLock lock) {
    if (!lock.isValid()) {
      throw new StackException("another start of this stack is under way");
    }
  }
}
