package io.callsync.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    var api = new OpsApi(installation);
    var errors = new PrintWriter(err, true, err.charset());
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

  private static void withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            CommandLine.Model.OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("show this")
                .build());
    command.getSubcommands().values().forEach(Main::withHelp);
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
