package io.callsync.cli;

import io.callsync.cli.OpsApi.NotFound;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Folds the log of some bookings, calls and customers again. */
@Command(
    name = "replay",
    description = {
      "Folds events again from the topics and puts the live rows right that are not what they say.",
      "Without --yes: shows what differs, and asks."
    },
    footer = {
      "",
      "The directory has no replay: rebuild mends it.",
      "Exit status: 0 rows and log agree, 1 they differ or the job ended early, 2 the question could not be answered."
    })
final class Replay implements Callable<Integer> {

  /** What is replayed. */
  static final class What {
    @Option(
        names = "--from",
        paramLabel = "TIME",
        description =
            "all of which an event was said since then: 2026-03-10, 2026-03-10T09:30 (Berlin), or 3d, 12h ago")
    private @Nullable String from;

    @Option(
        names = "--booking",
        paramLabel = "ID",
        description = "a booking, by its uuid or its appointment's number")
    private @Nullable String booking;

    @Option(
        names = "--call",
        paramLabel = "ID",
        description =
            "a call by our id or Retell's (call_...), with its bookings and their customers")
    private @Nullable String call;

    @Option(
        names = "--offsets",
        paramLabel = "PARTITION:FIRST-LAST",
        description = "all of which an event lies there, for instance booking-events-0:100-200")
    private @Nullable String offsets;
  }

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(names = "--to", paramLabel = "TIME", description = "with --from: the end, by default now")
  private @Nullable String to;

  @Option(names = "--dry-run", description = "only show what differs")
  private boolean dryRun;

  @Option(names = "--yes", description = "put right without asking")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the record")
  private String reason = "by hand";

  private final JobRun job;

  Replay(OpsApi api, Terminal terminal) {
    this.job = new JobRun(api, terminal);
  }

  @Override
  public Integer call() {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("kind", "replay");
    order.put("reason", reason);
    if (what.from != null) {
      order.put("from", instant(what.from));
    }
    if (to != null) {
      order.put("to", instant(to));
    }
    if (what.booking != null) {
      order.put("booking", what.booking);
    }
    if (what.call != null) {
      order.put("call", what.call);
    }
    if (what.offsets != null) {
      putOffsets(order, what.offsets);
    }
    try {
      return job.run(order, dryRun, yes);
    } catch (NotFound e) {
      throw new CommandFailure(
          "No event of that was ever shown: look at the id, or replay by time (--from).", e);
    }
  }

  private static void putOffsets(Map<String, Object> order, String offsets) {
    var parts = java.util.regex.Pattern.compile("(.+):(\\d{1,18})-(\\d{1,18})").matcher(offsets);
    if (!parts.matches()) {
      throw new CommandFailure("Offsets are written as in booking-events-0:100-200.");
    }
    order.put("partition", parts.group(1));
    order.put("firstOffset", Long.valueOf(parts.group(2)));
    order.put("lastOffset", Long.valueOf(parts.group(3)));
  }

  private static String instant(String given) {
    return Since.parse(given, Clock.systemUTC()).toString();
  }
}
