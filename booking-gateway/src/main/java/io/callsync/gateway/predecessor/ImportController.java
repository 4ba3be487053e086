package io.callsync.gateway.predecessor;

import io.callsync.gateway.predecessor.ImportRun.State;
import io.callsync.gateway.predecessor.ImportRun.View;
import io.callsync.gateway.predecessor.OldFiles.FilesRefused;
import io.callsync.ops.Audit;
import io.callsync.ops.Audit.Outcome;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The operator's way to bring the predecessor's tables in. */
@RestController
class ImportController {

  private static final Logger log = LoggerFactory.getLogger(ImportController.class);

  private final PredecessorImport imports;
  private final Clock clock;

  private final Audit audit;

  /** The newest run of each import, dry or not. */
  private final Map<String, ImportRun> runs = new ConcurrentHashMap<>();

  ImportController(PredecessorImport imports, Audit audit, Clock clock) {
    this.imports = imports;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * Takes a zip archive of the tables' files, and begins; files that were broken off go on where
   * they were. Answers with the name under which to look.
   */
  @PostMapping("/ops/import")
  ResponseEntity<?> begin(
      InputStream files,
      @RequestParam(defaultValue = "false") boolean dryRun,
      @RequestParam(defaultValue = "false") boolean fromStart,
      @RequestParam(defaultValue = "import") String reason,
      @RequestAttribute(OperatorRequest.ATTRIBUTE) OperatorRequest operator)
      throws IOException {
    operator.is("import", "");
    operator.because(reason);
    if (dryRun) {
      operator.onlyShows();
    }
    OldTables tables;
    try {
      tables = OldTables.read(files);
    } catch (FilesRefused refused) {
      return problem(400, "import_files_wrong", String.valueOf(refused.getMessage()));
    }
    String name = (dryRun ? "dry-" : "") + tables.contentHash().substring(0, 16);
    synchronized (this) {
      ImportRun running = runs.get(name);
      if (running == null || running.view().state() != State.RUNNING) {
        var run =
            new ImportRun(
                tables.contentHash(), dryRun, Planner.plan(tables), reason, clock.instant());
        operator.is("import", "%s, %d rows".formatted(name, run.plan().work().size()));
        if (!imports.begin(run, fromStart, view -> ended(operator, run, view))) {
          return problem(
              409,
              "import_running",
              "A gateway works on these files, or was killed over them seconds ago: try again in ten seconds.");
        }
        if (!dryRun) {
          operator.goesOn();
        }
        runs.put(name, run);
        log.info("import {} of {} rows begins", name, run.plan().work().size());
      }
    }
    return see(name);
  }

  private void ended(OperatorRequest operator, ImportRun run, View view) {
    if (!run.dryRun()) {
      String trouble = view.trouble();
      audit.end(
          operator.actionId(),
          view.state() == State.DONE ? Outcome.OK : Outcome.FAILED,
          "%d of %d rows%s"
              .formatted(view.done(), view.total(), trouble == null ? "" : ": " + trouble));
    }
  }

  /** How far it is, and what it found so far. */
  @GetMapping("/ops/import/{name}")
  ResponseEntity<?> see(@PathVariable String name) {
    ImportRun run = runs.get(name);
    if (run == null) {
      return problem(
          404, "import_unknown", "This gateway works on no such import: send its files again.");
    }
    View view = run.view();
    double seconds = Math.max(view.elapsed().toMillis(), 1) / 1000.0;
    long rate = Math.round((view.done() - view.already()) / seconds);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("name", name);
    answer.put("dryRun", run.dryRun());
    answer.put("state", view.state().name().toLowerCase(java.util.Locale.ROOT));
    answer.put("done", view.done());
    answer.put("total", view.total());
    answer.put("goneOnFrom", view.already());
    answer.put("rowsPerSecond", rate);
    answer.put("secondsLeft", rate == 0 ? null : (view.total() - view.done()) / rate);
    answer.put("trouble", view.trouble());
    answer.put("report", view.tally());
    return ResponseEntity.ok(answer);
  }

  private static ResponseEntity<?> problem(int status, String code, String sentence) {
    return ResponseEntity.status(status).body(ProblemResponse.detail(status, code, sentence));
  }
}
