package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Announcer.Change;
import io.callsync.localstack.calcom.WebhookBody.Trigger;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Tells, each minute and once, which planned starts and ends have passed since the last time. */
final class Meetings implements AutoCloseable {

  private final Bookings bookings;
  private final Announcer announcer;
  private final ScheduledExecutorService minutes =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private Instant told;

  Meetings(Bookings bookings, Announcer announcer, Clock clock) {
    this.bookings = bookings;
    this.announcer = announcer;
    this.told = clock.instant();
    var _ = minutes.scheduleWithFixedDelay(() -> tell(clock.instant()), 1, 1, TimeUnit.MINUTES);
  }

  /** All that was due until now. */
  synchronized void tell(Instant now) {
    Instant since = told;
    told = now;
    bookings
        .accepted(b -> isWithin(b.start(), since, now))
        .forEach(b -> send(Trigger.MEETING_STARTED, b));
    bookings
        .accepted(b -> isWithin(b.end(), since, now))
        .forEach(b -> send(Trigger.MEETING_ENDED, b));
  }

  private void send(Trigger trigger, Booking booking) {
    Delivery delivery = announcer.next();
    if (delivery.when() != Delivery.When.NONE) {
      announcer.sendNow(new Change(trigger, booking, null), delivery);
    }
  }

  private static boolean isWithin(Instant time, Instant after, Instant until) {
    return time.isAfter(after) && !time.isAfter(until);
  }

  @Override
  public void close() {
    minutes.shutdownNow();
  }
}
