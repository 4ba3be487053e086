package io.callsync.gateway.booking;

import java.util.Locale;

/** What a booking is for people. */
public enum BookingStatus {
  REQUESTED,
  PENDING,
  CONFIRMED,
  DECLINED,
  FAILED,
  CANCELLED,
  ALIASED;

  /** The word in events and rows. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** While it stands, the same wish is not granted a second time. */
  public boolean stands() {
    return switch (this) {
      case REQUESTED, PENDING, CONFIRMED -> true;
      case DECLINED, FAILED, CANCELLED, ALIASED -> false;
    };
  }
}
