package io.callsync.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes INCIDENTS.md: which test shows that an incident of the predecessor cannot happen again.
 * Methods whose names begin with an incident's id count; only a run that has them all writes it.
 */
public final class IncidentReport implements TestExecutionListener {

  static final Pattern ID = Pattern.compile("([A-Z]+_\\d\\d)_.*");

  /** Every known incident of the predecessor. */
  static final Set<String> ALL =
      Set.of(
          "SIG-01",
          "SIG-02",
          "WH-01",
          "WH-02",
          "WH-03",
          "WH-05",
          "WH-06",
          "FN-01",
          "FN-02",
          "FN-03",
          "FN-04",
          "ID-01",
          "ID-02",
          "CTX-01",
          "TEN-01",
          "TEN-02",
          "TEN-03",
          "TEN-04",
          "TEN-06",
          "ANON-01",
          "ANON-02",
          "ANON-03",
          "TIME-01",
          "TIME-03",
          "TIME-04",
          "TIME-05",
          "TIME-06",
          "AVL-01",
          "AVL-02",
          "AVL-04",
          "AVL-05",
          "AVL-07",
          "AVL-08",
          "BOOK-01",
          "BOOK-02",
          "BOOK-04",
          "GHOST-01",
          "GHOST-02",
          "GHOST-03",
          "GHOST-04",
          "GHOST-05",
          "CAL-01",
          "CAL-02",
          "CAL-03",
          "CAL-04",
          "CAL-05",
          "CAL-06",
          "SYNC-01",
          "SYNC-03",
          "CUST-01",
          "CUST-03",
          "RES-01",
          "RES-03",
          "SVC-01",
          "STAFF-01",
          "DATA-01",
          "DATA-02",
          "DATA-03");

  private final Map<String, Boolean> passed = new TreeMap<>();

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .ifPresent(method -> note(method, result));
  }

  private void note(MethodSource method, TestExecutionResult result) {
    Matcher name = ID.matcher(method.getMethodName());
    if (name.matches()) {
      String type = method.getClassName().substring(method.getClassName().lastIndexOf('.') + 1);
      passed.merge(
          "| %s | %s | %s |"
              .formatted(
                  name.group(1).replace('_', '-'),
                  type,
                  method.getMethodName().substring(name.group(1).length() + 1).replace('_', ' ')),
          result.getStatus() == TestExecutionResult.Status.SUCCESSFUL,
          Boolean::logicalAnd);
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan testPlan) {
    Set<String> seen =
        passed.keySet().stream()
            .map(line -> line.substring(2, line.indexOf(' ', 2)))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!seen.containsAll(ALL)) {
      return;
    }
    String table =
        passed.entrySet().stream()
            .map(e -> e.getKey() + (e.getValue() ? " passed |" : " **failed** |"))
            .collect(Collectors.joining("\n"));
    try {
      Files.writeString(
          Path.of("INCIDENTS.md"),
          """
          # Incidents of the predecessor, and the tests that keep them away

          Written by the run of the system tests; each test runs on the real parts.

          | Incident | Test | What it shows | Result |
          |---|---|---|---|
          """
              + table
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
