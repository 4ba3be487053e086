package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Caller.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What callers and models say of days and times; the gateway runs on today's clock. */
class TimeIncidentsTest extends SystemTest {

  private static LocalDate today() {
    return LocalDate.now(Slots.BERLIN);
  }

  private Reply books(Caller caller, String date, String time) {
    Map<String, Object> args = new HashMap<>(Map.of("name", "Erika Beispiel"));
    if (date != null) {
      args.put("date", date);
    }
    if (time != null) {
      args.put("time", time);
    }
    return caller.asks("book_appointment", args);
  }

  private void nothingWasBooked(Caller caller) {
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    assertThat(
            rows.queryIn("gateway", "select 1 from wish where retell_call_id = ?", caller.callId()))
        .isEmpty();
  }

  private static void tellsTheDay(JsonNode answer) {
    assertThat(answer.path("today").asString("")).isEqualTo(today().toString());
    assertThat(answer.path("weekday").asString(""))
        .isEqualTo(today().getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.GERMAN));
    assertThat(answer.path("timezone").asString("")).isEqualTo("Europe/Berlin");
  }

  // --- the year

  @ParameterizedTest
  @CsvSource({"yyyy-MM-dd,2", "dd.MM.yyyy,2", "d. MMMM yyyy,3"})
  void TIME_01_a_day_of_an_earlier_year_is_asked_back_with_the_one_to_come(
      String format, int years) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    // Not the 29th of February, which few years have.
    LocalDate meant = today().plusDays(1).getDayOfMonth() == 29 ? today() : today().plusDays(1);
    String said =
        DateTimeFormatter.ofPattern(format, Locale.GERMAN).format(meant.minusYears(years));
    for (Reply reply :
        List.of(
            caller.asks("check_availability", Map.of("date", said, "time", "14:00")),
            books(caller, said, "14:00"))) {
      assertThat(reply.status()).as(said + ": " + reply.answer().text()).isEqualTo("date_unclear");
      assertThat(reply.json().path("suggestion").asString("")).isEqualTo(meant.toString());
      tellsTheDay(reply.json());
    }
    assertThat(calcom.requestsAbout(company)).isEmpty();
    nothingWasBooked(caller);
  }

  @Test
  void TIME_01_every_answer_about_free_times_and_every_call_begins_with_the_day() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    tellsTheDay(caller.asks("check_availability", caller.when(aFreeStart())).json());
    tellsTheDay(caller.asks("check_availability", Map.of()).json());
    tellsTheDay(
        gateway
            .retell(
                "/retell/inbound",
                Map.of(
                    "event",
                    "call_inbound",
                    "call_inbound",
                    Map.of("from_number", caller.from(), "to_number", caller.to())))
            .json()
            .at("/call_inbound/dynamic_variables"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dd.MM.", "d.M", "d. MMMM", "EEEE, 'den' d. MMMM", "EEEE, d. MMMM"})
  void TIME_03_a_day_without_a_year_is_the_next_such_day(String format) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    LocalDate day = today().plusDays(10);
    Reply reply =
        books(caller, DateTimeFormatter.ofPattern(format, Locale.GERMAN).format(day), "10:00");
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(calcom.booking(reply.calcomUid()).start())
        .isEqualTo(day.atTime(10, 0).atZone(Slots.BERLIN).toInstant());
    booked(caller, reply, day.atTime(10, 0).atZone(Slots.BERLIN));
  }

  @Test
  void TIME_03_a_weekday_that_does_not_fit_is_asked_back() {
    Caller caller = aCallerOf(aCompany());
    LocalDate day = today().plusDays(10);
    String wrong = day.plusDays(1).getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.GERMAN);
    Reply reply =
        books(
            caller,
            wrong + DateTimeFormatter.ofPattern(", d. MMMM", Locale.GERMAN).format(day),
            "10:00");
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("date_unclear");
    assertThat(reply.json().path("suggestion").asString("")).isEqualTo(day.toString());
    nothingWasBooked(caller);
  }

  @Test
  void TIME_03_a_day_more_than_half_a_year_ahead_is_asked_back() {
    Caller caller = aCallerOf(aCompany());
    LocalDate day = today().plusMonths(7).withDayOfMonth(15);
    Reply reply =
        books(caller, DateTimeFormatter.ofPattern("d. MMMM", Locale.GERMAN).format(day), "10:00");
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("date_unclear");
    assertThat(reply.json().path("suggestion").asString("")).isEqualTo(day.toString());
    nothingWasBooked(caller);
  }

  // --- the past

  @Test
  void TIME_04_what_is_past_is_said_to_be_past_and_the_next_free_times_come_with_it() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    for (String past : List.of("heute", today().minusDays(1).toString())) {
      for (Reply reply :
          List.of(
              books(caller, past, "00:00"),
              caller.asks("check_availability", Map.of("date", past, "time", "00:00")))) {
        assertThat(reply.status()).as(past + ": " + reply.answer().text()).isEqualTo("time_past");
        assertThat(reply.json().path("offers"))
            .isNotEmpty()
            .allSatisfy(offer -> assertThat(start(offer)).isAfter(Instant.now()));
      }
    }
    nothingWasBooked(caller);
  }

  private static Instant start(JsonNode offer) {
    return ZonedDateTime.parse(offer.path("start").asString()).toInstant();
  }

  // --- zones

  /** Winter and summer: the next half year without and with daylight saving. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void TIME_05_local_time_and_instants_are_the_same_in_winter_and_in_summer(int month) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime wished = midOf(month).atTime(11, 0).atZone(Slots.BERLIN);
    String hour = month == 1 ? "10:00:00Z" : "09:00:00Z";
    assertThat(wished.toInstant().toString()).endsWith(hour);
    Reply free = caller.asks("check_availability", caller.when(wished));
    assertThat(free.status()).as(free.answer().text()).isEqualTo("available");
    assertThat(start(free.json().at("/offers/0"))).isEqualTo(wished.toInstant());
    Reply reply = caller.books(company, wished);
    assertThat(reply.say()).contains("11:00 Uhr");
    assertThat(calcom.booking(reply.calcomUid()).start()).isEqualTo(wished.toInstant());
    Booked booked = booked(caller, reply, wished);
    assertThat(booked.appointment().startsAt()).isEqualTo(wished.toInstant());
    assertThat(booked.appointment().columns()).containsEntry("booking_timezone", "Europe/Berlin");
  }

  private static LocalDate midOf(int month) {
    LocalDate day = today().withMonth(month).withDayOfMonth(15);
    return day.isAfter(today().plusDays(1)) ? day : day.plusYears(1);
  }

  @Test
  void TIME_05_an_instant_in_the_time_field_is_that_instant() {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime wished = aFreeStart();
    Reply reply =
        caller.asks(
            "book_appointment",
            Map.of("datetime", wished.toInstant().toString(), "name", "Erika Beispiel"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
    assertThat(booked(caller, reply, wished).appointment().startsAt())
        .isEqualTo(wished.toInstant());
  }

  /** When the clocks are changed a local time may not exist, or exist twice. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void TIME_05_a_time_that_does_not_exist_or_exists_twice_is_asked_back(boolean gap) {
    ZoneOffsetTransition change = Slots.BERLIN.getRules().nextTransition(Instant.now());
    while (change.isGap() != gap) {
      change = Slots.BERLIN.getRules().nextTransition(change.getInstant());
    }
    Caller caller = aCallerOf(aCompany());
    Reply reply = books(caller, change.getDateTimeBefore().toLocalDate().toString(), "02:30");
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("date_unclear");
    nothingWasBooked(caller);
  }

  // --- vague or missing

  @ParameterizedTest
  @CsvSource({
    ",,date_required",
    ",09:00,date_required",
    "{{user_datum}},09:00,date_required",
    "diese Woche,09:00,date_unclear",
    "not specified,,date_unclear",
    "morgen,,time_required",
    "morgen,vormittags ab 9 Uhr,time_required",
    "morgen,nachmittags,time_required",
    "morgen,morgens,time_required",
    "morgen,bald,time_required"
  })
  void TIME_06_what_was_not_said_is_asked_for_and_never_filled_in(
      String date, String time, String status) {
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    Reply reply = books(caller, date, time);
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo(status);
    assertThat(calcom.requestsAbout(company)).isEmpty();
    nothingWasBooked(caller);
  }

  @ParameterizedTest
  @CsvSource({"vormittags,00:00,12:00", "nachmittags,12:00,18:00"})
  void TIME_06_a_part_of_the_day_only_filters_what_is_proposed(
      String part, LocalTime from, LocalTime until) {
    Caller caller = aCallerOf(aCompany());
    Reply reply =
        caller.asks(
            "check_availability",
            Map.of("date", today().plusDays(3).toString(), "time", part + " bitte"));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("available");
    assertThat(reply.json().path("offers"))
        .isNotEmpty()
        .allSatisfy(
            offer ->
                assertThat(start(offer).atZone(Slots.BERLIN).toLocalTime())
                    .isAfterOrEqualTo(from)
                    .isBefore(until));
  }

  @Test
  void TIME_06_without_a_time_the_days_free_times_are_told() {
    Caller caller = aCallerOf(aCompany());
    LocalDate day = today().plusDays(4);
    Reply reply = caller.asks("check_availability", Map.of("date", day.toString()));
    assertThat(reply.status()).as(reply.answer().text()).isEqualTo("available");
    assertThat(reply.json().path("offers"))
        .hasSizeGreaterThan(2)
        .allSatisfy(
            offer ->
                assertThat(
                        Duration.between(day.atStartOfDay(Slots.BERLIN).toInstant(), start(offer)))
                    .isBetween(Duration.ZERO, Duration.ofHours(25)));
  }
}
