package io.callsync.gateway.predecessor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of rows, and what is broken, as numbers with a few examples. Grows; nothing personal.
 *
 * @param tables by table and outcome
 * @param broken by code
 */
record Tally(TreeMap<String, TreeMap<String, Long>> tables, TreeMap<String, Broken> broken) {

  private static final int EXAMPLES = 10;

  /** What became of a row. */
  enum Outcome {
    NEW,
    CHANGED,
    UNCHANGED,
    REFUSED
  }

  /**
   * @param examples the first few, as table:id
   */
  record Broken(long count, List<String> examples, String sentence) {

    private Broken and(String subject) {
      List<String> more = new ArrayList<>(examples);
      if (more.size() < EXAMPLES) {
        more.add(subject);
      }
      return new Broken(count + 1, List.copyOf(more), sentence);
    }
  }

  static Tally empty() {
    return new Tally(new TreeMap<>(), new TreeMap<>());
  }

  Tally copy() {
    Tally copy = new Tally(new TreeMap<>(), new TreeMap<>(broken));
    tables.forEach((table, outcomes) -> copy.tables.put(table, new TreeMap<>(outcomes)));
    return copy;
  }

  void count(String table, Outcome outcome, long rows) {
    if (rows > 0) {
      tables
          .computeIfAbsent(table, t -> new TreeMap<>())
          .merge(outcome.name().toLowerCase(Locale.ROOT), rows, Long::sum);
    }
  }

  void add(Finding finding) {
    broken.merge(
        finding.trouble().code(),
        new Broken(1, List.of(finding.subject()), finding.trouble().sentence()),
        (known, one) -> known.and(finding.subject()));
  }

  void add(Collection<Finding> findings) {
    findings.forEach(this::add);
  }

  /** Both together; the examples of this one first. */
  Tally plus(Tally other) {
    Tally sum = copy();
    other.tables.forEach(
        (table, outcomes) ->
            outcomes.forEach(
                (outcome, n) ->
                    sum.tables
                        .computeIfAbsent(table, t -> new TreeMap<>())
                        .merge(outcome, n, Long::sum)));
    for (Map.Entry<String, Broken> more : other.broken.entrySet()) {
      sum.broken.merge(
          more.getKey(),
          more.getValue(),
          (a, b) -> {
            List<String> examples = new ArrayList<>(a.examples());
            b.examples().stream().limit(EXAMPLES - (long) examples.size()).forEach(examples::add);
            return new Broken(a.count() + b.count(), List.copyOf(examples), a.sentence());
          });
    }
    return sum;
  }
}
