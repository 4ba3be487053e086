package io.callsync.validator.rule;

import java.util.Locale;

/** An error breaks a chain, a warning does not. */
public enum Severity {
  ERROR,
  WARNING;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
