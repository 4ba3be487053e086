package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/** Looks at one chain, or at all of them. */
@Command(
    name = "validate-chain",
    description = {
      "Shows the chain of one call in full: call, customer, appointment, and what every check says.",
      "Without CALL: a table of all calls with a booking, and up to where everything was validated.",
      "With --rule: whatever breaks that rule, calls without a booking and bookings without a call too."
    },
    footer = {
      "",
      "Exit status: 0 nothing is broken, 1 a chain is broken (or would be, with --try),"
          + " 2 the question could not be answered."
    })
final class ValidateChain implements Callable<Integer> {

  private static final int BROKEN = 1;

  @Parameters(
      arity = "0..1",
      paramLabel = "CALL",
      description = "our id of the call, as in the table, or Retell's (call_...)")
  private @Nullable String call;

  @Option(names = "--company", paramLabel = "ID", description = "chains of this company only")
  private @Nullable String company;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "calls that started then or later: 2026-03-10, 2026-03-10T09:30 (Berlin), 3d, 12h or 30m ago")
  private @Nullable String since;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      description = "chains that break this rule only, for instance CALL_WITHOUT_CUSTOMER")
  private @Nullable String rule;

  @Option(
      names = "--try",
      description =
          "with --rule: what the rule would find, also where it is disarmed; nothing is changed")
  private boolean tried;

  @Option(
      names = "--watch",
      description = "the counts and the open violations, again each second until Ctrl-C")
  private boolean watch;

  @Option(names = "--json", description = "the validator's answer as it is, for scripts")
  private boolean json;

  private final OpsApi api;
  private final Terminal terminal;
  private final Clock clock;

  ValidateChain(OpsApi api, Terminal terminal, Clock clock) {
    this.api = api;
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() throws NotFound {
    if (tried && rule == null) {
      throw new CommandFailure("--try needs the rule to try: --rule RULE --try.");
    }
    if (watch && (tried || since != null)) {
      throw new CommandFailure("--watch shows what is open now: leave out --since and --try.");
    }
    if (call != null && (watch || company != null || since != null || rule != null)) {
      throw new CommandFailure(
          "One chain is shown in full: leave out CALL to choose by --company, --since or --rule.");
    }
    if (watch) {
      return new Watch(api, terminal, clock, query("company", company, "rule", rule), json).run();
    }
    return call == null ? all() : one(call);
  }

  private int one(String id) {
    String body;
    try {
      body = OpsApi.text(api.get(Service.VALIDATOR, "/ops/chains/" + OpsApi.segment(id)));
    } catch (NotFound e) {
      throw new CommandFailure(
          "There is no call %s: ./appointments validate-chain lists those with a booking."
              .formatted(id),
          e);
    }
    Json chain = Json.parse(body);
    if (json) {
      terminal.out().println(body);
    } else {
      new ChainReport(terminal).print(chain);
    }
    return chain.at("passed").isTrue() ? 0 : BROKEN;
  }

  private int all() throws NotFound {
    var table = new ChainTable(terminal);
    String from = since == null ? null : Since.parse(since, clock).toString();
    String query =
        query("company", company, "since", from, "rule", rule, "try", tried ? "true" : null);
    try (InputStream body = api.get(Service.VALIDATOR, "/ops/chains" + question(query));
        JsonParser parser = Json.parser(json ? new Tee(body, terminal.out()) : body)) {
      table.read(parser, !json);
      body.readAllBytes();
    } catch (IOException | JacksonException e) {
      throw OpsApi.brokenOff(e);
    }
    if (json) {
      terminal.out().println();
    }
    if (!table.isWhole()) {
      throw new CommandFailure(
          "The validator could not look at all calls: look at ./appointments status and try again.");
    }
    if (rule != null) {
      if (!json) {
        table.printRule(rule, tried);
      }
      return table.isEmpty() ? 0 : BROKEN;
    }
    List<Json> elsewhere =
        since == null && table.openViolations() > 0 ? elsewhere(table) : List.of();
    if (!json) {
      table.printElsewhere(elsewhere);
      table.printSummary();
    }
    return table.isBroken() ? BROKEN : 0;
  }

  private List<Json> elsewhere(ChainTable table) throws NotFound {
    return table.elsewhere(
        Json.parse(OpsApi.text(api.get(Service.VALIDATOR, "/ops/violations?state=OPEN")))
            .at("violations")
            .items());
  }

  /** Names and values in turn, each as {@code &name=value}; those without a value are left out. */
  private static String query(@Nullable String... namesAndValues) {
    var query = new StringBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String value = namesAndValues[i + 1];
      if (value != null) {
        query.append('&').append(namesAndValues[i]).append('=').append(OpsApi.segment(value));
      }
    }
    return query.toString();
  }

  private static String question(String query) {
    return query.isEmpty() ? "" : '?' + query.substring(1);
  }

  /** Copies what is read. */
  private static final class Tee extends FilterInputStream {
    private final OutputStream copy;

    Tee(InputStream in, OutputStream copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0) {
        copy.write(one);
      }
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count > 0) {
        copy.write(buffer, offset, count);
      }
      return count;
    }
  }
}
