package io.callsync.systemtests;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.atomic.AtomicInteger;

/** Hours that no other test books. */
final class Slots {

  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static final int FIRST_HOUR = 9;
  private static final int A_DAY = 7;
  private static final LocalDate FIRST_DAY = LocalDate.now(BERLIN).plusDays(2);
  private static final AtomicInteger TAKEN = new AtomicInteger(RunningSystem.freshFrom());

  private Slots() {}

  static ZonedDateTime free() {
    int n = TAKEN.getAndIncrement();
    return FIRST_DAY.plusDays(n / A_DAY).atTime(FIRST_HOUR + n % A_DAY, 0).atZone(BERLIN);
  }
}
