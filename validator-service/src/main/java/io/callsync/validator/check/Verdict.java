package io.callsync.validator.check;

import io.callsync.validator.chain.Chain;
import io.callsync.validator.chain.ExpectedBooking;
import java.util.Locale;

/** What is said about a chain in one word. */
public enum Verdict {
  /** Booked, seen, and whole. */
  LINKED,
  /** An error is open. */
  BROKEN,
  /** An error is within its grace. */
  CHECKING,
  /** A wish waits for its outcome. */
  PENDING,
  /** There is no booking, and none is missing. */
  NOT_BOOKED;

  /**
   * @param broken an error has lasted
   * @param suspect an error was found that has not lasted yet
   */
  public static Verdict of(Chain chain, boolean broken, boolean suspect) {
    if (broken) {
      return BROKEN;
    }
    if (suspect) {
      return CHECKING;
    }
    if (!chain.reached().isEmpty()) {
      return LINKED;
    }
    return chain.ownBookings().stream().anyMatch(ExpectedBooking::wish) ? PENDING : NOT_BOOKED;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
