package io.callsync.cli;

import io.callsync.cli.CommandFailure.NotNow;
import io.callsync.cli.Installation.Service;
import io.callsync.cli.OpsApi.NotFound;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Orders a job of the projector, watches it to its end, and tells what it found. */
final class JobRun {

  static final String PATH = "/ops/jobs";

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

  /**
   * Shows what differs and, where that is agreed to, puts it right.
   *
   * @param order the job without author, and without whether it applies
   * @param show only shows
   * @param yes agrees beforehand
   * @return 0 where rows and log agree at the end, else 1
   * @throws NotFound where the log knows nothing of what was named
   */
  int run(Map<String, Object> order, boolean show, boolean yes) throws NotFound {
    if (yes && !show) {
      return status(ordered(order, false));
    }
    Json plan = ordered(order, true);
    if (show || status(plan) == 0 || !isDone(plan) || plan.at("differences").number() == 0) {
      return status(plan);
    }
    if (terminal.agrees("put %s rows right?".formatted(grouped(plan.at("differences").number())))) {
      return status(ordered(order, false));
    }
    terminal.out().println("  nothing was changed: --yes puts it right");
    return DIFFERS;
  }

  private Json ordered(Map<String, Object> given, boolean dryRun) throws NotFound {
    Map<String, Object> order = new LinkedHashMap<>(given);
    order.put("dryRun", dryRun);
    order.put("author", System.getProperty("user.name", "operator"));
    OpsApi because = given.get("reason") instanceof String reason ? api.because(reason) : api;
    Json job = because.post(Service.PROJECTOR, PATH, order);
    String id = job.at("id").text();
    terminal
        .out()
        .printf("job %s; it goes on without you: ./appointments jobs cancel %1$s ends it%n", id);
    return watched(id);
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

  /** A job goes on after the projector was started again, so that is waited for. */
  private Json look(String id) throws NotFound {
    long end = System.nanoTime() + UNTIL_BACK.toNanos();
    boolean told = false;
    while (true) {
      try {
        return Json.parse(OpsApi.text(api.get(Service.PROJECTOR, PATH + '/' + id)));
      } catch (NotNow away) {
        if (System.nanoTime() - end > 0) {
          throw away;
        }
        if (!told) {
          terminal.out().println("  the projector does not answer; the job goes on when it does");
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
    if (job.at("phase").text().isEmpty()) {
      return job.at("state").text();
    }
    String left = job.at("secondsLeft").isPresent() ? job.at("secondsLeft").text() : "";
    return "%s %s of %s events, %s/s%s"
        .formatted(
            job.at("phase").text(),
            grouped(job.at("eventsDone").number()),
            grouped(job.at("eventsTotal").number()),
            grouped(job.at("eventsPerSecond").number()),
            left.isEmpty() ? "" : ", " + left + " s left");
  }

  /** What an ended job found. */
  void report(Json job) {
    for (Json difference : job.at("found").items()) {
      terminal
          .out()
          .printf(
              "  %-20s %-40s %s%s%n",
              difference.at("table").text(),
              difference.at("row").text(),
              difference.at("kind").text().replace('_', ' '),
              columns(difference.at("columns")));
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

  private String sentence(Json job, long differences) {
    String events = grouped(job.at("eventsDone").number()) + " events folded";
    if (!isDone(job)) {
      String trouble = job.at("trouble").text();
      return terminal.bad(job.at("state").text() + (trouble.isEmpty() ? "" : ": " + trouble));
    }
    if (differences == 0) {
      return terminal.good(events + ", all rows are what the log says");
    }
    return job.at("applies").isTrue()
        ? terminal.good("%s, %s rows put right".formatted(events, grouped(differences)))
        : terminal.notice("%s, %s rows differ".formatted(events, grouped(differences)));
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
