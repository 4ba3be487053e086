package io.callsync.cli;

import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds what a chain lacks, in the log first and at Cal.com then, and puts it right. */
@Command(
    name = "backfill",
    description = {
      "Puts a broken chain right: rows from the log first; what the log lacks from the gateway"
          + " and from Cal.com, as new events.",
      "Without --yes: shows what would change, and asks."
    },
    footer = {
      "",
      "Exit status: 0 nothing is broken (any more), 1 something is, 2 the question could not be answered."
    })
final class Backfill implements Callable<Integer> {

  private static final int BROKEN = 1;
  private static final Duration UNTIL_VALIDATED = Duration.ofSeconds(30);

  /** From the commit of a row to the topic that the validator reads: well below that. */
  private static final Duration ROWS_TRAVEL = Duration.ofSeconds(3);

  private static final long POLL_NANOS = 250_000_000;

  /** Which chains. */
  static final class Which {
    @Parameters(
        arity = "0..1",
        paramLabel = "CALL",
        description = "our id of the call, or Retell's (call_...)")
    private @Nullable String call;

    @Option(names = "--all", description = "every chain with an open violation")
    private boolean all;
  }

  @ArgGroup(multiplicity = "1")
  private Which which = new Which();

  @Option(
      names = "--company",
      paramLabel = "ID",
      description = "with --all: of this company only, one chain after the other")
  private @Nullable String company;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "with --all: chains that broke then or later: 2026-03-10, 2026-03-10T09:30 (Berlin), 3d, 12h or 30m ago")
  private @Nullable String since;

  @Option(names = "--dry-run", description = "only show what would change")
  private boolean dryRun;

  @Option(names = "--yes", description = "put right without asking")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "backfill by hand";

  private final OpsApi api;
  private final Terminal terminal;
  private final JobRun jobs;
  private final Clock clock;

  Backfill(OpsApi api, Terminal terminal, Clock clock) {
    this.api = api;
    this.clock = clock;
    this.terminal = terminal;
    this.jobs = new JobRun(api, terminal);
  }

  @Override
  public Integer call() {
    if (!which.all) {
      return one(Objects.requireNonNull(which.call)) ? 0 : BROKEN;
    }
    List<String> broken = brokenCalls();
    if (company != null || since != null) {
      return each(broken) ? 0 : BROKEN;
    }
    terminal.out().printf("%d broken chains of calls%n", broken.size());
    boolean rowsDiffer = rebuild();
    if (dryRun && rowsDiffer) {
      terminal.out().println("  what is broken then for another reason is asked at Cal.com");
      return BROKEN;
    }
    if (rowsDiffer) {
      return BROKEN;
    }
    return each(stillBroken()) ? 0 : BROKEN;
  }

  /** All rows at once from the log; true where they still differ. */
  private boolean rebuild() {
    try {
      return jobs.run(order(Map.of("kind", "rebuild")), dryRun, yes) != 0;
    } catch (NotFound e) {
      throw new CommandFailure("The projector cannot rebuild: is it of an older version?", e);
    }
  }

  private boolean each(List<String> calls) {
    int left = 0;
    for (String call : calls) {
      left += one(call) ? 0 : 1;
    }
    terminal
        .out()
        .println(
            left == 0
                ? terminal.good("no chain of a call is broken")
                : terminal.bad("%d of %d chains stay broken".formatted(left, calls.size())));
    return left == 0;
  }

  /** Whether the chain is whole at the end. */
  private boolean one(String call) {
    Json before = chain(call);
    terminal.out().println(heading(call, before));
    boolean lost = false;
    int rows = 0;
    try {
      rows = jobs.run(order(Map.of("kind", "replay", "call", call)), true, false);
    } catch (NotFound nothingInTheLog) {
      lost = true;
      terminal.out().println("  the log has no event of it that was ever shown");
    }
    List<Json> events = gateway(call, true, lost);
    events.forEach(event -> terminal.out().println("  " + line(event)));
    if (rows == 0 && events.isEmpty()) {
      terminal.out().println("  there is nothing to put right");
      return isWhole(before);
    }
    if (dryRun || !(yes || terminal.agrees("put it right?"))) {
      terminal.out().println("  nothing was changed" + (dryRun ? "" : ": --yes puts it right"));
      return false;
    }
    if (!lost) {
      try {
        lost = jobs.run(order(Map.of("kind", "replay", "call", call)), false, true) != 0;
      } catch (NotFound gone) {
        lost = true;
      }
    }
    gateway(call, false, lost);
    Json after = validated(call);
    terminal.out().println(heading(call, after));
    return isWhole(after);
  }

  private Map<String, Object> order(Map<String, Object> what) {
    Map<String, Object> order = new LinkedHashMap<>(what);
    order.put("reason", reason);
    return order;
  }

  /**
   * The events that the gateway writes, or would.
   *
   * @param tellAgain also those that it wrote before, since the log has lost them
   */
  private List<Json> gateway(String call, boolean onlyShow, boolean tellAgain) {
    try {
      return api.because(reason)
          .post(
              Service.GATEWAY,
              "/ops/backfill/%s?dryRun=%s&tellAgain=%s"
                  .formatted(OpsApi.segment(call), onlyShow, tellAgain),
              Map.of())
          .at("events")
          .items();
    } catch (NotFound e) {
      throw new CommandFailure("The gateway knows no call %s.".formatted(call), e);
    }
  }

  private static String line(Json event) {
    var line = new StringBuilder();
    event
        .fields()
        .forEach((name, value) -> line.append(name).append(' ').append(value.text()).append("  "));
    return line.toString().strip();
  }

  private Json chain(String call) {
    try {
      return Json.parse(
          OpsApi.text(api.get(Service.VALIDATOR, "/ops/chains/" + OpsApi.segment(call))));
    } catch (NotFound e) {
      throw new CommandFailure(
          "There is no call %s: ./appointments validate-chain lists those with a booking."
              .formatted(call),
          e);
    }
  }

  private String heading(String call, Json chain) {
    Set<String> rules = new LinkedHashSet<>();
    chain.at("violations").items().forEach(v -> rules.add(v.at("rule").text()));
    return isWhole(chain)
        ? terminal.good("call %s: %s".formatted(call, chain.at("status").text()))
        : terminal.bad("call %s: %s".formatted(call, String.join(", ", rules)));
  }

  private static boolean isWhole(Json chain) {
    return chain.at("passed").isTrue();
  }

  /** The chain once it is whole, or as it stands when the patience is over. */
  private Json validated(String call) {
    long end = System.nanoTime() + UNTIL_VALIDATED.toNanos();
    Json chain = chain(call);
    while (!isWhole(chain) && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL_NANOS);
      chain = chain(call);
    }
    return chain;
  }

  /**
   * The calls that are broken once the validator has seen the new rows: they travel to it, and
   * until then it knows of no check that is due.
   */
  private List<String> stillBroken() {
    Instant seen = clock.instant().plus(ROWS_TRAVEL);
    long end = System.nanoTime() + UNTIL_VALIDATED.toNanos();
    List<String> broken = brokenCalls();
    while (!broken.isEmpty() && !isValidatedUpTo(seen) && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL_NANOS);
      broken = brokenCalls();
    }
    return broken;
  }

  private boolean isValidatedUpTo(Instant time) {
    try {
      Json summary = Json.parse(OpsApi.text(api.get(Service.VALIDATOR, "/ops/summary")));
      return Instant.parse(summary.at("validatedUpTo").text()).isAfter(time);
    } catch (NotFound older) {
      return true;
    }
  }

  /** Calls with an open violation that is an error, each once. */
  private List<String> brokenCalls() {
    Set<String> calls = new LinkedHashSet<>();
    Instant from = since == null ? Instant.EPOCH : Since.parse(since, clock);
    String after = "";
    do {
      Json page;
      try {
        page =
            Json.parse(
                OpsApi.text(
                    api.get(
                        Service.VALIDATOR,
                        "/ops/violations?state=OPEN&after=" + OpsApi.segment(after))));
      } catch (NotFound e) {
        throw new CommandFailure(
            "The validator lists no violations: is it of an older version?", e);
      }
      for (Json violation : page.at("violations").items()) {
        boolean wanted =
            (company == null || company.equals(violation.at("companyId").text()))
                && !Instant.parse(violation.at("firstSeen").text()).isBefore(from);
        if (wanted
            && violation.at("severity").text().equals("error")
            && violation.at("callId").isPresent()) {
          calls.add(violation.at("callId").text());
        }
      }
      after = page.at("next").text();
    } while (!after.isEmpty());
    return new ArrayList<>(calls);
  }
}
