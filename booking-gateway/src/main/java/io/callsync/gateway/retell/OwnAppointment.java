package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.spoken.Moment;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of the caller's appointments is meant. Pure. */
sealed interface OwnAppointment {

  record None() implements OwnAppointment {}

  record One(BookingState booking) implements OwnAppointment {}

  record Several(List<BookingState> bookings) implements OwnAppointment {}

  /**
   * The only one needs no words; more than one is told by its id, its day or its time.
   *
   * @param prefix of the arguments that say when it was
   */
  static OwnAppointment find(
      List<BookingState> own, Arguments args, String prefix, ZoneId zone, Instant now) {
    String id = args.text("appointment_id");
    Moment when = args.moment(prefix, zone, now);
    List<BookingState> meant =
        own.stream()
            .filter(b -> id == null || id.equals(String.valueOf(b.appointmentId())))
            .filter(b -> fits(b.startsAt(), when, zone))
            .toList();
    if (meant.isEmpty()) {
      return new None();
    }
    return meant.size() == 1 ? new One(meant.getFirst()) : new Several(meant);
  }

  private static boolean fits(@Nullable Instant start, Moment when, ZoneId zone) {
    if (start == null) {
      return false;
    }
    return switch (when) {
      case Moment.Exact exact -> start.equals(exact.instant());
      case Moment.OnDay day -> date(start, zone).equals(day.date());
      case Moment.Ask ask -> ask.suggestion() == null || date(start, zone).equals(ask.suggestion());
    };
  }

  private static LocalDate date(Instant instant, ZoneId zone) {
    return instant.atZone(zone).toLocalDate();
  }
}
