package io.callsync.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/** The operators' command line. */
@Command(
    name = "appointments",
    description =
        "CallSync for operators: look at chains, fold the log again, set up the directory.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "up, down, status, reset and demo run the whole system on this machine: ./appointments help"
    })
public final class Main {

  private static final int FAILED = 2;

  private Main() {}

  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    var installation =
        new Installation(environment, Path.of(System.getProperty("callsync.checkout", ".")));
    int status = run(installation, Terminal.ofProcess(environment), System.err, arguments);
    System.out.flush();
    System.exit(status);
  }

  static int run(
      Installation installation, Terminal terminal, PrintStream err, String... arguments) {
    var errors = new PrintWriter(err, true, err.charset());
    CommandLine commands = commands(new OpsApi(installation), terminal);
    commands
        .setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()))
        .setErr(errors)
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                terminal.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler((e, words) -> wrongWords(e, errors))
        .setExecutionExceptionHandler(
            (e, command, words) -> {
              errors.println(e instanceof CommandFailure ? e.getMessage() : unexpected(e));
              return FAILED;
            });
    return commands.execute(arguments);
  }

  static CommandLine commands(OpsApi api, Terminal terminal) {
    var commands =
        new CommandLine(new Main())
            .addSubcommand(new ValidateChain(api, terminal, Clock.systemUTC()))
            .addSubcommand(new Monitor(api, terminal))
            .addSubcommand(new Reconcile(api, terminal))
            .addSubcommand(new Backfill(api, terminal, Clock.systemUTC()))
            .addSubcommand(new Replay(api, terminal))
            .addSubcommand(new Rebuild(api, terminal))
            .addSubcommand(new Reinterpret(api, terminal, Clock.systemUTC()))
            .addSubcommand(new Import(api, terminal))
            .addSubcommand(
                new CommandLine(new Jobs(api, terminal))
                    .addSubcommand(new Jobs.Show(api, terminal))
                    .addSubcommand(new Jobs.Cancel(api, terminal)))
            .addSubcommand(
                new CommandLine(new DeadLetters())
                    .addSubcommand(new DeadLetters.ListThem(api, terminal))
                    .addSubcommand(new DeadLetters.Show(api, terminal))
                    .addSubcommand(new DeadLetters.RedriveThem(api, terminal))
                    .addSubcommand(new DeadLetters.Drop(api, terminal)))
            .addSubcommand(new Audit(api, terminal))
            .addSubcommand(
                new CommandLine(new Directory())
                    .addSubcommand(new Directory.Import(api, terminal))
                    .addSubcommand(new Directory.Export(api, terminal)));
    withHelp(commands);
    return commands;
  }

  private static void withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("show this")
                .build());
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    var sections = command.getHelpSectionMap();
    sections.put(
        UsageMessageSpec.SECTION_KEY_DESCRIPTION,
        help -> wrapped(usage.description(), usage.width()));
    sections.put(
        UsageMessageSpec.SECTION_KEY_FOOTER, help -> wrapped(usage.footer(), usage.width()));
    command.getSubcommands().values().forEach(Main::withHelp);
  }

  /** Lines of whole words; picocli would break calls.sql as well. What is indented stays. */
  private static String wrapped(String[] paragraphs, int width) {
    var lines = new StringBuilder();
    for (String paragraph : paragraphs) {
      String rest = paragraph;
      int end = rest.lastIndexOf(' ', width);
      while (rest.length() > width && !rest.startsWith(" ") && end > 0) {
        lines.append(rest, 0, end).append(System.lineSeparator());
        rest = rest.substring(end + 1);
        end = rest.lastIndexOf(' ', width);
      }
      lines.append(rest).append(System.lineSeparator());
    }
    return lines.toString();
  }

  private static int wrongWords(ParameterException e, PrintWriter errors) {
    CommandLine command = e.getCommandLine();
    errors.println(
        "%s: see ./%s --help".formatted(e.getMessage(), command.getCommandSpec().qualifiedName()));
    return FAILED;
  }

  private static String unexpected(Exception e) {
    return "This should not happen (%s): the services' logs may say more (./appointments status names them)."
        .formatted(e);
  }
}
