package io.callsync.gateway.retell;

import io.callsync.gateway.customer.CallerNumber;
import io.callsync.gateway.spoken.Moment;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a caller wants booked, or the one thing that has to be asked. Pure; nothing is guessed. */
sealed interface BookingArguments {

  /**
   * Complete arguments.
   *
   * @param service as spoken
   * @param phone E.164, null where the caller gave none
   * @param ignored optional arguments that could not be read
   */
  record Complete(
      Instant start,
      @Nullable String service,
      String name,
      @Nullable String phone,
      @Nullable String email,
      @Nullable String notes,
      List<String> ignored)
      implements BookingArguments {}

  /**
   * Something has to be asked back.
   *
   * @param status date_required, time_required, date_unclear, time_past, name_required or
   *     invalid_arguments
   * @param suggestion the day that was probably meant
   */
  record AskBack(String status, @Nullable LocalDate suggestion) implements BookingArguments {
    AskBack(String status) {
      this(status, null);
    }
  }

  Pattern EMAIL = Pattern.compile("[^\\s@]{1,64}@[^\\s@]{1,190}\\.[^\\s@.]{2,60}");
  Set<String> NO_NAME = Set.of("unbekannt", "anonym", "anonymous", "unknown", "none", "null");

  /**
   * @param offered the start of the offer that was taken, which needs no other words
   */
  static BookingArguments parse(
      Arguments args, ZoneId zone, Instant now, @Nullable Instant offered) {
    Moment moment = offered == null ? args.moment("", zone, now) : offered(offered, now);
    String service = args.text("service");
    String name = args.text("name");
    String phone = args.text("phone");
    String email = args.text("email");
    String notes = args.text("notes");
    if (args.contradiction().isPresent()) {
      return new AskBack("invalid_arguments");
    }
    List<String> ignored = new ArrayList<>();
    if (email != null && !EMAIL.matcher(email).matches()) {
      email = null;
      ignored.add("email");
    }
    String number = CallerNumber.parse(phone);
    if (phone != null && number == null) {
      ignored.add("phone");
    }
    return switch (moment) {
      case Moment.Ask ask -> new AskBack(ask.status(), ask.suggestion());
      case Moment.OnDay day -> new AskBack("time_required");
      case Moment.Exact exact ->
          name == null || isNoName(name)
              ? new AskBack("name_required")
              : new Complete(exact.instant(), service, name, number, email, notes, ignored);
    };
  }

  static boolean isNoName(String name) {
    return NO_NAME.contains(name.toLowerCase(Locale.ROOT));
  }

  private static Moment offered(Instant start, Instant now) {
    return start.isAfter(now) ? new Moment.Exact(start) : new Moment.Ask("time_past", null);
  }
}
