package io.callsync.cli;

import io.callsync.cli.OpsApi.NotFound;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Folds the whole log again. */
@Command(
    name = "rebuild",
    description = {
      "Folds all events into shadow tables while live events go on, compares all rows over all columns, and puts right what differs, in one transaction.",
      "Without --yes: shows what differs, and asks."
    },
    footer = {
      "",
      "Exit status: 0 rows and log agree, 1 they differ or the job ended early, 2 the question could not be answered."
    })
final class Rebuild implements Callable<Integer> {

  @Option(names = "--verify", description = "only show what differs")
  private boolean verify;

  @Option(names = "--yes", description = "put right without asking")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "by hand";

  private final JobRun job;

  Rebuild(OpsApi api, Terminal terminal) {
    this.job = new JobRun(api, terminal);
  }

  @Override
  public Integer call() throws NotFound {
    return job.run(Map.of("kind", "rebuild", "reason", reason), verify, yes);
  }
}
