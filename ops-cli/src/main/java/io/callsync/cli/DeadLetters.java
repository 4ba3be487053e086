package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the consumers could not handle. */
@Command(
    name = "dead-letters",
    description = {
      "What a consumer could not handle lies in the topic's .dlt, and the others went on.",
      "Each letter is its consumer's: it alone can handle the record once more."
    },
    synopsisSubcommandLabel = "(list | show | redrive | drop)")
final class DeadLetters {

  private static final String PATH = "/ops/dead-letters";

  /** The consumers and where they answer. */
  private static final Map<String, Service> CONSUMERS =
      Map.of(
          "appointment-projector", Service.PROJECTOR,
          "validator-service", Service.VALIDATOR);

  /** Which letters. */
  static final class Filter {
    @Option(
        names = "--topic",
        paramLabel = "NAME",
        description = "whose records they were, for instance booking-events")
    private @Nullable String topic;

    @Option(
        names = "--consumer",
        paramLabel = "NAME",
        description = "who could not handle them: appointment-projector or validator-service")
    private @Nullable String consumer;

    @Option(
        names = "--reason-contains",
        paramLabel = "TEXT",
        description = "a part of why not, for instance 'SQLSTATE 23514'")
    private @Nullable String reason;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "put aside since then: 2026-03-10, 2026-03-10T09:30 (Berlin), or 3d, 12h ago")
    private @Nullable String since;

    /** The letters of all pages, the newest first. */
    List<Json> letters(OpsApi api, boolean closedToo) {
      if (consumer != null && !CONSUMERS.containsKey(consumer)) {
        throw new CommandFailure(
            "There is no consumer %s: it is appointment-projector or validator-service."
                .formatted(consumer));
      }
      var query = new StringBuilder(PATH + "?state=" + (closedToo ? "all" : "open"));
      if (topic != null) {
        query.append("&topic=").append(OpsApi.segment(topic));
      }
      if (reason != null) {
        query.append("&reasonContains=").append(OpsApi.segment(reason));
      }
      if (since != null) {
        query.append("&since=").append(Since.parse(since, Clock.systemUTC()));
      }
      List<Json> letters = new ArrayList<>();
      CONSUMERS.forEach(
          (name, service) -> {
            if (consumer == null || consumer.equals(name)) {
              Audit.pages(api, service, query.toString(), "letters", letters::add);
            }
          });
      letters.sort(Comparator.comparing((Json l) -> l.at("at").text()).reversed());
      return letters;
    }

    boolean isSet() {
      return topic != null || consumer != null || reason != null || since != null;
    }
  }

  private static String line(Json letter) {
    return "%-32s  %-20s  %-21s  %s%s%s"
        .formatted(
            letter.at("id").text(),
            letter.at("at").text().replaceAll("\\..*Z", "Z"),
            letter.at("consumer").text(),
            letter.at("reason").text(),
            letter.at("redrives").number() == 0
                ? ""
                : "; redriven %d times".formatted(letter.at("redrives").number()),
            letter.at("state").text().equals("open")
                ? ""
                : "; %s by %s: %s"
                    .formatted(
                        letter.at("state").text(),
                        letter.at("closedBy").text(),
                        letter.at("closedBecause").text()));
  }

  /** Who has this letter. */
  private static Service owner(OpsApi api, String id) {
    for (Service service : List.of(Service.PROJECTOR, Service.VALIDATOR)) {
      try {
        OpsApi.text(api.get(service, PATH + '/' + id));
        return service;
      } catch (NotFound notIts) {
        // The next one may have it.
      }
    }
    throw unknown(id);
  }

  private static CommandFailure unknown(String id) {
    return new CommandFailure(
        "There is no dead letter %s: ./appointments dead-letters list --all-states shows them."
            .formatted(id));
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists the dead letters that are open, the newest first.",
      footer = {"", "Exit status: 0 the list is whole, 2 a service could not be asked."})
  static final class ListThem implements Callable<Integer> {

    @Mixin private Filter filter = new Filter();

    @Option(names = "--all-states", description = "also those that were redriven or dropped")
    private boolean allStates;

    @Option(names = "--json", description = "one JSON object a line, for scripts")
    private boolean json;

    private final OpsApi api;
    private final Terminal terminal;

    ListThem(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() {
      List<Json> letters = filter.letters(api, allStates);
      for (Json letter : letters) {
        terminal.out().println(json ? letter.written() : line(letter));
      }
      if (!json) {
        long open = letters.stream().filter(l -> l.at("state").text().equals("open")).count();
        terminal
            .out()
            .println(
                open == 0
                    ? terminal.good("no dead letter is open" + (filter.isSet() ? " of these" : ""))
                    : terminal.notice(
                        "%d open: ./appointments dead-letters show ID says more, redrive has its consumer handle it once more"
                            .formatted(open)));
      }
      return 0;
    }
  }

  /** One letter in full. */
  @Command(
      name = "show",
      description =
          "Shows a dead letter: why, where it came from, and what it says without anything personal.",
      footer = {"", "Exit status: 0 it is shown, 2 there is none or it could not be asked for."})
  static final class Show implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "as in the list: booking-events.dlt/1/42")
    private String id = "";

    @Option(names = "--json", description = "the consumer's answer as it is, for scripts")
    private boolean json;

    private final OpsApi api;
    private final Terminal terminal;

    Show(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws NotFound {
      String body = OpsApi.text(api.get(owner(api, id), PATH + '/' + id));
      if (json) {
        terminal.out().println(body);
        return 0;
      }
      Json shown = Json.parse(body);
      Json letter = shown.at("letter");
      field("dead letter", letter.at("id").text());
      field("state", letter.at("state").text());
      field("reason", letter.at("reason").text());
      field("consumer", letter.at("consumer").text());
      field("put aside", letter.at("at").text());
      field("came from", letter.at("source").text());
      field("redriven", letter.at("redrives").text() + " times");
      if (letter.at("closedAt").isPresent()) {
        field(
            "closed",
            "%s by %s: %s"
                .formatted(
                    letter.at("closedAt").text(),
                    letter.at("closedBy").text(),
                    letter.at("closedBecause").text()));
      }
      field("key", shown.at("key").text());
      field("value", shown.at("bytes").text() + " bytes");
      shown.at("headers").fields().forEach((name, value) -> field("  " + name, value.text()));
      if (shown.at("unreadable").isPresent()) {
        terminal.out().println(terminal.notice("unreadable: " + shown.at("unreadable").text()));
      } else {
        terminal.out().println("event");
        terminal.out().print(Yaml.of(shown.at("event")).indent(2));
      }
      return 0;
    }

    private void field(String name, String value) {
      terminal.out().printf("%-20s %s%n", name, value);
    }
  }

  /** Some letters, by id or by filter. */
  abstract static class Closing implements Callable<Integer> {

    /** Which ones. */
    static final class Which {
      @Parameters(
          arity = "0..1",
          paramLabel = "ID",
          description = "as in the list: booking-events.dlt/1/42")
      private @Nullable String id;

      @Option(names = "--all", description = "all that are open, or those of the filter")
      private boolean all;
    }

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Mixin private Filter filter = new Filter();

    @Option(names = "--yes", description = "without asking")
    private boolean yes;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
    private String reason = "by hand";

    private final OpsApi api;
    private final String verb;
    final Terminal terminal;

    Closing(OpsApi api, Terminal terminal, String verb) {
      this.api = api;
      this.terminal = terminal;
      this.verb = verb;
    }

    /** Tells what became of one; true where it is closed now. */
    abstract boolean told(Json letter);

    @Override
    public Integer call() {
      String id = which.id;
      if (id != null && !which.all) {
        Service owner = owner(api, id);
        return agreed(verb + ' ' + id + '?') && one(owner, id) ? 0 : 1;
      }
      List<Json> letters = filter.letters(api, false);
      if (letters.isEmpty()) {
        terminal.out().println(terminal.good("no such dead letter is open"));
        return 0;
      }
      letters.forEach(letter -> terminal.out().println(line(letter)));
      if (!agreed("%s %d dead letters?".formatted(verb, letters.size()))) {
        return 1;
      }
      int left = 0;
      // The oldest first, as they would have come.
      for (Json letter : letters.reversed()) {
        Service owner = CONSUMERS.get(letter.at("consumer").text());
        left += owner != null && one(owner, letter.at("id").text()) ? 0 : 1;
      }
      return left == 0 ? 0 : 1;
    }

    private boolean agreed(String question) {
      boolean agreed = yes || terminal.agrees(question);
      if (!agreed) {
        terminal.out().println("nothing was changed: --yes does it");
      }
      return agreed;
    }

    private boolean one(Service owner, String id) {
      try {
        return told(
            api.because(reason)
                .post(owner, PATH + '/' + id + '/' + verb, Map.<String, String>of()));
      } catch (NotFound e) {
        throw unknown(id);
      }
    }
  }

  /** Handles once more. */
  @Command(
      name = "redrive",
      description = {
        "Has the consumer handle the record once more, as if it had just come; twice changes nothing.",
        "What is refused again stays open, with the new reason."
      },
      footer = {
        "",
        "Exit status: 0 all of them are handled, 1 some stay open, 2 a service could not be asked or refuses."
      })
  static final class RedriveThem extends Closing {

    RedriveThem(OpsApi api, Terminal terminal) {
      super(api, terminal, "redrive");
    }

    @Override
    boolean told(Json letter) {
      boolean handled = letter.at("state").text().equals("redriven");
      String id = letter.at("id").text();
      terminal
          .out()
          .println(
              handled
                  ? terminal.good(id + " is handled")
                  : terminal.bad(id + " stays open: " + letter.at("reason").text()));
      return handled;
    }
  }

  /** Gives up. */
  @Command(
      name = "drop",
      description = {
        "Says that nobody needs the record any more.",
        "Its bytes stay in the topic until retention takes them; a rebuild still shows what is"
            + " readable then."
      },
      footer = {
        "",
        "Exit status: 0 all of them are dropped, 1 some are not, 2 a service could not be asked or refuses."
      })
  static final class Drop extends Closing {

    Drop(OpsApi api, Terminal terminal) {
      super(api, terminal, "drop");
    }

    @Override
    boolean told(Json letter) {
      terminal.out().println(terminal.good(letter.at("id").text() + " is dropped"));
      return true;
    }
  }
}
