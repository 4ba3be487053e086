package io.callsync.gateway.booking;

import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
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

  /** What was said once stays said. */
  static <T extends Comparable<? super T>> NavigableSet<T> union(
      NavigableSet<T> a, NavigableSet<T> b) {
    var all = new TreeSet<>(a);
    all.addAll(b);
    return all;
  }

  static <V> NavigableMap<String, V> union(
      Map<String, V> a, Map<String, V> b, BinaryOperator<V> both) {
    var all = new TreeMap<>(a);
    b.forEach((key, value) -> all.merge(key, value, both));
    return all;
  }
}
