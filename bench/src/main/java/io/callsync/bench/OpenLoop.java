package io.callsync.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Begins work at fixed moments, whether or not what was begun before has ended: callers do not wait
 * for each other. Each one's time counts from its moment, so that a slow start counts too.
 */
final class OpenLoop {

  /** What came of one piece of work, and how long it took from its moment on. */
  record Timed<T>(T result, long micros) {}

  private final int perSecond;

  OpenLoop(int perSecond) {
    this.perSecond = perSecond;
  }

  /**
   * @param work made ready shortly before its moment
   */
  <T> List<Timed<T>> run(int times, IntFunction<Callable<T>> work)
      throws InterruptedException, ExecutionException {
    List<Future<Timed<T>>> begun = new ArrayList<>(times);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      for (int n = 0; n < times; n++) {
        Callable<T> next = work.apply(n);
        long moment = start + n * 1_000_000_000L / perSecond;
        for (long wait = moment - System.nanoTime(); wait > 0; wait = moment - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        begun.add(
            threads.submit(
                () -> {
                  T result = next.call();
                  return new Timed<>(result, (System.nanoTime() - moment) / 1000);
                }));
      }
      List<Timed<T>> ended = new ArrayList<>(times);
      for (Future<Timed<T>> one : begun) {
        ended.add(one.get());
      }
      return ended;
    }
  }
}
