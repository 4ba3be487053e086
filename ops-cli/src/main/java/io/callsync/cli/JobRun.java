package io.callsync.cli;

import io.callsync.cli.CommandFailure.NotNow;
import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Orders a job, watches it to its end, and tells what it found. */
final class JobRun {

  static final String PATH = "/ops/jobs";

  /** Where a job is ordered. */
  record Door(Service service, String path) {}

  private static final Door PROJECTOR = new Door(Service.PROJECTOR, PATH);

  /** What a kind of job is told by. */
  private record Words(
      String read, String same, String differ, String righted, String question, String untouched) {

    private static final Words FOLDED =
        new Words(
            "events folded",
            "all rows are what the log says",
            "rows differ",
            "rows put right",
            "put %s rows right?",
            "nothing was changed: --yes puts it right");

    private static final Words READ_AGAIN =
        new Words(
            "deliveries read",
            "every delivery means today what it meant then",
            "mean something else today",
            "corrected",
            "correct %s deliveries?",
            "nothing was changed: --yes corrects them");

    private static final Words BROUGHT_IN = new Words("rows", "all are brought in", "", "", "", "");

    static Words of(Json job) {
      return switch (job.at("kind").text()) {
        case "reinterpret" -> READ_AGAIN;
        case "import" -> BROUGHT_IN;
        default -> FOLDED;
      };
    }
  }

  private static final int DIFFERS = 1;
  private static final int ENDED_EARLY = 1;
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration TELL_EVERY = Duration.ofSeconds(2);
  private static final Duration UNTIL_BACK = Duration.ofMinutes(2);

  private final OpsApi api;
  private final Terminal terminal;

  JobRun(OpsApi api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  /** As {@link #run(Door, Map, boolean, boolean)}, by the projector. */
  int run(Map<String, Object> order, boolean show, boolean yes) throws NotFound {
    return run(PROJECTOR, order, show, yes);
  }

  /**
   * Shows what differs and, where that is agreed to, puts it right.
   *
   * @param order the job without author, and without whether it applies
   * @param show only shows
   * @param yes agrees beforehand
   * @return 0 where rows and log agree at the end, else 1
   * @throws NotFound where nothing is known of what was named
   */
  int run(Door door, Map<String, Object> order, boolean show, boolean yes) throws NotFound {
    if (yes && !show) {
      return status(ordered(door, order, false));
    }
    Json plan = ordered(door, order, true);
    if (show || status(plan) == 0 || !isDone(plan) || plan.at("differences").number() == 0) {
      return status(plan);
    }
    Words words = Words.of(plan);
    if (terminal.agrees(words.question.formatted(grouped(plan.at("differences").number())))) {
      return status(ordered(door, order, false));
    }
    terminal.out().println("  " + words.untouched);
    return DIFFERS;
  }

  /** Whose job has that name: the gateway's begin with a g. */
  static Service serviceOf(String id) {
    return id.startsWith("g") ? Service.GATEWAY : Service.PROJECTOR;
  }

  private Json ordered(Door door, Map<String, Object> given, boolean dryRun) throws NotFound {
    Map<String, Object> order = new LinkedHashMap<>(given);
    order.put("dryRun", dryRun);
    order.put("author", System.getProperty("user.name", "operator"));
    OpsApi because = given.get("reason") instanceof String reason ? api.because(reason) : api;
    Json job = because.post(door.service, door.path, order);
    String id = job.at("id").text();
    terminal.out().println(begun(id));
    return watched(id);
  }

  static String begun(String id) {
    return "job %s; it goes on without you: ./appointments jobs cancel %1$s ends it".formatted(id);
  }

  private Json watched(String id) throws NotFound {
    String told = "";
    long toldAt = System.nanoTime();
    while (true) {
      Json job = look(id);
      String state = job.at("state").text();
      if (!state.equals("waiting") && !state.equals("running")) {
        report(job);
        return job;
      }
      String now = progress(job);
      if (!now.equals(told) && System.nanoTime() - toldAt > TELL_EVERY.toNanos()) {
        terminal.out().println("  " + now);
        told = now;
        toldAt = System.nanoTime();
      }
      rest();
    }
  }

  /** A job goes on after its service was started again, so that is waited for. */
  private Json look(String id) throws NotFound {
    long end = System.nanoTime() + UNTIL_BACK.toNanos();
    boolean told = false;
    while (true) {
      try {
        return Json.parse(OpsApi.text(api.get(serviceOf(id), PATH + '/' + id)));
      } catch (NotNow away) {
        if (System.nanoTime() - end > 0) {
          throw away;
        }
        if (!told) {
          terminal
              .out()
              .printf(
                  "  the %s does not answer; the job goes on when it does%n",
                  serviceOf(id).displayName());
          told = true;
        }
        rest();
      }
    }
  }

  /** One line on how far it is. */
  static String progress(Json job) {
    if (!job.at("trouble").text().isEmpty()) {
      return job.at("trouble").text();
    }
    if (job.at("state").text().equals("waiting") || job.at("total").number() == 0) {
      return job.at("state").text();
    }
    String phase = job.at("phase").text();
    String left = job.at("secondsLeft").isPresent() ? job.at("secondsLeft").text() : "";
    return "%s%s of %s %s, %s/s%s"
        .formatted(
            phase.isEmpty() ? "" : phase + ' ',
            grouped(job.at("done").number()),
            grouped(job.at("total").number()),
            job.at("unit").text(),
            grouped(job.at("perSecond").number()),
            left.isEmpty() ? "" : ", " + left + " s left");
  }

  /** What an ended job found. */
  void report(Json job) {
    for (Json difference : job.at("found").items()) {
      if (difference.at("delivery").isPresent()) {
        delivery(difference);
      } else {
        row(difference);
      }
    }
    long differences = job.at("differences").number();
    long told = job.at("found").items().size();
    long missing = job.at("missingRevisions").number();
    if (differences + missing > told) {
      terminal.out().printf("  ... and %s more%n", grouped(differences + missing - told));
    }
    terminal.out().println(sentence(job, differences));
    if (missing > 0) {
      terminal
          .out()
          .println(
              terminal.bad(
                  "the log lacks %s revisions: ./appointments backfill mends it"
                      .formatted(grouped(missing))));
    }
  }

  private void row(Json difference) {
    terminal
        .out()
        .printf(
            "  %-20s %-40s %s%s%n",
            difference.at("table").text(),
            difference.at("row").text(),
            difference.at("kind").text().replace('_', ' '),
            columns(difference.at("columns")));
  }

  private void delivery(Json difference) {
    terminal
        .out()
        .printf(
            "  delivery %s of %s, %s%n",
            difference.at("delivery").text(),
            difference.at("receivedAt").text(),
            difference.at("kind").text());
    for (Json event : difference.at("events").items()) {
      var line = new StringBuilder("   ");
      event
          .fields()
          .forEach(
              (name, value) ->
                  line.append(' ').append(name).append(' ').append(value.text()).append(' '));
      terminal.out().println(line.toString().stripTrailing());
    }
  }

  private String sentence(Json job, long differences) {
    Words words = Words.of(job);
    String read = grouped(job.at("done").number()) + ' ' + words.read;
    if (!isDone(job)) {
      String trouble = job.at("trouble").text();
      return terminal.bad(job.at("state").text() + (trouble.isEmpty() ? "" : ": " + trouble));
    }
    if (words.equals(Words.BROUGHT_IN) && !job.at("applies").isTrue()) {
      return terminal.good(read + " looked at, nothing was changed");
    }
    if (differences == 0) {
      return terminal.good(read + ", " + words.same);
    }
    return job.at("applies").isTrue()
        ? terminal.good("%s, %s %s".formatted(read, grouped(differences), words.righted))
        : terminal.notice("%s, %s %s".formatted(read, grouped(differences), words.differ));
  }

  private String columns(Json columns) {
    var told = new StringBuilder();
    columns
        .fields()
        .forEach(
            (name, values) -> {
              told.append(told.isEmpty() ? "  " : ", ").append(name);
              if (values.isObject() && !values.fields().isEmpty()) {
                told.append(' ')
                    .append(or(values.at("is"), "none"))
                    .append(terminal.unicode() ? " → " : " -> ")
                    .append(or(values.at("should"), "none"));
              } else if (!values.isObject()) {
                told.append(' ').append(values.text());
              }
            });
    return told.toString();
  }

  private static String or(Json value, String absent) {
    return value.isPresent() ? value.text() : absent;
  }

  private int status(Json job) {
    boolean stillDiffers =
        (job.at("differences").number() > 0 && !job.at("applies").isTrue())
            || job.at("missingRevisions").number() > 0;
    return !isDone(job) ? ENDED_EARLY : stillDiffers ? DIFFERS : 0;
  }

  private static boolean isDone(Json job) {
    return job.at("state").text().equals("done");
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void rest() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted: ./appointments jobs shows how far the job is.", e);
    }
  }
}
