package io.callsync.validator.rule;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One broken promise, as the rule found it. Nothing in it is personal.
 *
 * @param rule stable code
 * @param message one sentence for people
 * @param remedy the command that mends it
 */
public record Violation(
    String rule,
    Severity severity,
    String subjectType,
    String subjectId,
    SortedMap<String, String> evidence,
    String message,
    @Nullable String remedy) {

  /** The same for every finding of this rule on this subject. */
  public String id() {
    return rule + ':' + subjectType + ':' + subjectId;
  }

  public boolean error() {
    return severity == Severity.ERROR;
  }
}
