package io.callsync.gateway.booking;

import java.util.Locale;

/** What a booking is for people. */
public enum BookingStatus {
  REQUESTED,
  PENDING,
  /** Imported: the predecessor planned it, and nothing says that Cal.com knows of it. */
  SCHEDULED,
  CONFIRMED,
  DECLINED,
  FAILED,
  CANCELLED,
  /** The planned end has passed, and nobody was marked absent. */
  COMPLETED,
  /** The host marked every attendee absent. */
  NO_SHOW,
  ALIASED;

  /** The word in events and rows. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Somebody is still expected: it can be moved and cancelled. */
  public boolean stands() {
    return switch (this) {
      case REQUESTED, PENDING, SCHEDULED, CONFIRMED -> true;
      case DECLINED, FAILED, CANCELLED, COMPLETED, NO_SHOW, ALIASED -> false;
    };
  }

  /**
   * The wish for it is or may yet be granted, so the same wish is not granted a second time. What
   * is over was granted too: a late repetition must not book that time again.
   */
  public boolean keepsItsWish() {
    return stands() || this == COMPLETED || this == NO_SHOW;
  }
}
