package io.callsync.gateway.predecessor;

import io.callsync.gateway.job.Job;
import io.callsync.gateway.job.JobOrder;
import io.callsync.gateway.job.JobView;
import io.callsync.gateway.job.JobWorker;
import io.callsync.gateway.job.Jobs;
import io.callsync.gateway.predecessor.OldFiles.FilesRefused;
import io.callsync.ops.OperatorRequest;
import io.callsync.ops.ProblemResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  /** A run, and the job that it is. */
  private record Begun(ImportRun run, long job) {}

  private final PredecessorImport imports;
  private final Jobs jobs;
  private final JobWorker worker;

  /** The newest run of each import, dry or not. */
  private final Map<String, Begun> runs = new ConcurrentHashMap<>();

  ImportController(PredecessorImport imports, Jobs jobs, JobWorker worker) {
    this.imports = imports;
    this.jobs = jobs;
    this.worker = worker;
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
    var run = new ImportRun(tables.contentHash(), dryRun, Planner.plan(tables), reason);
    String name = run.name();
    synchronized (this) {
      if (!isRunning(name)) {
        operator.is(PredecessorImport.NAME, "%s, %d rows".formatted(name, run.total()));
        if (!imports.take(run, fromStart)) {
          return problem(
              409,
              "import_running",
              "A gateway works on these files, or was killed over them seconds ago: try again in ten seconds.");
        }
        var order =
            new JobOrder(
                PredecessorImport.NAME,
                Map.of("name", name),
                !dryRun,
                "rows",
                run.stage().done(),
                run.total());
        Job job = worker.begin(order, operator, any -> imports.page(run));
        operator.is(
            PredecessorImport.NAME, "%s, %d rows, job %s".formatted(name, run.total(), job.name()));
        runs.put(name, new Begun(run, job.id()));
      }
    }
    return see(name);
  }

  private boolean isRunning(String name) {
    Begun begun = runs.get(name);
    return begun != null
        && jobs.find(begun.job()).filter(job -> !job.state().hasEnded()).isPresent();
  }

  /** How far it is, and what it found so far. */
  @GetMapping("/ops/import/{name}")
  ResponseEntity<?> see(@PathVariable String name) {
    Begun begun = runs.get(name);
    if (begun == null) {
      return problem(
          404, "import_unknown", "This gateway works on no such import: send its files again.");
    }
    // The job first: where it has ended, the report is whole.
    JobView job = JobView.of(jobs.find(begun.job()).orElseThrow());
    ImportRun run = begun.run();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("name", name);
    answer.put("job", job.id());
    answer.put("dryRun", run.dryRun());
    answer.put("state", job.state());
    answer.put("done", run.stage().done());
    answer.put("total", run.total());
    answer.put("goneOnFrom", run.already());
    answer.put("rowsPerSecond", job.perSecond());
    answer.put("secondsLeft", job.secondsLeft());
    answer.put("trouble", job.trouble());
    answer.put("report", run.report());
    return ResponseEntity.ok(answer);
  }

  private static ResponseEntity<?> problem(int status, String code, String sentence) {
    return ResponseEntity.status(status).body(ProblemResponse.detail(status, code, sentence));
  }
}
