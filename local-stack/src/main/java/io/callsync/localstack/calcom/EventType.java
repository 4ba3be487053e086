package io.callsync.localstack.calcom;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be booked.
 *
 * @param seats how many people may share a time; null or 0 where nobody does
 * @param price in cents, to be paid before the booking holds; null or 0 where it is free
 * @param roundRobin repeats of an accepted booking by the same attendee return that booking
 */
record EventType(
    int id,
    String slug,
    String title,
    int lengthInMinutes,
    int hostId,
    boolean requiresConfirmation,
    boolean roundRobin,
    @Nullable Integer seats,
    @Nullable Integer price) {

  /** What the demo's two companies offer. */
  static final List<EventType> DEFAULTS =
      List.of(
          new EventType(
              1001, "herrenhaarschnitt", "Herrenhaarschnitt", 55, 501, false, false, 0, 0),
          new EventType(1002, "damenhaarschnitt", "Damenhaarschnitt", 45, 502, false, false, 0, 0),
          new EventType(1003, "beratung", "Beratung", 30, 503, false, false, 0, 0),
          new EventType(
              2001, "herrenhaarschnitt-b", "Herrenhaarschnitt", 55, 601, false, false, 0, 0));

  int places() {
    return seats == null ? 0 : seats;
  }

  int cents() {
    return price == null ? 0 : price;
  }

  Host host() {
    return switch (hostId) {
      case 501 -> new Host(501, "Mara Lind", "mara@example.org", "mara-lind");
      case 502 -> new Host(502, "Jonas Weber", "jonas@example.org", "jonas-weber");
      case 503 -> new Host(503, "Ute Brandt", "ute@example.org", "ute-brandt");
      case 601 -> new Host(601, "Tom Keller", "tom@example.org", "tom-keller");
      default ->
          new Host(hostId, "Host " + hostId, "host" + hostId + "@example.org", "host-" + hostId);
    };
  }

  /** Who serves the customer. */
  record Host(int id, String name, String email, String username) {}
}
