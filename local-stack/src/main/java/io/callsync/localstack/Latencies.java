package io.callsync.localstack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times in milliseconds, and what a person wants to know of many. */
public final class Latencies {

  private final List<Double> millis = new ArrayList<>();

  public void addMicros(long micros) {
    millis.add(micros / 1000.0);
  }

  public int count() {
    return millis.size();
  }

  /** The smallest value that at least this share of all does not exceed. */
  public double quantile(double share) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
  }

  public String line() {
    return millis.isEmpty()
        ? "n 0"
        : "n %d  p50 %.1f  p99 %.1f  max %.1f"
            .formatted(count(), quantile(0.5), quantile(0.99), quantile(1));
  }
}
