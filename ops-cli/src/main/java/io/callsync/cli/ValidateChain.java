package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
      "Without CALL: a table of all calls with a booking, and up to where everything was validated."
    },
    footer = {
      "",
      "Exit status: 0 nothing is broken, 1 a chain is broken, 2 the question could not be answered."
    })
final class ValidateChain implements Callable<Integer> {

  private static final int BROKEN = 1;

  @Parameters(
      arity = "0..1",
      paramLabel = "CALL",
      description = "our id of the call, as in the table, or Retell's (call_...)")
  private @Nullable String call;

  @Option(names = "--json", description = "the validator's answer as it is, for scripts")
  private boolean json;

  private final OpsApi api;
  private final Terminal terminal;

  ValidateChain(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws NotFound {
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
    try (InputStream body = api.get(Service.VALIDATOR, "/ops/chains");
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
    List<Json> elsewhere = table.openViolations() > 0 ? elsewhere(table) : List.of();
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
