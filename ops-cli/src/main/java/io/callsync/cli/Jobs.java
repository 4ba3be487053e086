package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Long work that runs or ran. */
@Command(
    name = "jobs",
    description = {
      "Lists replays, rebuilds, reinterpretations and imports, the newest first: how far they are,"
          + " how fast, and how long they take yet."
    },
    footer = {"", "Exit status: 0 the list is whole, 2 a service could not be asked."},
    synopsisSubcommandLabel = "[show | cancel]")
final class Jobs implements Callable<Integer> {

  private final OpsApi api;
  private final Terminal terminal;

  Jobs(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws NotFound {
    List<Json> jobs = new ArrayList<>();
    for (Service service : List.of(Service.GATEWAY, Service.PROJECTOR)) {
      jobs.addAll(Json.parse(OpsApi.text(api.get(service, JobRun.PATH))).at("jobs").items());
    }
    jobs.sort(
        Comparator.comparing((Json job) -> Instant.parse(job.at("createdAt").text())).reversed());
    jobs.forEach(job -> terminal.out().println(line(job)));
    if (jobs.isEmpty()) {
      terminal.out().println("no job was ever ordered");
    }
    return 0;
  }

  private static String line(Json job) {
    String state = job.at("state").text();
    return "%6s  %-11s %-10s %-20s  by %s: %s%s"
        .formatted(
            job.at("id").text(),
            job.at("kind").text(),
            state,
            job.at("createdAt").text().replaceAll("\\..*Z", "Z"),
            job.at("order").at("author").text(),
            job.at("order").at("reason").text(),
            state.equals("running") ? "; " + JobRun.progress(job) : "");
  }

  /** One job in full. */
  @Command(name = "show", description = "Shows a job, and what it found.")
  static final class Show implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "as in the list")
    private String id = "";

    private final OpsApi api;
    private final Terminal terminal;

    Show(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try {
        Json job =
            Json.parse(
                OpsApi.text(api.get(JobRun.serviceOf(id), JobRun.PATH + '/' + OpsApi.segment(id))));
        terminal.out().println(line(job));
        if (job.at("endedAt").isPresent()) {
          new JobRun(api, terminal).report(job);
        }
        return 0;
      } catch (NotFound e) {
        throw unknown(id, e);
      }
    }
  }

  /** Ends a job. */
  @Command(
      name = "cancel",
      description = "Ends a job before its next page; what it has put right so far stays.")
  static final class Cancel implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "as in the list")
    private String id = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
    private String reason = "by hand";

    private final OpsApi api;
    private final Terminal terminal;

    Cancel(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      try {
        var _ =
            api.because(reason)
                .delete(JobRun.serviceOf(id), JobRun.PATH + '/' + OpsApi.segment(id));
        terminal.out().println(terminal.good("job %s ends".formatted(id)));
        return 0;
      } catch (NotFound e) {
        throw unknown(id, e);
      }
    }
  }

  private static CommandFailure unknown(String id, NotFound e) {
    return new CommandFailure(
        "There is no job %s: ./appointments jobs lists them.".formatted(id), e);
  }
}
