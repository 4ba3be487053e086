package io.callsync.localstack.demo;

import io.callsync.localstack.StackException;
import io.callsync.localstack.http.JsonClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Starts that Cal.com offers and that do not overlap each other. */
final class FreeStarts {

  /** What the demo's companies offer, and how it is asked for on the phone. */
  enum Offer {
    MEN("+493023125001", "Herrenhaarschnitt", 1001, 55),
    WOMEN("+493023125001", "Damenhaarschnitt", 1002, 45),
    ADVICE("+493023125001", "Beratung", 1003, 30),
    MEN_AT_B("+493023125002", "Herrenhaarschnitt", 2001, 55);

    private final String number;
    private final String service;
    private final int eventTypeId;
    private final int minutes;

    Offer(String number, String service, int eventTypeId, int minutes) {
      this.number = number;
      this.service = service;
      this.eventTypeId = eventTypeId;
      this.minutes = minutes;
    }

    String number() {
      return number;
    }

    String service() {
      return service;
    }
  }

  record Start(Offer offer, Instant at) {}

  static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private static final int WINDOW_DAYS = 30;
  private static final int WINDOWS = 60;

  private FreeStarts() {}

  /** The next free starts from tomorrow on, of all services in turn. */
  static List<Start> find(int count, URI calcom, JsonClient client) {
    List<Start> found = new ArrayList<>();
    LocalDate day = LocalDate.now(ZONE).plusDays(1);
    for (int window = 0; window < WINDOWS && found.size() < count; window++) {
      List<Start> here = new ArrayList<>();
      for (Offer offer : Offer.values()) {
        here.addAll(offered(offer, day, day.plusDays(WINDOW_DAYS - 1L), calcom, client));
      }
      here.sort(Comparator.comparing(Start::at));
      found.addAll(here);
      day = day.plusDays(WINDOW_DAYS);
    }
    if (found.size() < count) {
      throw new StackException(
          "the calendars are full for years: ./appointments reset makes them empty again");
    }
    return List.copyOf(found.subList(0, count));
  }

  private static List<Start> offered(
      Offer offer, LocalDate from, LocalDate to, URI calcom, JsonClient client) {
    URI slots =
        calcom.resolve(
            "/v2/slots?eventTypeId=%d&start=%s&end=%s".formatted(offer.eventTypeId, from, to));
    List<Start> starts = new ArrayList<>();
    Instant free = Instant.MIN;
    for (var day : client.get(slots).path("data").properties()) {
      for (var slot : day.getValue()) {
        Instant at = OffsetDateTime.parse(slot.path("start").asString()).toInstant();
        if (!at.isBefore(free)) {
          starts.add(new Start(offer, at));
          free = at.plus(Duration.ofMinutes(offer.minutes));
        }
      }
    }
    return starts;
  }
}
