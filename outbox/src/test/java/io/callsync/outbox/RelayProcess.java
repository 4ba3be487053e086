package io.callsync.outbox;

import io.callsync.schemas.SchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A relay in a process of its own, so that it can be stopped in its tracks. */
final class RelayProcess {

  private RelayProcess() {}

  public static void main(String[] args) throws Exception {
    new Relay(
            new RelayDatabase(args[0], args[1], args[2]),
            args[3],
            new SchemaRegistry(URI.create(args[4])),
            new OutboxSource(args[5]),
            args[5],
            args[5],
            TestDatabase.LEASE,
            java.time.Duration.ofHours(24))
        .start();
    new CountDownLatch(1).await();
  }

  static Process start(TestDatabase db) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RelayProcess.class.getName(),
                db.database.url(),
                db.user(),
                db.password(),
                db.stack.addresses().kafka(),
                db.stack.addresses().registry().toString(),
                db.name))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static void signal(Process process, String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }
}
