package io.callsync.gateway.predecessor;

import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.DirectoryImport;
import io.callsync.gateway.directory.DirectoryImport.Added;
import io.callsync.gateway.job.Job;
import io.callsync.gateway.job.JobFailure;
import io.callsync.gateway.job.JobKind;
import io.callsync.gateway.predecessor.ImportRun.Stage;
import io.callsync.gateway.predecessor.Plan.Step;
import io.callsync.gateway.predecessor.Steps.Done;
import io.callsync.gateway.predecessor.Tally.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings a plan in, some steps a transaction, each with the progress of the import: whoever is
 * killed goes on behind the last commit, once the files are there again. A dry run takes every step
 * back.
 */
@Component
class PredecessorImport implements JobKind {

  static final String NAME = "import";

  private static final Logger log = LoggerFactory.getLogger(PredecessorImport.class);

  /** Few enough that a live call waits for none of these rows. */
  private static final int STEPS_A_TRANSACTION = 40;

  private static final Map<String, OldTable> TABLES =
      Map.of(
          "company", OldTable.COMPANIES,
          "branch", OldTable.BRANCHES,
          "phone_number", OldTable.PHONE_NUMBERS,
          "service", OldTable.SERVICES,
          "staff", OldTable.STAFF);

  private final ImportProgress progress;
  private final Steps steps;
  private final Chains chains;
  private final DirectoryImport directory;
  private final TransactionTemplate transactions;
  private final Clock clock;

  PredecessorImport(
      ImportProgress progress,
      Steps steps,
      Chains chains,
      DirectoryImport directory,
      TransactionTemplate transactions,
      Clock clock) {
    this.progress = progress;
    this.steps = steps;
    this.chains = chains;
    this.directory = directory;
    this.transactions = transactions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Its files are in no gateway's memory any more. */
  @Override
  public Optional<Work> work(Job job) {
    return Optional.empty();
  }

  @Override
  public String outcome(Job job) {
    return "%d of %d rows".formatted(job.progress().done(), job.progress().total());
  }

  /** Takes the import, where it was broken off; false where another gateway works on it. */
  boolean take(ImportRun run, boolean fromStart) {
    if (run.dryRun()) {
      return true;
    }
    Optional<Stage> stored =
        progress.begin(
            run.contentHash(), run.name(), run.id(), run.total(), run.reason(), fromStart);
    stored.ifPresent(run::goesOnFrom);
    return stored.isPresent();
  }

  /** The next steps, behind the last ones that were committed. */
  Page page(ImportRun run) {
    Stage stage = stage(run);
    long done = stage.done();
    Tally tally = stage.tally();
    if (done == 0) {
      tally = tally.plus(bringInDirectory(run));
    }
    List<Step> work = run.plan().work();
    int end = (int) Math.min(done + STEPS_A_TRANSACTION, work.size());
    List<Step> some = work.subList((int) done, end);
    tally = run.dryRun() ? rehearse(some, tally) : bringIn(run, some, end, tally);
    Stage now = new Stage(end, tally);
    if (end == work.size() && !run.dryRun()) {
      advance(run, now, true);
    }
    run.is(now);
    return new Page(end, end, end < work.size());
  }

  private Stage stage(ImportRun run) {
    return run.dryRun()
        ? run.stage()
        : progress.find(run.contentHash(), run.id()).orElseThrow(PredecessorImport::takenOver);
  }

  private void advance(ImportRun run, Stage stage, boolean finished) {
    if (!progress.advance(run.contentHash(), run.id(), stage, finished)) {
      throw takenOver();
    }
  }

  private static JobFailure takenOver() {
    return new JobFailure(
        "Another gateway works on this import: ./appointments jobs shows how far it is.");
  }

  /** What a killed import has of it already is unchanged the second time. */
  private Tally bringInDirectory(ImportRun run) {
    Tally tally = Tally.empty();
    run.plan()
        .directory()
        .ifPresent(
            file -> {
              Instant now = clock.instant();
              Added added =
                  directory.add(
                      JsonMapper.shared().writeValueAsBytes(file),
                      new Cause(Cause.IMPORT, "import:directory", now, now),
                      run.dryRun());
              added.added().forEach((type, n) -> tally.count(table(type).word(), Outcome.NEW, n));
              added
                  .unchanged()
                  .forEach((type, n) -> tally.count(table(type).word(), Outcome.UNCHANGED, n));
              for (String kept : added.kept()) {
                int colon = kept.indexOf(':');
                OldTable table = table(kept.substring(0, colon));
                tally.count(table.word(), Outcome.UNCHANGED, 1);
                tally.add(
                    new Finding(
                        table,
                        // A number is no id, and stays out of reports.
                        table == OldTable.PHONE_NUMBERS ? "one" : kept.substring(colon + 1),
                        Trouble.KNOWN_OTHERWISE));
              }
            });
    return tally;
  }

  private static OldTable table(String entityType) {
    return Objects.requireNonNull(TABLES.get(entityType));
  }

  private Tally bringIn(ImportRun run, List<Step> some, int end, Tally before) {
    try {
      return commit(run, some, end, before);
    } catch (DataAccessException oneOfThem) {
      // Whatever one of them met, a lock or a refusal, the others shall not have to bear.
      log.info("import goes on step by step: {}", oneOfThem.getClass().getSimpleName());
      Tally tally = before;
      int at = end - some.size();
      for (Step step : some) {
        at++;
        tally = commitOrRefuse(run, step, at, tally);
      }
      return tally;
    }
  }

  private Tally commitOrRefuse(ImportRun run, Step step, int end, Tally before) {
    try {
      return commit(run, List.of(step), end, before);
    } catch (DataIntegrityViolationException refused) {
      Tally tally = before.copy();
      add(tally, step, Done.refused(step, Trouble.REFUSED));
      // A page of nothing but refusals moves on too.
      advance(run, new Stage(end, tally), false);
      return tally;
    }
  }

  private Tally commit(ImportRun run, List<Step> some, int end, Tally before) {
    return Objects.requireNonNull(
        transactions.execute(
            status -> {
              Tally tally = before.copy();
              for (Step step : some) {
                add(tally, step, chains.decide(chain -> steps.take(chain, step)));
              }
              advance(run, new Stage(end, tally), false);
              return tally;
            }));
  }

  private Tally rehearse(List<Step> some, Tally before) {
    Tally tally = before.copy();
    for (Step step : some) {
      add(tally, step, chains.rehearse(chain -> steps.take(chain, step)));
    }
    return tally;
  }

  private static void add(Tally tally, Step step, Done done) {
    // A booking that had no row of its own is counted as the appointment that it becomes.
    OldTable table = step instanceof Plan.BookingStep ? OldTable.APPOINTMENTS : step.table();
    tally.count(table.word(), done.outcome(), 1);
    tally.add(done.findings());
  }
}
