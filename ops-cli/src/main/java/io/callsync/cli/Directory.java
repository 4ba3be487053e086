package io.callsync.cli;

import io.callsync.cli.CommandFailure.Refused;
import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Companies, branches, phone numbers, services and staff as a file. */
@Command(
    name = "directory",
    description = "Brings in or shows companies, branches, phone numbers, services and staff.",
    synopsisSubcommandLabel = "(import | export)")
final class Directory {

  /** Brings a file in. */
  @Command(
      name = "import",
      description = {
        "Brings the directory in from a YAML file. What was unknown before is repaired by it.",
        "Repeating it changes nothing."
      },
      footer = {
        "",
        "For instance:",
        "  companies:",
        "    - id: 1",
        "      name: Salon Beispiel",
        "      timezone: Europe/Berlin",
        "      language: de",
        "      phoneNumbers: [{number: \"+493023125001\"}]",
        "      services:",
        "        - id: 1",
        "          name: Herrenhaarschnitt",
        "          durationMinutes: 55",
        "          eventTypeId: 1001"
      })
  static final class Import implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "the YAML file")
    private Path file = Path.of("");

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
    private String reason = "by hand";

    private final OpsApi api;
    private final Terminal terminal;

    Import(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws NotFound {
      Json answer = imported();
      terminal.out().println(terminal.good("the directory is brought in"));
      terminal
          .out()
          .printf(
              "  companies in the file: %s, entries changed: %s, calls repaired: %s, bookings repaired: %s%n",
              answer.at("companies").text(),
              answer.at("changed").text(),
              answer.at("repairedCalls").text(),
              answer.at("repairedBookings").text());
      for (Json service : answer.at("unknownEventTypes").items()) {
        terminal
            .out()
            .println(
                terminal.bad(
                    "  Cal.com has no event type %s, which service %s (%s) of company %s names: correct it and import again"
                        .formatted(
                            service.at("eventTypeId").text(),
                            service.at("service").text(),
                            service.at("name").text(),
                            service.at("company").text())));
      }
      String unchecked = answer.at("uncheckedEventTypes").text();
      if (!unchecked.isEmpty() && !unchecked.equals("0")) {
        terminal
            .out()
            .printf(
                "  event types that Cal.com could not be asked about: %s; import again later%n",
                unchecked);
      }
      return 0;
    }

    private Json imported() throws NotFound {
      try {
        return api.because(reason).post(Service.GATEWAY, "/ops/directory", content());
      } catch (Refused e) {
        throw new CommandFailure("%s: %s".formatted(file, e.getMessage()), e);
      }
    }

    private byte[] content() {
      try {
        return Files.readAllBytes(file);
      } catch (NoSuchFileException e) {
        throw new CommandFailure(
            "There is no file %s: name the directory's file.".formatted(file), e);
      } catch (IOException e) {
        throw new CommandFailure(
            "%s cannot be read (%s): name a file that you may read."
                .formatted(file, e.getClass().getSimpleName()),
            e);
      }
    }
  }

  /** Shows the directory as a file. */
  @Command(
      name = "export",
      description = "Prints the directory as the YAML file that import takes.")
  static final class Export implements Callable<Integer> {

    private final OpsApi api;
    private final Terminal terminal;

    Export(OpsApi api, Terminal terminal) {
      this.api = api;
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws NotFound {
      Json directory = Json.parse(OpsApi.text(api.get(Service.GATEWAY, "/ops/directory")));
      terminal.out().print(Yaml.of(directory));
      return 0;
    }
  }
}
