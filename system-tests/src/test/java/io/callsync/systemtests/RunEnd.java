package io.callsync.systemtests;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Stops the system when the tests are through, and keeps its logs where one of them failed. */
public final class RunEnd implements TestExecutionListener {

  private volatile boolean failed;

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    failed |= result.getStatus() == TestExecutionResult.Status.FAILED;
  }

  @Override
  public void testPlanExecutionFinished(TestPlan testPlan) {
    RunningSystem.endOfRun(failed);
  }
}
