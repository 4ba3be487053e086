package io.callsync.gateway.retell;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.gateway.retell.BookingArguments.AskBack;
import io.callsync.gateway.retell.BookingArguments.Complete;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class BookingArgumentsTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2025-10-23T10:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'date':'2025-10-24','time':'14:00'}|2025-10-24T12:00:00Z",
        "{'datum':'24.10.2025','uhrzeit':'14:00'}|2025-10-24T12:00:00Z",
        "{'datum':'5.11.2025','uhrzeit':'9:45'}|2025-11-05T08:45:00Z",
        "{'start':'2025-10-24T14:00'}|2025-10-24T12:00:00Z",
        "{'start':'2025-10-24T14:00:00+02:00'}|2025-10-24T12:00:00Z",
        "{'datetime':'2025-10-24 14:00'}|2025-10-24T12:00:00Z",
        "{'datetime':'24.10.2025 14:00'}|2025-10-24T12:00:00Z"
      })
  void what_agents_send_becomes_the_instant_that_was_meant(String args, Instant expected) {
    assertThat(parse(args, true))
        .isInstanceOfSatisfying(Complete.class, c -> assertThat(c.start()).isEqualTo(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|date_required",
        "{'date':'{{user_datum}}','time':'14:00'}|date_required",
        "{'date':'2025-10-24'}|time_required",
        "{'date':'diese Woche','time':'14:00'}|date_unclear",
        "{'date':'31.02.2026','time':'14:00'}|date_unclear",
        "{'date':'2026-03-29','time':'02:30'}|date_unclear",
        "{'date':'2025-10-26','time':'02:30'}|date_unclear",
        "{'date':'2025-10-23','time':'09:00'}|time_past",
        "{'date':'2023-06-13','time':'09:00'}|date_unclear",
        "{'date':'2025-10-24','datum':'25.10.2025','time':'14:00'}|invalid_arguments"
      })
  void nothing_is_guessed(String args, String status) {
    assertThat(parse(args, true))
        .isInstanceOfSatisfying(AskBack.class, ask -> assertThat(ask.status()).isEqualTo(status));
  }

  @Test
  void a_booking_needs_a_name_and_a_placeholder_is_none() {
    String slot = "{'date':'2025-10-24','time':'14:00','name':'%s'}";
    assertThat(parse(slot.formatted("Unbekannt"), false)).isEqualTo(new AskBack("name_required"));
    assertThat(parse(slot.formatted("{{customer_name}}"), false))
        .isEqualTo(new AskBack("name_required"));
    assertThat(parse(slot.formatted("Erika Beispiel"), false)).isInstanceOf(Complete.class);
  }

  @Test
  void an_unreadable_optional_value_is_said_and_stops_nothing() {
    assertThat(
            parse(
                "{'date':'2025-10-24','time':'14:00','email':'erika beispiel at Gmail','phone':'anonymous'}",
                true))
        .isInstanceOfSatisfying(
            Complete.class,
            c -> {
              assertThat(c.email()).isNull();
              assertThat(c.ignored()).containsExactly("email", "phone");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'datum':'morgen','uhrzeit':'10 Uhr'}|2025-10-24T08:00:00Z",
        "{'datum':'11.11.','uhrzeit':'15:00'}|2025-11-11T14:00:00Z",
        "{'datum':'Dienstag, den 11. November','uhrzeit':'9:45'}|2025-11-11T08:45:00Z",
        "{'date':'2025-10-24','time':'halb drei'}|2025-10-24T12:30:00Z",
        "{'datetime':'morgen 14:00'}|2025-10-24T12:00:00Z",
        "{'datetime':'2025-10-24T14:00:00Z'}|2025-10-24T14:00:00Z",
        "{'date':'2025-10-24 14:00'}|2025-10-24T12:00:00Z",
        "{'preferred_date':'2025-10-24','preferred_time':'14:00'}|2025-10-24T12:00:00Z",
        "{'date':'2025-10-24','time':'14:00','execution_message':'x','call_id':'1'}|2025-10-24T12:00:00Z"
      })
  void FN_04_what_callers_and_prompts_say_is_understood(String args, Instant expected) {
    assertThat(parse(args, true))
        .isInstanceOfSatisfying(Complete.class, c -> assertThat(c.start()).isEqualTo(expected));
  }

  @Test
  void TIME_01_a_date_of_another_year_is_asked_back_with_the_day_that_was_meant() {
    assertThat(parse("{'date':'24.10.2023','time':'14:00'}", true))
        .isEqualTo(new AskBack("date_unclear", LocalDate.of(2025, 10, 24)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'date':'2025-10-24','time':'vormittags ab 9 Uhr'}|time_required",
        "{'date':'2025-10-24','time':'nachmittags'}|time_required",
        "{'time':'14:00'}|date_required",
        "{'date':'heute','time':'09:00'}|time_past"
      })
  void TIME_06_what_is_vague_is_never_made_a_time(String args, String status) {
    assertThat(parse(args, true))
        .isInstanceOfSatisfying(AskBack.class, ask -> assertThat(ask.status()).isEqualTo(status));
  }

  @Test
  void AVL_02_an_offer_needs_no_date() {
    Instant offered = Instant.parse("2025-10-25T08:00:00Z");
    assertThat(
            BookingArguments.parse(
                new Arguments(JsonMapper.shared().readTree("{\"name\":\"E\"}")),
                BERLIN,
                NOW,
                offered))
        .isInstanceOfSatisfying(Complete.class, c -> assertThat(c.start()).isEqualTo(offered));
  }

  private static BookingArguments parse(String args, boolean named) {
    String json = args.replace('\'', '"');
    if (named) {
      json = json.equals("{}") ? "{\"name\":\"E\"}" : json.replaceFirst("\\{", "{\"name\":\"E\",");
    }
    return BookingArguments.parse(
        new Arguments(JsonMapper.shared().readTree(json)), BERLIN, NOW, null);
  }
}
