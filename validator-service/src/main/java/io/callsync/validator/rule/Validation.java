package io.callsync.validator.rule;

import io.callsync.validator.chain.Chain;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The one question: what is broken about this chain? */
public final class Validation {

  private Validation() {}

  /** Every violation of the chain by all rules, in the order of their ids. */
  public static List<Violation> validate(Chain chain) {
    return validate(chain, EnumSet.allOf(Rule.class));
  }

  /** Every violation of the chain by these rules, in the order of their ids. */
  public static List<Violation> validate(Chain chain, Set<Rule> rules) {
    var found = new ArrayList<Violation>();
    for (Rule rule : rules) {
      rule.check(chain, found::add);
    }
    found.sort(Comparator.comparing(Violation::id));
    return List.copyOf(found);
  }
}
