package io.callsync.localstack.retell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many calls that come in at an open rate: whether the last was answered does not hold up the next.
 */
final class Run {

  private final String id;
  private final List<CallPlan> plans;
  private final double rate;
  private final double rampSeconds;
  private final SignedSender sender;
  private final List<CallResult> results = new ArrayList<>();

  /**
   * @param rate calls a second, reached after {@code rampSeconds}
   */
  Run(String id, List<CallPlan> plans, double rate, double rampSeconds, SignedSender sender) {
    this.id = id;
    this.plans = plans;
    this.rate = rate;
    this.rampSeconds = rampSeconds;
    this.sender = sender;
  }

  void start(ExecutorService threads) {
    threads.execute(
        () -> {
          long began = System.nanoTime();
          try {
            for (int i = 0; i < plans.size(); i++) {
              long due = began + (long) (1e9 * dueAfter(i));
              TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
              CallPlan plan = plans.get(i);
              threads.execute(() -> make(plan));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** The rate rises evenly during the ramp, so that half as many calls are made in it. */
  private double dueAfter(int call) {
    double inRamp = rate * rampSeconds / 2;
    return call < inRamp
        ? Math.sqrt(2 * rampSeconds * call / rate)
        : rampSeconds + (call - inRamp) / rate;
  }

  private void make(CallPlan plan) {
    CallResult result;
    try {
      result = new PhoneCall(plan, sender).make();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    synchronized (this) {
      results.add(result);
    }
  }

  synchronized Map<String, Object> view(boolean withResults) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("run", id);
    view.put("calls", plans.size());
    view.put("done", results.size());
    view.put(
        "booked",
        results.stream()
            .filter(r -> r.answer() != null && CallBodies.isBooked(r.answer()))
            .count());
    if (withResults) {
      view.put("results", List.copyOf(results));
    }
    return view;
  }
}
