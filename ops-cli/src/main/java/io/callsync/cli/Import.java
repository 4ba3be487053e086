package io.callsync.cli;

import io.callsync.cli.CommandFailure.NotNow;
import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the predecessor's tables in, and says what became of them. */
@Command(
    name = "import",
    description = {
      "Brings the predecessor's tables in: companies, branches, phone_numbers, services, staff,"
          + " customers, calls and appointments, as far as DIR holds them. Ids stay as they are.",
      "Repeating it changes nothing; broken off, it goes on where it was.",
      "Without --yes: shows what would become of them, and asks."
    },
    footer = {
      "",
      "DIR holds calls.csv with a header line (Laravel), calls.tsv or .txt with calls.sql beside it"
          + " (mysqldump --tab), calls.jsonl or calls.json; the other tables likewise.",
      "",
      "Exit status: 0 all is brought in and nothing of it is broken, 1 something of it is broken"
          + " (or was not brought in), 2 the files cannot be taken, or the gateway does not answer."
    })
final class Import implements Callable<Integer> {

  private static final int BROKEN = 1;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
  private static final long POLL_NANOS = 250_000_000;
  private static final long WAIT_NANOS = 2_000_000_000;

  private static final List<String> TABLES =
      List.of(
          "companies",
          "branches",
          "phone_numbers",
          "services",
          "staff",
          "customers",
          "calls",
          "appointments");

  private static final Pattern FILE =
      Pattern.compile(
          "(%s)\\.(csv|tsv|txt|jsonl|ndjson|json|sql)".formatted(String.join("|", TABLES)));

  @Parameters(paramLabel = "DIR", description = "where the tables' files are")
  private Path directory = Path.of("");

  @Option(names = "--dry-run", description = "only say what would become of them")
  private boolean dryRun;

  @Option(names = "--yes", description = "bring them in without asking")
  private boolean yes;

  @Option(names = "--from-start", description = "begin anew where an import was broken off")
  private boolean fromStart;

  @Option(names = "--json", description = "the report as JSON, and nothing else")
  private boolean json;

  @Option(names = "--report", paramLabel = "FILE", description = "write the report there as JSON")
  private @Nullable Path report;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "import by hand";

  private final OpsApi api;
  private final Terminal terminal;

  Import(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Path> files = files();
    if (dryRun) {
      return told(run(files, true)) ? 0 : BROKEN;
    }
    if (!yes) {
      told(run(files, true));
      if (!terminal.agrees("bring them in?")) {
        terminal.out().println("  nothing was changed: --yes brings them in");
        return BROKEN;
      }
    }
    return told(run(files, false)) ? 0 : BROKEN;
  }

  /** A definition comes before its rows: mysqldump --tab writes no header. */
  private List<Path> files() {
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> files =
          all.filter(file -> FILE.matcher(file.getFileName().toString()).matches())
              .sorted(
                  Comparator.comparing((Path file) -> !file.toString().endsWith(".sql"))
                      .thenComparing(file -> file.getFileName().toString()))
              .toList();
      if (files.isEmpty()) {
        throw new CommandFailure(
            "There is no table in %s: name the files calls.csv, appointments.jsonl and so on (./appointments import --help)."
                .formatted(directory));
      }
      return files;
    } catch (IOException e) {
      throw new CommandFailure(
          "%s cannot be read (%s): name the folder that holds the tables' files."
              .formatted(directory, e.getClass().getSimpleName()),
          e);
    }
  }

  private static void write(List<Path> files, OutputStream out) throws IOException {
    try (var archive = new ZipOutputStream(out)) {
      archive.setLevel(1);
      for (Path file : files) {
        archive.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, archive);
        archive.closeEntry();
      }
    }
  }

  /** The last answer, in which it has ended. The gateway may be away for a while in between. */
  private String run(List<Path> files, boolean dry) {
    var progress = new Progress();
    String answer = null;
    boolean anew = fromStart;
    while (true) {
      try {
        Json state = answer == null ? null : Json.parse(answer);
        if (state == null || state.at("state").text().equals("failed")) {
          answer = send(files, dry, anew);
          anew = false;
        } else {
          answer =
              OpsApi.text(
                  api.get(
                      Service.GATEWAY, "/ops/import/" + OpsApi.segment(state.at("name").text())));
        }
        Json now = Json.parse(answer);
        progress.began(now.at("job").text());
        if (now.at("state").text().equals("done") || now.at("state").text().equals("cancelled")) {
          return answer;
        }
        if (now.at("state").text().equals("failed")) {
          progress.waits(new CommandFailure(now.at("trouble").text()));
        } else {
          progress.shows(now);
          LockSupport.parkNanos(POLL_NANOS);
        }
      } catch (NotNow away) {
        progress.waits(away);
      } catch (NotFound anotherGateway) {
        // It was started anew, and knows of the import what it had committed.
        answer = null;
      }
    }
  }

  private String send(List<Path> files, boolean dry, boolean anew) {
    try {
      return api.because(reason)
          .upload(
              Service.GATEWAY,
              "/ops/import?dryRun=%s&fromStart=%s&reason=%s"
                  .formatted(dry, anew, OpsApi.segment(reason)),
              out -> write(files, out));
    } catch (NotFound e) {
      throw new CommandFailure("The gateway cannot import: is it of an older version?", e);
    }
  }

  /** What is seen while it goes on, and how long it may stand still. */
  private final class Progress {
    private long done = -1;
    private long stillSince = System.nanoTime();
    private long shownAt = System.nanoTime();
    private String job = "";

    void began(String id) {
      if (!json && !id.equals(job)) {
        terminal.out().println(JobRun.begun(id));
      }
      job = id;
    }

    void shows(Json now) {
      long doneNow = now.at("done").number();
      if (doneNow != done) {
        done = doneNow;
        stillSince = System.nanoTime();
      }
      if (!json && System.nanoTime() - shownAt > BETWEEN_LINES.toNanos()) {
        shownAt = System.nanoTime();
        terminal
            .out()
            .printf(
                "  %d of %d rows, %s a second, %s seconds left%n",
                done,
                now.at("total").number(),
                now.at("rowsPerSecond").text(),
                now.at("secondsLeft").isPresent() ? now.at("secondsLeft").text() : "?");
      }
    }

    void waits(CommandFailure why) {
      if (done < 0 || System.nanoTime() - stillSince > PATIENCE.toNanos()) {
        throw why;
      }
      if (!json) {
        terminal.out().println("  waits: " + why.getMessage());
      }
      LockSupport.parkNanos(WAIT_NANOS);
    }
  }

  /** Prints the report; whether it is whole and nothing is broken. */
  private boolean told(String answer) {
    if (report != null) {
      try {
        Files.writeString(report, answer);
      } catch (IOException e) {
        throw new CommandFailure(
            "%s cannot be written (%s): name another file."
                .formatted(report, e.getClass().getSimpleName()),
            e);
      }
    }
    Json result = Json.parse(answer);
    Map<String, Json> broken = result.at("report").at("broken").fields();
    boolean cancelled = result.at("state").text().equals("cancelled");
    if (json) {
      terminal.out().println(answer);
      return broken.isEmpty() && !cancelled;
    }
    terminal
        .out()
        .println(
            terminal.heading(
                result.at("dryRun").isTrue()
                    ? "What would become of the rows (nothing was changed)"
                    : "What became of the rows"));
    Map<String, Json> tables = result.at("report").at("tables").fields();
    for (String table : TABLES) {
      Json outcomes = tables.get(table);
      if (outcomes != null) {
        terminal.out().printf("  %-14s %s%n", table, line(outcomes));
      }
    }
    broken.forEach(
        (code, found) ->
            terminal
                .out()
                .println(
                    terminal.bad(
                        "%s: %d (%s%s)%n    %s"
                            .formatted(
                                code,
                                found.at("count").number(),
                                String.join(
                                    ", ",
                                    found.at("examples").items().stream().map(Json::text).toList()),
                                found.at("count").number() > found.at("examples").items().size()
                                    ? ", ..."
                                    : "",
                                found.at("sentence").text()))));
    if (cancelled) {
      terminal
          .out()
          .println(
              terminal.bad(
                  "cancelled after %d of %d rows%s"
                      .formatted(
                          result.at("done").number(),
                          result.at("total").number(),
                          result.at("dryRun").isTrue()
                              ? ""
                              : ": the same command goes on where it was")));
      return false;
    }
    terminal
        .out()
        .println(
            broken.isEmpty()
                ? terminal.good("nothing of it is broken")
                : terminal.bad(
                    "%d kinds of what is broken in the old data; the ids are those of its tables"
                        .formatted(broken.size())));
    return broken.isEmpty();
  }

  private static String line(Json outcomes) {
    List<String> parts = new ArrayList<>();
    for (String outcome : List.of("new", "changed", "unchanged", "refused")) {
      long rows = outcomes.at(outcome).number();
      if (rows > 0) {
        parts.add(rows + " " + (outcome.equals("refused") ? "left out" : outcome));
      }
    }
    return String.join(", ", parts);
  }
}
