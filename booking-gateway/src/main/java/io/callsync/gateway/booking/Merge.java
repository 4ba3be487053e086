package io.callsync.gateway.booking;

import org.jspecify.annotations.Nullable;

/** The one way two facts about the same field become one, whatever their order. */
public final class Merge {

  private Merge() {}

  /**
   * Null never overwrites; of two different values the greater wins, so that order does not matter.
   */
  public static <T extends Comparable<? super T>> @Nullable T greater(
      @Nullable T a, @Nullable T b) {
    if (a == null) {
      return b;
    }
    return b == null || a.compareTo(b) >= 0 ? a : b;
  }
}
