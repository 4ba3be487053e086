package io.callsync.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.callsync.schemas.Provision;
import io.callsync.schemas.SchemaRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Measures one relay on running parts: latency from the commit to a consumer at a fixed rate,
 * throughput of a backlog, CPU while nothing happens. Arguments: server URL without a database,
 * Kafka, registry.
 */
public final class RelayBench {

  private RelayBench() {}

  public static void main(String[] args) throws Exception {
    String server = args[0];
    String name = "bench_" + Long.toString(System.currentTimeMillis(), 36);
    try (var connection = DriverManager.getConnection(server + "/postgres", "postgres", "");
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    Provision.topics(args[1], (short) 1);
    Provision.schemas(new SchemaRegistry(URI.create(args[2])));
    var database = new RelayDatabase(server + "/" + name, "postgres", "");
    HikariDataSource pool = database.pool(Duration.ofSeconds(5));
    JdbcClient jdbc = JdbcClient.create(pool);
    jdbc.sql(Files.readString(Path.of("src/main/resources/db/outbox/V0_1__outbox.sql"))).update();
    var relay =
        new Relay(
            database,
            args[1],
            new SchemaRegistry(URI.create(args[2])),
            new OutboxSource(name),
            name,
            name,
            Duration.ofSeconds(10),
            Duration.ofHours(24));
    var outbox = new Outbox(pool);
    var transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    Map<String, Long> committed = new ConcurrentHashMap<>();
    Map<String, Long> seen = new ConcurrentHashMap<>();
    var count = new AtomicLong();
    Thread.ofPlatform().daemon().start(() -> consume(args[1], name, seen, count));

    if (System.getenv("WATCH") != null) {
      Thread.ofPlatform().daemon().start(() -> watch(committed, seen, relay));
    }
    relay.start();
    while (relay.status().state() != RelayStatus.State.LEADING) {
      Thread.sleep(50);
    }
    Thread.sleep(3_000);
    idle("idle after start", 20);

    rate(200, 5, name + "-warm", outbox, transaction, committed);
    Thread.sleep(1_000);
    committed.clear();
    seen.clear();
    double cpu = cpu();
    rate(200, 20, name + "-rate", outbox, transaction, committed);
    System.out.printf(
        "process CPU at 200 rows/s, with writer and reader: %.1f %%%n", (cpu() - cpu) / 20 * 100);
    Thread.sleep(2_000);
    long[] micros =
        committed.keySet().stream()
            .filter(seen::containsKey)
            .mapToLong(k -> (seen.get(k) - committed.get(k)) / 1000)
            .sorted()
            .toArray();
    System.out.printf(
        "latency of %d of %d: p50 %.1f p90 %.1f p99 %.1f p99.9 %.1f max %.1f ms%n",
        micros.length,
        committed.size(),
        at(micros, 0.5),
        at(micros, 0.9),
        at(micros, 0.99),
        at(micros, 0.999),
        at(micros, 1));

    relay.stop();
    int rows = 100_000;
    for (int i = 0; i < rows; i += 500) {
      int from = i;
      transaction.executeWithoutResult(
          s ->
              outbox.append(
                  IntStream.range(from, from + 500)
                      .mapToObj(n -> Events.customer(name + "-bulk-" + n % 1000, n))
                      .toList()));
    }
    long before = count.get();
    double busy = cpu();
    long start = System.nanoTime();
    relay.start();
    while (count.get() < before + 1) {
      Thread.sleep(5);
    }
    System.out.printf("first record after %.2f s%n", (System.nanoTime() - start) / 1e9);
    while (count.get() < before + rows) {
      Thread.sleep(5);
    }
    System.out.printf(
        "backlog of %d rows in %.2f s: %.0f rows/s%n",
        rows, (System.nanoTime() - start) / 1e9, rows / ((System.nanoTime() - start) / 1e9));
    System.out.printf(
        "process CPU per backlog row, with the reader: %.0f us%n", (cpu() - busy) / rows * 1e6);
    threads().entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .limit(8)
        .forEach(e -> System.out.printf("   %-45s %.1f s%n", e.getKey(), e.getValue() / 1e9));
    Thread.sleep(2_000);
    idle("idle after backlog", 20);
    System.out.println(relay.status());
    long stop = System.nanoTime();
    relay.stop();
    System.out.printf("stopped in %.2f s%n", (System.nanoTime() - stop) / 1e9);
    System.exit(0);
  }

  private static void rate(
      int perSecond,
      int seconds,
      String prefix,
      Outbox outbox,
      TransactionTemplate transaction,
      Map<String, Long> committed)
      throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      long start = System.nanoTime();
      for (int i = 0; i < perSecond * seconds; i++) {
        long due = start + i * 1_000_000_000L / perSecond;
        while (System.nanoTime() < due) {
          TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        }
        int n = i;
        threads.submit(
            () -> {
              String key = prefix + "-" + n;
              transaction.executeWithoutResult(
                  s -> outbox.append(List.of(Events.customer(key, 1))));
              committed.put(key, System.nanoTime());
            });
      }
    }
  }

  private static void watch(Map<String, Long> committed, Map<String, Long> seen, Relay relay) {
    while (true) {
      java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
      if (committed.keySet().stream().filter(k -> !seen.containsKey(k)).count() > 200) {
        System.out.println(
            "STALL "
                + java.time.Instant.now()
                + " "
                + committed.size()
                + " "
                + seen.size()
                + " "
                + relay.status());
        Thread.getAllStackTraces()
            .forEach(
                (thread, stack) -> {
                  String name = thread.getName();
                  if (name.contains("relay")
                      || name.contains("pool-")
                      || name.contains("debezium")) {
                    System.out.println(name + " " + thread.getState());
                    Arrays.stream(stack).limit(14).forEach(e -> System.out.println("      " + e));
                  }
                });
        java.util.concurrent.locks.LockSupport.parkNanos(3_000_000_000L);
      }
    }
  }

  private static void consume(String kafka, String name, Map<String, Long> seen, AtomicLong count) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", kafka, "fetch.max.wait.ms", 500),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, 3).mapToObj(p -> new TopicPartition("customer-events", p)).toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      while (true) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                r -> {
                  long now = System.nanoTime();
                  String key = new String(r.key(), StandardCharsets.UTF_8);
                  if (key.startsWith(name + "-")) {
                    seen.putIfAbsent(key, now);
                    count.incrementAndGet();
                  }
                });
      }
    }
  }

  private static void idle(String what, int seconds) throws Exception {
    double before = cpu();
    Map<String, Long> threads = threads();
    Thread.sleep(seconds * 1000L);
    System.out.printf("%s: %.2f %% of a core%n", what, (cpu() - before) / seconds * 100);
    Map<String, Long> after = threads();
    after.entrySet().stream()
        .map(e -> Map.entry(e.getKey(), e.getValue() - threads.getOrDefault(e.getKey(), 0L)))
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .limit(6)
        .forEach(
            e ->
                System.out.printf(
                    "   %-45s %.2f %%%n", e.getKey(), e.getValue() / 1e9 / seconds * 100));
  }

  private static Map<String, Long> threads() {
    var bean = ManagementFactory.getThreadMXBean();
    Map<String, Long> times = new ConcurrentHashMap<>();
    for (var info : bean.getThreadInfo(bean.getAllThreadIds())) {
      if (info != null) {
        times.merge(info.getThreadName(), bean.getThreadCpuTime(info.getThreadId()), Long::sum);
      }
    }
    return times;
  }

  private static double cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static double at(long[] sorted, double quantile) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)] / 1000.0;
  }
}
