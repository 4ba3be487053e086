package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Booking.Status;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** GET /v2/bookings: filters, order and pages. */
final class BookingQuery {

  private final Map<String, String> parameters;
  private final Instant now;

  BookingQuery(Map<String, String> parameters, Instant now) {
    this.parameters = parameters;
    this.now = now;
  }

  Map<String, Object> answer(Bookings bookings) {
    int take = number("take", 100, 1, 250);
    int skip = number("skip", 0, 0, Integer.MAX_VALUE);
    List<Booking> found = bookings.all().stream().filter(filter()).sorted(order()).toList();
    List<Object> page =
        found.stream()
            .skip(skip)
            .limit(take)
            .<Object>map(b -> BookingView.of(b, bookings.eventType(b.eventTypeId())))
            .toList();
    Map<String, Object> pagination = new LinkedHashMap<>();
    pagination.put("returnedItems", page.size());
    pagination.put("totalItems", found.size());
    pagination.put("itemsPerPage", take);
    pagination.put("remainingItems", Math.max(0, found.size() - skip - page.size()));
    pagination.put("currentPage", skip / take + 1);
    pagination.put("totalPages", (found.size() + take - 1) / take);
    pagination.put("hasNextPage", skip + page.size() < found.size());
    pagination.put("hasPreviousPage", skip > 0);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "success");
    answer.put("data", page);
    answer.put("pagination", pagination);
    return answer;
  }

  private Predicate<Booking> filter() {
    return Stream.<Predicate<Booking>>of(
            text("attendeeEmail", b -> b.attendee().email()),
            text("attendeeName", b -> b.attendee().name()),
            text("bookingUid", Booking::uid),
            oneOf("eventTypeId", b -> String.valueOf(b.eventTypeId())),
            oneOf("eventTypeIds", b -> String.valueOf(b.eventTypeId())),
            notBefore("afterStart", Booking::start),
            notAfter("beforeEnd", Booking::end),
            notBefore("afterCreatedAt", Booking::createdAt),
            notAfter("beforeCreatedAt", Booking::createdAt),
            notBefore("afterUpdatedAt", Booking::updatedAt),
            notAfter("beforeUpdatedAt", Booking::updatedAt),
            status())
        .reduce(b -> true, Predicate::and);
  }

  private Predicate<Booking> status() {
    String wanted = parameters.get("status");
    if (wanted == null) {
      return b -> true;
    }
    List<String> any = Arrays.asList(wanted.split(",", -1));
    return b ->
        any.stream()
            .anyMatch(
                s ->
                    switch (s) {
                      case "upcoming" -> b.isLive() && b.end().isAfter(now);
                      case "past" -> b.isLive() && !b.end().isAfter(now);
                      case "cancelled" -> !b.isLive();
                      case "unconfirmed" -> b.status() == Status.PENDING && b.end().isAfter(now);
                      default -> false;
                    });
  }

  private Predicate<Booking> text(String name, Function<Booking, String> field) {
    String wanted = parameters.get(name);
    return b -> wanted == null || field.apply(b).equalsIgnoreCase(wanted);
  }

  private Predicate<Booking> oneOf(String name, Function<Booking, String> field) {
    String wanted = parameters.get(name);
    return b -> wanted == null || Arrays.asList(wanted.split(",", -1)).contains(field.apply(b));
  }

  private Predicate<Booking> notBefore(String name, Function<Booking, @Nullable Instant> field) {
    Instant bound = instant(name);
    return b -> {
      Instant value = field.apply(b);
      return bound == null || (value != null && !value.isBefore(bound));
    };
  }

  private Predicate<Booking> notAfter(String name, Function<Booking, @Nullable Instant> field) {
    Instant bound = instant(name);
    return b -> {
      Instant value = field.apply(b);
      return bound == null || (value != null && !value.isAfter(bound));
    };
  }

  private @Nullable Instant instant(String name) {
    String value = parameters.get(name);
    return value == null ? null : Times.parse(name, value);
  }

  private Comparator<Booking> order() {
    Comparator<Booking> byId = Comparator.comparingLong(Booking::id);
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      Comparator<Booking> by =
          switch (parameter.getKey()) {
            case "sortStart" -> Comparator.comparing(Booking::start);
            case "sortEnd" -> Comparator.comparing(Booking::end);
            case "sortCreated" -> Comparator.comparing(Booking::createdAt);
            case "sortUpdatedAt" ->
                Comparator.comparing(
                    Booking::updatedAt, Comparator.nullsLast(Comparator.naturalOrder()));
            default -> null;
          };
      if (by != null) {
        boolean descending = parameter.getValue().toLowerCase(Locale.ROOT).equals("desc");
        return (descending ? by.reversed() : by).thenComparing(byId);
      }
    }
    return byId;
  }

  private int number(String name, int absent, int least, int most) {
    String value = parameters.get(name);
    if (value == null) {
      return absent;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number out of range is.
    }
    throw ApiError.invalid(
        List.of("%s must be a number from %d to %d".formatted(name, least, most)));
  }
}
