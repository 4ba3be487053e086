package io.callsync.cli;

import io.callsync.cli.Installation.Service;
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
      "Runs kept deliveries of Retell and Cal.com through today's mapping again; what they mean now",
      "and did not then becomes correction events. Without --yes: shows what differs, and asks."
    },
    footer = {
      "",
      "What a function call was answered stays as it was. Twice changes nothing, so a run that was",
      "broken off is simply run again.",
      "Exit status: 0 nothing differs (any more), 1 something does, 2 the question could not be answered."
    })
final class Reinterpret implements Callable<Integer> {

  private static final int DIFFERS = 1;
  private static final int SHOWN = 20;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "what was received since then: 2026-03-10, 2026-03-10T09:30 (Berlin), 3d, 12h or 30m ago")
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
  private int differences;

  Reinterpret(OpsApi api, Terminal terminal, Clock clock) {
    this.api = api;
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    String window =
        "from=%s&to=%s"
            .formatted(
                Since.parse(from, clock), to == null ? clock.instant() : Since.parse(to, clock));
    pages(window, true);
    if (differences == 0) {
      terminal.out().println(terminal.good("every delivery means today what it meant then"));
      return 0;
    }
    if (dryRun || !(yes || terminal.agrees("correct them?"))) {
      terminal.out().println("nothing was changed" + (dryRun ? "" : ": --yes corrects them"));
      return DIFFERS;
    }
    differences = 0;
    pages(window, false);
    terminal.out().println(terminal.good("%d deliveries corrected".formatted(differences)));
    return 0;
  }

  private void pages(String window, boolean onlyShow) {
    long looked = 0;
    long began = System.nanoTime();
    String next = "0";
    while (!next.isEmpty()) {
      Json page = page("%s&after=%s&dryRun=%s".formatted(window, next, onlyShow));
      looked += page.at("looked").number();
      for (Json difference : page.at("differences").items()) {
        if (onlyShow && differences++ < SHOWN) {
          print(difference);
        } else if (!onlyShow) {
          differences++;
        }
      }
      next = page.at("next").text();
      if (terminal.isSeen()) {
        terminal.out().printf("\r%d deliveries read, %d differ", looked, differences);
      }
    }
    if (terminal.isSeen()) {
      terminal.out().println();
    }
    if (onlyShow) {
      terminal
          .out()
          .printf(
              "%d deliveries read in %.1f s, %d mean something else today%n",
              looked, (System.nanoTime() - began) / 1e9, differences);
    }
  }

  private void print(Json difference) {
    terminal
        .out()
        .printf(
            "delivery %s of %s, %s%n",
            difference.at("delivery").text(),
            difference.at("receivedAt").text(),
            difference.at("kind").text());
    for (Json event : difference.at("events").items()) {
      var line = new StringBuilder("  ");
      event
          .fields()
          .forEach(
              (name, value) -> line.append(name).append(' ').append(value.text()).append("  "));
      terminal.out().println(line.toString().stripTrailing());
    }
  }

  private Json page(String query) {
    try {
      return api.because(reason).post(Service.GATEWAY, "/ops/reinterpretation?" + query, Map.of());
    } catch (NotFound e) {
      throw new CommandFailure("The gateway cannot reinterpret: is it of an older version?", e);
    }
  }
}
