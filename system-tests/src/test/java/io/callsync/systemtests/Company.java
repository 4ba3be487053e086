package io.callsync.systemtests;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A company that can be called, with one service to book.
 *
 * @param number the called line, E.164
 * @param eventTypeId Cal.com's event type of the service
 */
record Company(
    long id, String number, long serviceId, String service, int minutes, long eventTypeId) {

  /** The two companies of the incidents. */
  static final Company A = new Company(1, "+493023125001", 11, "Herrenhaarschnitt", 55, 1001);

  static final Company B = new Company(2, "+493023125002", 21, "Herrenhaarschnitt", 55, 2001);

  /** The one company whose broken chains mend themselves. */
  static final Company HEALING = new Company(90, "+493023125090", 990, "Beratung 90", 30, 4990);

  /** The directory that every test may count on. */
  static final String FIXTURE =
      """
      companies:
        - id: 1
          name: Salon A
          timezone: Europe/Berlin
          language: de
          fallbackEmail: termin@salon-a.example
          branches:
            - {id: a-mitte, name: Mitte}
          phoneNumbers:
            - {number: "+493023125001", branch: a-mitte}
          services:
            - {id: 11, name: Herrenhaarschnitt, synonyms: [Männerschnitt], durationMinutes: 55, eventTypeId: 1001}
            - {id: 12, name: Damenhaarschnitt, durationMinutes: 45, eventTypeId: 1002}
            - {id: 13, name: Beratung, durationMinutes: 30, eventTypeId: 1003}
          staff:
            - {id: a-mara, name: Mara Lind, calcomUserId: 501}
        - id: 2
          name: Salon B
          timezone: Europe/Berlin
          language: de
          branches:
            - {id: b-nord, name: Nord}
          phoneNumbers:
            - {number: "+493023125002", branch: b-nord}
          services:
            - {id: 21, name: Herrenhaarschnitt, durationMinutes: 55, eventTypeId: 2001}
          staff:
            - {id: b-tom, name: Tom Keller, calcomUserId: 601}
      """;

  private static final AtomicInteger NEXT = new AtomicInteger(100 + RunningSystem.freshFrom());

  /** One that nobody else uses, and that the directory does not know yet. */
  static Company unknown() {
    int n = NEXT.getAndIncrement();
    return new Company(n, "+4930231" + (26000 + n), 1000 + n, "Beratung " + n, 30, 5000 + n);
  }

  /** As this one, with a service of another length. */
  Company lasting(int length) {
    return new Company(id, number, serviceId, service, length, eventTypeId);
  }

  String yaml() {
    return """
        companies:
          - id: %d
            name: Company %d
            timezone: Europe/Berlin
            language: de
            phoneNumbers:
              - number: "%s"
            services:
              - {id: %d, name: %s, durationMinutes: %d, eventTypeId: %d}
        """
        .formatted(id, id, number, serviceId, service, minutes, eventTypeId);
  }
}
