package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has Cal.com asked what changed, and waits until all of it is taken in. */
@Command(
    name = "reconcile",
    description = {
      "Asks Cal.com what was booked and what changed, and closes the gap that lost webhooks left.",
      "It goes on from where the last one ended; within Cal.com's rate limit, after all callers."
    },
    footer = {
      "",
      "Exit status: 0 all is taken in, 2 Cal.com could not be asked; it goes on by itself."
    })
final class Reconcile implements Callable<Integer> {

  private static final long POLL_NANOS = 250_000_000;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "again from that time on: 2026-03-10, 2026-03-10T09:30 (Berlin), or 3d, 12h ago")
  private @Nullable String since;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "by hand";

  private final OpsApi api;
  private final Terminal terminal;

  Reconcile(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws NotFound {
    String query = since == null ? "" : "?since=" + Since.parse(since, Clock.systemUTC());
    api.because(reason).post(Service.GATEWAY, "/ops/reconciliation" + query, new byte[0]);
    String shown = "";
    while (true) {
      List<Json> accounts =
          Json.parse(OpsApi.text(api.get(Service.GATEWAY, "/ops/reconciliation")))
              .at("accounts")
              .items();
      if (accounts.stream().allMatch(a -> a.at("finishedAt").isPresent())) {
        accounts.forEach(this::print);
        return accounts.stream().anyMatch(a -> a.at("failure").isPresent()) ? 2 : 0;
      }
      String progress = progress(accounts);
      if (!progress.equals(shown)) {
        terminal.out().println(progress);
        shown = progress;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static String progress(List<Json> accounts) {
    long seen = accounts.stream().mapToLong(a -> a.at("seen").number()).sum();
    long changed = accounts.stream().mapToLong(a -> a.at("changed").number()).sum();
    return "  %d bookings looked at, %d were not as we thought".formatted(seen, changed);
  }

  private void print(Json account) {
    String name = account.at("calcomAccount").text();
    String what =
        "%s: %d bookings looked at, %d were not as we thought; known up to %s"
            .formatted(
                name,
                account.at("seen").number(),
                account.at("changed").number(),
                account.at("updatedUntil").text());
    terminal
        .out()
        .println(
            account.at("failure").isPresent()
                ? terminal.bad(
                    "%s: %s; it goes on by itself".formatted(name, account.at("failure").text()))
                : terminal.good(what));
  }
}
