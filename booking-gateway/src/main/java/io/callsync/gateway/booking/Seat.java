package io.callsync.gateway.booking;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person whom a message of Cal.com names, and the seat they hold where the message tells.
 *
 * @param seatUid Cal.com's reference of the seat, null where the message lacks it
 * @param phone as Cal.com writes it, E.164
 * @param requestId our request id from the seat's own metadata
 */
public record Seat(
    @Nullable String seatUid,
    @Nullable String name,
    @Nullable String email,
    @Nullable String phone,
    @Nullable UUID requestId) {

  /** Where both phones are known an address is never identity: many share one. */
  boolean isOf(@Nullable String otherPhone, @Nullable String otherEmail) {
    return (phone != null && otherPhone != null)
        ? phone.equals(otherPhone)
        : email != null && email.equalsIgnoreCase(otherEmail);
  }

  boolean hasName(@Nullable String otherName) {
    return name != null && otherName != null && folded(name).equals(folded(otherName));
  }

  /**
   * Whose seat this is among the bookings of one uid: by the seat's reference, else by the person
   * among those whose seat is not known or not told. Empty where that says none or several.
   */
  public Optional<BookingState> among(List<BookingState> bookings) {
    Optional<BookingState> held =
        bookings.stream().filter(b -> seatUid != null && seatUid.equals(b.seatUid())).findFirst();
    if (held.isPresent()) {
      return held;
    }
    List<BookingState> same =
        bookings.stream()
            .filter(b -> seatUid == null || b.seatUid() == null)
            .filter(b -> b.links().values().stream().anyMatch(l -> l.isOf(this)))
            .toList();
    if (same.size() > 1) {
      same =
          same.stream()
              .filter(b -> b.links().values().stream().anyMatch(l -> hasName(l.attendeeName())))
              .toList();
    }
    return same.size() == 1 ? Optional.of(same.getFirst()) : Optional.empty();
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
