package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * How the chains stand, again each second: on a terminal in place, elsewhere as a line whenever
 * something changes.
 */
final class Watch {

  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final int SHOWN = 15;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.of("Europe/Berlin"));

  /** The cursor home; what is left of a line, and of the screen, is wiped behind each print. */
  private static final String HOME = "\u001b[H";

  private static final String WIPE_LINE = "\u001b[K";
  private static final String WIPE_REST = "\u001b[J";
  private static final String CLEAR = "\u001b[2J";

  /** A line that is too long is cut, since a second row would stay where it is. */
  private static final String NO_WRAP = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final OpsApi api;
  private final Terminal terminal;
  private final Clock clock;
  private final String filter;
  private final boolean json;
  private String said = "";

  /**
   * @param filter of the violations, as {@code &name=value}
   */
  Watch(OpsApi api, Terminal terminal, Clock clock, String filter, boolean json) {
    this.api = api;
    this.terminal = terminal;
    this.clock = clock;
    this.filter = filter;
    this.json = json;
  }

  /** Goes on until somebody ends the command, also while the validator is away. */
  int run() throws NotFound {
    boolean inPlace = terminal.isSeen() && !json;
    if (inPlace) {
      terminal.out().print(CLEAR);
    }
    boolean answered = false;
    while (true) {
      try {
        if (inPlace) {
          redraw();
        } else {
          line();
        }
        answered = true;
      } catch (CommandFailure away) {
        if (!answered) {
          throw away;
        }
        say(String.valueOf(away.getMessage()));
      }
      try {
        Thread.sleep(EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return 0;
      }
    }
  }

  /** One line, where anything but the time is other than before. */
  void line() throws NotFound {
    String body = OpsApi.text(api.get(Service.VALIDATOR, "/ops/summary"));
    Json summary = Json.parse(body);
    String now = counts(summary);
    if (!now.equals(said)) {
      terminal.out().println(json ? body : CLOCK.format(clock.instant()) + "  " + now);
      terminal.out().flush();
      said = now;
    }
  }

  private void say(String trouble) {
    if (!json && !trouble.equals(said)) {
      terminal.out().println(CLOCK.format(clock.instant()) + "  " + trouble);
      terminal.out().flush();
      said = trouble;
    }
  }

  /** The whole screen in one write, so that nothing flickers. */
  void redraw() throws NotFound {
    var screen = new StringBuilder(NO_WRAP).append(HOME);
    for (String line : lines()) {
      screen.append(line).append(WIPE_LINE).append('\n');
    }
    PrintStream out = terminal.out();
    out.print(screen.append(WIPE_REST).append(WRAP));
    out.flush();
  }

  private List<String> lines() throws NotFound {
    Json summary = Json.parse(OpsApi.text(api.get(Service.VALIDATOR, "/ops/summary")));
    List<Json> open =
        Json.parse(
                OpsApi.text(
                    api.get(
                        Service.VALIDATOR, "/ops/violations?state=OPEN&limit=" + SHOWN + filter)))
            .at("violations")
            .items();
    List<String> lines = new ArrayList<>();
    lines.add(terminal.heading(CLOCK.format(clock.instant()) + "  " + counts(summary)));
    for (Json company : summary.at("companies").items()) {
      lines.add(
          "company %s: %d of %d phone bookings of the last day linked"
              .formatted(
                  company.at("companyId").text(),
                  company.at("linked").number(),
                  company.at("booked").number()));
    }
    lines.add("validated up to " + summary.at("validatedUpTo").text());
    lines.add("");
    for (Json violation : open) {
      String title =
          "%s %s: %s"
              .formatted(
                  violation.at("rule").text(),
                  violation.at("subject").text(),
                  violation.at("message").text());
      boolean error = !violation.at("severity").text().equals("warning");
      lines.add(error ? terminal.bad(title) : terminal.notice(title));
    }
    long more = summary.at("openViolations").number() - open.size();
    if (open.isEmpty()) {
      lines.add(terminal.good("nothing is open" + (filter.isEmpty() ? "" : " of these")));
    } else if (more > 0 && filter.isEmpty()) {
      lines.add("... and %d more: ./appointments validate-chain".formatted(more));
    }
    return lines;
  }

  private static String counts(Json summary) {
    return "%d booking calls: %d linked, %d broken, %d in their grace, %d waiting; %d violations open, %d checks pending"
        .formatted(
            summary.at("bookingCalls").number(),
            summary.at("linked").number(),
            summary.at("broken").number(),
            summary.at("checking").number(),
            summary.at("pending").number(),
            summary.at("openViolations").number(),
            summary.at("pendingChecks").number());
  }
}
