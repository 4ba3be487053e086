package io.callsync.localstack.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** One line that changes in place on a terminal, and now and then a new line elsewhere. */
final class Progress {

  private static final Duration PACE = Duration.ofSeconds(5);

  private final PrintStream out;
  private final boolean terminal;
  private String last = "";
  private long lastShown = System.nanoTime();

  Progress(PrintStream out) {
    this.out = out;
    // Without a terminal there is no console on some JDKs, and one that is no terminal on others.
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  void show(String line) {
    last = line;
    if (terminal) {
      out.print("\r" + line + "\033[K");
      out.flush();
    } else if (System.nanoTime() - lastShown > PACE.toNanos()) {
      out.println(line);
      lastShown = System.nanoTime();
    }
  }

  void end() {
    out.println(terminal ? "" : last);
  }
}
