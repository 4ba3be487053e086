package io.callsync.gateway.predecessor;

import io.callsync.gateway.delivery.Cause;
import io.callsync.gateway.delivery.Chains;
import io.callsync.gateway.directory.DirectoryImport;
import io.callsync.gateway.directory.DirectoryImport.Added;
import io.callsync.gateway.predecessor.ImportProgress.Stored;
import io.callsync.gateway.predecessor.ImportRun.State;
import io.callsync.gateway.predecessor.Plan.Step;
import io.callsync.gateway.predecessor.Steps.Done;
import io.callsync.gateway.predecessor.Tally.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings a plan in, some steps a transaction, each with the progress of the import: whoever is
 * killed goes on behind the last commit. A dry run takes every step back.
 */
@Component
class PredecessorImport {

  /** Another gateway has taken the import over. */
  private static final class TakenOver extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

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

  /**
   * False where another gateway works on the same files.
   *
   * @param ended is told how it ended, unless this gateway is killed before
   */
  boolean begin(ImportRun run, boolean fromStart, Consumer<ImportRun.View> ended) {
    Stored stored = new Stored(0, Tally.empty());
    if (!run.dryRun()) {
      Optional<Stored> begun =
          progress.begin(
              run.contentHash(), run.id(), run.plan().work().size(), run.reason(), fromStart);
      if (begun.isEmpty()) {
        return false;
      }
      stored = begun.get();
    }
    run.goesOnFrom(stored.done());
    Stored from = stored;
    Thread.ofVirtual()
        .name("import")
        .start(
            () -> {
              carryOut(run, from);
              ended.accept(run.view());
            });
    return true;
  }

  private void carryOut(ImportRun run, Stored from) {
    long done = from.done();
    Tally tally = from.tally();
    try {
      if (done == 0) {
        tally = tally.plus(bringInDirectory(run));
      }
      List<Step> work = run.plan().work();
      while (done < work.size()) {
        int end = (int) Math.min(done + STEPS_A_TRANSACTION, work.size());
        List<Step> some = work.subList((int) done, end);
        tally = run.dryRun() ? rehearse(some, tally) : bringIn(run, some, end, tally);
        done = end;
        run.is(State.RUNNING, done, tally, clock.instant(), null);
      }
      if (!run.dryRun() && !progress.advance(run.contentHash(), run.id(), done, tally, true)) {
        throw new TakenOver();
      }
      run.is(State.DONE, done, tally, clock.instant(), null);
      log.info("import of {} rows{}: done", done, run.dryRun() ? ", dry run" : "");
    } catch (TakenOver e) {
      run.is(State.FAILED, done, tally, clock.instant(), "Another gateway works on this import.");
    } catch (DataAccessException | TransactionException away) {
      log.warn("import broken off: {}", away.getClass().getSimpleName());
      run.is(
          State.FAILED,
          done,
          tally,
          clock.instant(),
          "The database does not answer; the same files again go on where it was.");
    } catch (RuntimeException e) {
      log.error("import failed", e);
      run.is(
          State.FAILED, done, tally, clock.instant(), "The import failed: see the gateway's log.");
    }
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
    } catch (org.springframework.dao.DataIntegrityViolationException refused) {
      Tally tally = before.copy();
      add(tally, step, Done.refused(step, Trouble.REFUSED));
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
              if (!progress.advance(run.contentHash(), run.id(), end, tally, false)) {
                throw new TakenOver();
              }
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
