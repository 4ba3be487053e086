package io.callsync.gateway.predecessor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Single values of the old tables. */
class OldValuesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Property
  boolean a_wall_clock_beside_its_instant_tells_its_zone(
      @ForAll @LongRange(min = 1_700_000_000, max = 1_800_000_000) long epoch,
      @ForAll boolean utc) {
    Instant real = Instant.ofEpochSecond(epoch);
    ZoneId zone = utc ? ZoneOffset.UTC : BERLIN;
    LocalDateTime wall = LocalDateTime.ofInstant(real, zone);
    Instant back = WallClock.at(wall, zone);
    return zone.equals(WallClock.zoneBy(wall, real, BERLIN)) && (back == null || back.equals(real));
  }

  @Property
  boolean a_wall_clock_of_another_time_tells_nothing(
      @ForAll @LongRange(min = 1_700_000_000, max = 1_800_000_000) long epoch,
      @ForAll @IntRange(min = 3, max = 20) int hours) {
    Instant real = Instant.ofEpochSecond(epoch);
    return WallClock.zoneBy(LocalDateTime.ofInstant(real, BERLIN).plusHours(hours), real, BERLIN)
        == null;
  }

  @Test
  void a_time_that_a_clock_showed_twice_or_never_is_not_guessed() {
    assertThat(WallClock.at(LocalDateTime.of(2025, 10, 26, 2, 30), BERLIN)).isNull();
    assertThat(WallClock.at(LocalDateTime.of(2026, 3, 29, 2, 30), BERLIN)).isNull();
    assertThat(WallClock.at(LocalDateTime.of(2025, 10, 26, 3, 30), BERLIN))
        .isEqualTo("2025-10-26T02:30:00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1761213600000", "1761213600", "2025-10-23 10:00:00", "2025-10-23T10:00:00.000Z"})
  void retells_timestamps_are_read_in_every_version(String text) {
    assertThat(WallClock.timestamp(text)).isEqualTo("2025-10-23T10:00:00Z");
  }

  @Property
  boolean an_id_is_a_number_a_uid_or_nothing_wherever_it_stands(
      @ForAll @LongRange(min = 1, max = 99_999_999) long id, @ForAll boolean swapped) {
    String uid = "7KEb8HKLUbWJ2bFbkKcZ1S";
    CalcomNames names =
        CalcomNames.of(
            swapped
                ? Arrays.asList(uid, null, "" + id, "0", "confirmed")
                : Arrays.asList("" + id, "", uid, null, "x"),
            null);
    return names.equals(new CalcomNames(id, uid, null, true));
  }

  @Test
  void names_that_differ_are_said_to() {
    assertThat(CalcomNames.of(List.of("7KEb8HKLUbWJ2bFbkKcZ1S", "8KEb8HKLUbWJ2bFbkKcZ1S"), null))
        .isEqualTo(new CalcomNames(null, "7KEb8HKLUbWJ2bFbkKcZ1S", null, false));
    assertThat(CalcomNames.isUid("0b1c2d3e-0000-4000-8000-000000000715")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "+491713927001, +491713927001",
    "0171 3927001, +491713927001",
    "anonymous_1759741234_ab12cd34,",
    "anonymous_backfill_17597,",
    "anonymous,",
    "unknown,",
    "'',"
  })
  void only_a_number_is_a_phone(String text, String expected) {
    assertThat(OldContact.phone(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Erika@Example.org, erika@example.org",
    "termin@betreiber.example,",
    "booking@temp.de,",
    "customer_38@placeholder.example,",
    "otto@tempmail.example,",
    "noreply@salon.example,",
    "erika at gmail,"
  })
  void only_an_own_address_is_an_email(String text, String expected) {
    assertThat(OldContact.email(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "Erika Beispiel, Erika Beispiel",
    "Anonyma Beispiel, Anonyma Beispiel",
    "Unbekannt,",
    "Unbekannt #4711,",
    "Anonym (abc),",
    "Anonymer Anrufer,",
    "Unknown,"
  })
  void a_placeholder_is_no_name(String text, String expected) {
    assertThat(OldContact.name(text)).isEqualTo(expected);
  }

  @Test
  void the_called_line_may_lack_its_plus() {
    assertThat(OldContact.line("493023125701")).isEqualTo("+493023125701");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "", "null", "free text", "\"free text\"", "{broken", "7"})
  void what_is_no_object_is_an_empty_one(String text) {
    assertThat(NestedJson.object(text)).isEmpty();
  }

  @Test
  void an_object_is_found_under_two_further_encodings_and_mysqls_escapes_and_not_under_three() {
    JsonMapper json = JsonMapper.shared();
    String once = "{\"a\":\"b \\\"c\\\"\"}";
    String twice = json.writeValueAsString(once);
    String thrice = json.writeValueAsString(twice);
    assertThat(NestedJson.object(once).path("a").asString()).isEqualTo("b \"c\"");
    assertThat(NestedJson.object(twice)).isEqualTo(NestedJson.object(once));
    assertThat(NestedJson.object(thrice)).isEqualTo(NestedJson.object(once));
    assertThat(NestedJson.object(json.writeValueAsString(thrice))).isEmpty();
    assertThat(NestedJson.object("{\\\"a\\\":1}").path("a").asInt()).isEqualTo(1);
  }
}
