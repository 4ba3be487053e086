package io.callsync.validator.rule;

import io.callsync.validator.chain.Chain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The one question: what is broken about this chain? */
public final class Validation {

  private Validation() {}

  /** Every violation of the chain, in the order of their ids. */
  public static List<Violation> validate(Chain chain) {
    var found = new ArrayList<Violation>();
    for (Rule rule : Rule.values()) {
      rule.check(chain, found::add);
    }
    found.sort(Comparator.comparing(Violation::id));
    return List.copyOf(found);
  }
}
