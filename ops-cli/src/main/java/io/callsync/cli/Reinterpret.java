package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.JobRun.Door;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads kept deliveries once more, with what is understood today. */
@Command(
    name = "reinterpret",
    description = {
      "Runs kept deliveries of Retell and Cal.com through today's mapping again; what they mean now"
          + " and did not then becomes correction events.",
      "Without --yes: shows what differs, and asks."
    },
    footer = {
      "",
      "What a function call was answered stays as it was. Twice changes nothing. It is a job that"
          + " a restart does not end: ./appointments jobs shows how far it is, jobs cancel ends it.",
      "Exit status: 0 nothing differs (any more), 1 something does, 2 the question could not be answered."
    })
final class Reinterpret implements Callable<Integer> {

  private static final Door DOOR = new Door(Service.GATEWAY, "/ops/reinterpretation");

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "what was received since: 2026-03-10, 2026-03-10T09:30 (Berlin), 3d, 12h or 30m ago")
  private String from = "";

  @Option(names = "--to", paramLabel = "TIME", description = "and before then, by default now")
  private @Nullable String to;

  @Option(names = "--dry-run", description = "only show what differs")
  private boolean dryRun;

  @Option(names = "--yes", description = "correct without asking")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "by hand";

  private final OpsApi api;
  private final Terminal terminal;
  private final Clock clock;

  Reinterpret(OpsApi api, Terminal terminal, Clock clock) {
    this.api = api;
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    String end = String.valueOf(to == null ? clock.instant() : Since.parse(to, clock));
    try {
      return new JobRun(api, terminal)
          .run(
              DOOR,
              Map.of("from", Since.parse(from, clock).toString(), "to", end, "reason", reason),
              dryRun,
              yes);
    } catch (NotFound e) {
      throw new CommandFailure("The gateway cannot reinterpret: is it of an older version?", e);
    }
  }
}
