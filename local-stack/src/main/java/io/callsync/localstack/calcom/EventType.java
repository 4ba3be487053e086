package io.callsync.localstack.calcom;

import java.util.List;

/**
 * What can be booked.
 *
 * @param roundRobin repeats of an accepted booking by the same attendee return that booking
 */
record EventType(
    int id,
    String slug,
    String title,
    int lengthInMinutes,
    int hostId,
    boolean requiresConfirmation,
    boolean roundRobin) {

  /** What the demo's two companies offer. */
  static final List<EventType> DEFAULTS =
      List.of(
          new EventType(1001, "herrenhaarschnitt", "Herrenhaarschnitt", 55, 501, false, false),
          new EventType(1002, "damenhaarschnitt", "Damenhaarschnitt", 45, 502, false, false),
          new EventType(1003, "beratung", "Beratung", 30, 503, false, false),
          new EventType(2001, "herrenhaarschnitt-b", "Herrenhaarschnitt", 55, 601, false, false));

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
