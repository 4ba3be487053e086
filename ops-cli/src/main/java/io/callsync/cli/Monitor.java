package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks on: calls, bookings, violations and repairs as they happen. */
@Command(
    name = "monitor",
    description = {
      "Shows calls, bookings, violations and repairs as they happen, and each second how the chains"
          + " stand. Goes on until Ctrl-C."
    },
    footer = {"", "Exit status: 0 it was ended, 2 the validator did not answer, or stopped."})
final class Monitor implements Callable<Integer> {

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.of("Europe/Berlin"));

  /** The line of the standing is written over where somebody looks. */
  private static final String WIPE = "\r\u001b[K";

  @Option(names = "--company", paramLabel = "ID", description = "what concerns this company only")
  private @Nullable String company;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "ends by itself after this time, for scripts")
  private @Nullable Integer seconds;

  @Option(names = "--json", description = "a JSON object a line, for machines")
  private boolean json;

  private final OpsApi api;
  private final Terminal terminal;
  private String standing = "";

  Monitor(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws NotFound {
    long end =
        System.nanoTime()
            + (seconds == null ? Duration.ofDays(36_500) : Duration.ofSeconds(seconds)).toNanos();
    String path = "/ops/monitor" + (company == null ? "" : "?company=" + OpsApi.segment(company));
    try (var lines =
        new BufferedReader(
            new InputStreamReader(api.get(Service.VALIDATOR, path), StandardCharsets.UTF_8))) {
      String line;
      while (System.nanoTime() - end < 0) {
        line = lines.readLine();
        if (line == null) {
          throw new CommandFailure(
              "The validator has stopped: ./appointments status shows what runs.");
        }
        print(line);
      }
    } catch (IOException e) {
      throw OpsApi.brokenOff(e);
    }
    if (terminal.isSeen() && !json) {
      terminal.out().println();
    }
    return 0;
  }

  /** One line of the answer. */
  void print(String line) {
    if (json) {
      terminal.out().println(line);
    } else {
      Json said = Json.parse(line);
      if (said.at("kind").text().equals("validation")) {
        printStanding(said);
      } else {
        terminal.out().println((terminal.isSeen() ? WIPE : "") + row(said));
        if (terminal.isSeen()) {
          terminal.out().print(standing);
        }
      }
    }
    terminal.out().flush();
  }

  private void printStanding(Json said) {
    String now = standing(said);
    if (terminal.isSeen()) {
      terminal.out().print(WIPE + now);
    } else if (!now.equals(standing)) {
      terminal.out().println(now);
    }
    standing = now;
  }

  private String standing(Json said) {
    if (!said.at("trouble").text().isEmpty()) {
      return terminal.bad(said.at("trouble").text());
    }
    long open = said.at("openViolations").number();
    String text =
        "%d chains whole, %d broken, %d being looked at; %d violations open"
            .formatted(
                said.at("whole").number(),
                said.at("broken").number(),
                said.at("checking").number(),
                open);
    return open == 0 ? terminal.good(text) : terminal.notice(text);
  }

  private String row(Json said) {
    String what = said.at("what").text();
    String row =
        "%s  %-9s  %-28s %s%s%s%s"
            .formatted(
                CLOCK.format(Instant.parse(said.at("at").text())),
                said.at("kind").text(),
                what,
                numbered("company", said.at("companyId")),
                numbered("call", said.at("callId")),
                numbered("appointment", said.at("appointmentId")),
                said.at("detail").text());
    String source = said.at("source").text();
    if (!source.isEmpty()) {
      row += " (" + source + ')';
    }
    if (!said.at("kind").text().equals("violation")) {
      return row;
    }
    return what.startsWith("RESOLVED") ? terminal.good(row) : terminal.bad(row) + mend(said);
  }

  private static String mend(Json said) {
    String remedy = said.at("remedy").text();
    return remedy.isEmpty() ? "" : "\n              mend it with " + remedy;
  }

  private static String numbered(String name, Json id) {
    return id.isPresent() ? name + ' ' + id.text() + ", " : "";
  }
}
