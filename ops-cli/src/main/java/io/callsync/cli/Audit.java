package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who did what, when, why and with which outcome, in all services. */
@Command(
    name = "audit",
    description = {
      "Lists what operators did in all services, the oldest first: when, who (whose token), what, why, and what came of it.",
      "The same is kept for ever in the topic operator-actions."
    },
    footer = {"", "Exit status: 0 the list is whole, 2 a service could not be asked."})
final class Audit implements Callable<Integer> {

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "from that time on: 2026-03-10, 2026-03-10T09:30 (Berlin), or 3d, 12h ago; by default 7d")
  private String since = "7d";

  @Option(
      names = "--command",
      paramLabel = "NAME",
      description = "only this one, for instance backfill or 'dead-letters drop'")
  private @Nullable String command;

  @Option(names = "--json", description = "one JSON object a line, for scripts")
  private boolean json;

  private final OpsApi api;
  private final Terminal terminal;

  Audit(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String query =
        "/ops/audit?since="
            + Since.parse(since, Clock.systemUTC())
            + (command == null ? "" : "&command=" + OpsApi.segment(command));
    List<Json> actions = new ArrayList<>();
    for (Service service : Service.values()) {
      pages(api, service, query, "actions", actions::add);
    }
    actions.sort(Comparator.comparing(a -> a.at("startedAt").text()));
    for (Json action : actions) {
      terminal.out().println(json ? action.written() : line(action));
    }
    if (actions.isEmpty() && !json) {
      terminal.out().println("nobody did anything since then");
    }
    return 0;
  }

  private String line(Json action) {
    String outcome = action.at("outcome").text();
    String detail = action.at("detail").text();
    String end =
        (outcome.isEmpty() ? "not ended" : outcome) + (detail.isEmpty() ? "" : ": " + detail);
    return "%-20s  %-10s %s%s  (%s)  %s"
        .formatted(
            action.at("startedAt").text().replaceAll("\\..*Z", "Z"),
            action.at("operator").text(),
            action.at("command").text(),
            prefixed(" ", action.at("subject").text()),
            action.at("reason").text().isEmpty() ? "no reason given" : action.at("reason").text(),
            outcome.equals("ok") ? terminal.good(end) : terminal.notice(end));
  }

  private static String prefixed(String prefix, String text) {
    return text.isEmpty() ? "" : prefix + text;
  }

  /** Every item of every page of a list; a path has a query already. */
  static void pages(
      OpsApi api, Service service, String path, String list, Consumer<Json> eachItem) {
    String after = "";
    do {
      Json page;
      try {
        page =
            Json.parse(
                OpsApi.text(
                    api.get(
                        service,
                        path + (after.isEmpty() ? "" : "&after=" + OpsApi.segment(after)))));
      } catch (NotFound e) {
        throw new CommandFailure(
            "The %s has no such list: is it of an older version?".formatted(service.displayName()),
            e);
      }
      page.at(list).items().forEach(eachItem);
      after = page.at("next").text();
    } while (!after.isEmpty());
  }
}
