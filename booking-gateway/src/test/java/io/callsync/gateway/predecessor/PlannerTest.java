package io.callsync.gateway.predecessor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.predecessor.OldFiles.FilesRefused;
import io.callsync.gateway.predecessor.Plan.BookingStep;
import io.callsync.gateway.predecessor.Plan.CallStep;
import io.callsync.gateway.predecessor.Plan.CustomerStep;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of old rows, by what they say together. */
class PlannerTest {

  private static final String UID = "oLdUid7KEb8HKLUbWJ2b01";
  private static final String RETELL = "call_0a1b2c3d4e5f60718293a4b0001";

  private final Map<String, String> files = new LinkedHashMap<>();

  @Test
  void BOOK_04_two_calls_that_hold_one_booking_share_one_appointment_of_the_call_it_names() {
    calls(
        call(
            1,
            "\"start_timestamp\":2,\"booking_details\":"
                + booked(UID, 91, "call_b", "2025-10-24T12:00:00Z")),
        call(
            2,
            "\"retell_call_id\":\"call_b\",\"start_timestamp\":3,\"booking_details\":"
                + booked(UID, 91, "call_b", "2025-10-24T12:00:00Z")));
    appointments(
        "{\"id\":501,\"call_id\":1,\"starts_at\":\"2025-10-24 14:00:00\",\"calcom_v2_booking_id\":\"%s\",\"status\":\"confirmed\",\"source\":\"retell\"}"
            .formatted(UID));
    BookingStep booking = theBooking();
    assertThat(booking.maker()).extracting(OldCall::id).isEqualTo(2L);
    assertThat(booking.further()).extracting(OldCall::id).containsExactly(1L);
    assertThat(codes()).contains("two_calls_one_booking");
  }

  @ParameterizedTest
  @CsvSource({
    "2025-10-24 14:00:00, cal.com",
    "2025-10-24 12:00:00, retell_webhook",
    "2025-10-24 12:00:00,"
  })
  void the_zone_of_a_row_is_what_calcoms_time_proves_and_not_what_its_source_suggests(
      String wall, String source) {
    calls(call(1, "\"booking_details\":" + booked(UID, 91, RETELL, "2025-10-24T12:00:00Z")));
    appointments(row(501, wall, source));
    assertThat(theBooking().imported().startsAt()).isEqualTo("2025-10-24T12:00:00Z");
    assertThat(codes()).doesNotContain("start_differs_from_calcom", "zone_unresolved");
  }

  @ParameterizedTest
  @CsvSource({"retell_phone, 2025-10-24T12:00:00Z", "calcom_sync, 2025-10-24T14:00:00Z", ","})
  void without_proof_the_source_tells_the_zone_or_nothing_does(String source, String start) {
    appointments(row(501, "2025-10-24 14:00:00", source));
    assertThat(theBooking().imported().startsAt())
        .isEqualTo(start == null ? null : java.time.Instant.parse(start));
    assertThat(codes().contains("zone_unresolved")).isEqualTo(start == null);
  }

  @Test
  void GHOST_02_a_booking_that_was_never_written_down_becomes_an_appointment() {
    calls(
        call(
            1,
            "\"booking_confirmed\":0,\"booking_details\":"
                + booked(UID, 91, RETELL, "2025-10-24T12:00:00Z")));
    BookingStep booking = theBooking();
    assertThat(booking.table()).isEqualTo(OldTable.CALLS);
    assertThat(booking.imported().status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(booking.names()).extracting(Link::uid).containsExactly(UID);
    assertThat(codes()).contains("booking_without_row");
  }

  @Test
  void GHOST_04_a_guess_from_the_transcript_is_no_booking_until_calcom_says_so() {
    calls(
        call(
            1,
            "\"booking_confirmed\":1,\"booking_id\":\"4711\",\"booking_details\":{\"starts_at\":\"2025-10-24 14:00:00\",\"extracted_data\":{}}"),
        call(
            2,
            "\"retell_call_id\":\"call_b\",\"booking_details\":{\"starts_at\":\"2025-10-24 14:00:00\",\"extracted_data\":{}}"));
    BookingStep booking = theBooking();
    assertThat(booking.oldId()).isEqualTo(1);
    assertThat(booking.imported().status()).isEqualTo(BookingStatus.REQUESTED);
    assertThat(booking.imported().calcomBookingId()).isEqualTo(4711);
    assertThat(codes()).contains("look_up_at_calcom");
  }

  @Test
  void a_question_about_times_is_kept_and_is_no_booking() {
    calls(
        call(
            1,
            "\"booking_details\":\"{\\\"date\\\":\\\"2025-10-24\\\",\\\"checked_at\\\":\\\"x\\\"}\""));
    assertThat(plan().work()).singleElement().isInstanceOf(CallStep.class);
    assertThat(((CallStep) plan().work().getFirst()).imported().bookingDetails())
        .contains("2025-10-24");
  }

  @Test
  void a_row_without_a_name_at_calcom_gets_the_one_that_its_call_holds() {
    calls(call(1, "\"booking_details\":" + booked(UID, 91, RETELL, "2025-10-24T12:00:00Z")));
    appointments(
        "{\"id\":501,\"call_id\":1,\"starts_at\":\"2025-10-24 14:00:00\",\"status\":\"scheduled\",\"source\":\"phone\"}");
    BookingStep booking = theBooking();
    assertThat(booking.oldId()).isEqualTo(501);
    assertThat(booking.imported().status()).isEqualTo(BookingStatus.CONFIRMED);
    assertThat(booking.imported().calcomBookingId()).isEqualTo(91);
  }

  @Test
  void a_call_with_two_appointments_has_two() {
    calls(call(1, ""));
    appointments(
        "{\"id\":501,\"call_id\":1,\"calcom_v2_booking_id\":\"91\",\"status\":\"confirmed\"}",
        "{\"id\":502,\"call_id\":1,\"calcom_v2_booking_id\":\"92\",\"status\":\"confirmed\"}");
    assertThat(bookings()).extracting(BookingStep::oldId).containsExactly(501L, 502L);
  }

  @Test
  void TEN_02_the_company_is_that_of_the_service_and_the_old_one_is_reported() {
    files.put("companies.jsonl", "{\"id\":1,\"name\":\"A\"}\n{\"id\":15,\"name\":\"B\"}\n");
    files.put(
        "services.jsonl",
        "{\"id\":7,\"company_id\":15,\"name\":\"S\",\"duration_minutes\":30,\"calcom_event_type_id\":77}\n");
    files.put("customers.jsonl", "{\"id\":33,\"company_id\":null,\"name\":\"Erika Beispiel\"}\n");
    appointments(
        "{\"id\":501,\"company_id\":1,\"customer_id\":33,\"service_id\":7,\"calcom_v2_booking_id\":\"91\",\"status\":\"confirmed\"}");
    assertThat(theBooking().imported().companyId()).isEqualTo(15);
    assertThat(plan().work().getFirst())
        .isEqualTo(new CustomerStep(((CustomerStep) plan().work().getFirst()).customer(), 15));
    assertThat(codes()).contains("company_mismatch", "customer_company_found");
  }

  @Test
  void a_temporary_row_is_taken_for_its_call_only_by_equal_numbers_and_time() {
    calls(
        call(1, "\"from_number\":\"+491713927001\",\"start_timestamp\":1761213600000"),
        "{\"id\":2,\"retell_call_id\":\"temp_1_a\",\"from_number\":\"+491713927001\",\"start_timestamp\":1761213560000}",
        "{\"id\":3,\"retell_call_id\":\"temp_1_b\",\"from_number\":\"+491713927001\",\"start_timestamp\":1761213400000}");
    assertThat(plan().work()).hasSize(2);
    assertThat(plan().tally().broken().get("temp_call_joined").examples())
        .containsExactly("calls:2");
    assertThat(plan().tally().broken().get("temp_call").examples()).containsExactly("calls:3");
  }

  @Property(tries = 100)
  boolean the_order_of_rows_makes_no_difference(@ForAll Random order) {
    List<String> calls =
        new ArrayList<>(
            List.of(
                call(1, "\"booking_details\":" + booked(UID, 91, "call_b", "2025-10-24T12:00:00Z")),
                call(2, "\"retell_call_id\":\"call_b\",\"start_timestamp\":\"1761213600000\""),
                call(
                    3,
                    "\"retell_call_id\":\"call_c\",\"booking_id\":\"93\",\"appointment_id\":502")));
    List<String> rows =
        new ArrayList<>(
            List.of(
                "{\"id\":501,\"call_id\":2,\"calcom_v2_booking_id\":\"91\",\"starts_at\":\"2025-10-24 14:00:00\"}",
                "{\"id\":502,\"call_id\":3,\"external_id\":\"%s\",\"calcom_booking_id\":93}"
                    .formatted(UID.replace('1', '2')),
                "{\"id\":503,\"call_id\":1,\"calcom_v2_booking_id\":\"%s\"}".formatted(UID)));
    calls(calls.toArray(String[]::new));
    appointments(rows.toArray(String[]::new));
    Set<String> planned = told();
    Collections.shuffle(calls, order);
    Collections.shuffle(rows, order);
    calls(calls.toArray(String[]::new));
    appointments(rows.toArray(String[]::new));
    return planned.size() == 2 && told().equals(planned);
  }

  private Set<String> told() {
    return bookings().stream()
        .map(
            b ->
                "%s by %s about %s at %s"
                    .formatted(
                        b.imported().reference(),
                        b.maker() == null ? "nobody" : b.maker().retellCallId(),
                        b.further().stream().map(OldCall::id).toList(),
                        b.imported().startsAt()))
        .collect(Collectors.toSet());
  }

  @Test
  void keys_and_transcripts_are_not_read_at_all() throws IOException, FilesRefused {
    files.put("companies.csv", "id,name,calcom_api_key,calcom_v2_api_key\n1,A,never,never\n");
    files.put("calls.csv", "id,retell_call_id,transcript,raw\n1,call_a,never,never\n");
    OldTables tables = OldTables.read(zip());
    assertThat(tables.directory().toString()).doesNotContain("never");
    assertThat(tables.calls().toString()).doesNotContain("never");
  }

  @Test
  void a_dump_without_header_is_read_by_its_definition_and_refused_without_one() {
    files.put("calls.txt", "1\tcall_a\t\\N\n");
    assertThatThrownBy(() -> OldTables.read(zip()))
        .isInstanceOf(FilesRefused.class)
        .hasMessageContaining("calls.sql");
    files.clear();
    files.put(
        "calls.sql",
        "CREATE TABLE `calls` (\n  `id` bigint,\n  `retell_call_id` text,\n  `summary` text\n);");
    files.put("calls.txt", "1\tcall_a\t\\N\n");
    assertThat(plan().work()).hasSize(1);
  }

  @Test
  void a_row_that_cannot_be_read_is_named_by_its_place_and_the_others_are_taken() {
    files.put("calls.csv", "id,retell_call_id\n1,call_a,more\n2,call_b\n");
    files.put("appointments.jsonl", "{\"id\":501}\nno json\n[1]\n");
    assertThat(plan().work()).hasSize(2);
    assertThat(plan().tally().broken().get("row_unreadable").examples())
        .containsExactly("calls:at 2", "appointments:at 2", "appointments:at 3");
  }

  @Test
  void the_same_files_have_the_same_name_and_the_same_plan() throws IOException, FilesRefused {
    calls(call(1, ""));
    assertThat(OldTables.read(zip()).contentHash()).isEqualTo(OldTables.read(zip()).contentHash());
    assertThat(plan()).isEqualTo(plan());
  }

  private static String call(long id, String more) {
    return "{\"id\":%d,%s%s}"
        .formatted(
            id,
            more.contains("\"retell_call_id\"") ? "" : "\"retell_call_id\":\"" + RETELL + "\"",
            more.isEmpty() || more.contains("\"retell_call_id\"") ? more : "," + more);
  }

  private static String row(long id, String wall, String source) {
    return "{\"id\":%d,\"starts_at\":\"%s\",\"calcom_v2_booking_id\":\"%s\",\"status\":\"confirmed\",\"source\":%s}"
        .formatted(id, wall, UID, source == null ? "null" : "\"" + source + "\"");
  }

  /** Shapes B and C, encoded twice. */
  private static String booked(String uid, long id, String call, String start) {
    JsonMapper json = JsonMapper.shared();
    return json.writeValueAsString(
        json.writeValueAsString(
            json.writeValueAsString(
                Map.of(
                    "calcom_booking",
                    Map.of(
                        "id",
                        id,
                        "uid",
                        uid,
                        "status",
                        "accepted",
                        "start",
                        start,
                        "metadata",
                        Map.of("call_id", call))))));
  }

  private void calls(String... rows) {
    files.put("calls.jsonl", String.join("\n", rows));
  }

  private void appointments(String... rows) {
    files.put("appointments.jsonl", String.join("\n", rows));
  }

  private Plan plan() {
    try {
      return Planner.plan(OldTables.read(zip()));
    } catch (IOException | FilesRefused e) {
      throw new AssertionError(e);
    }
  }

  private List<BookingStep> bookings() {
    return plan().work().stream()
        .filter(BookingStep.class::isInstance)
        .map(BookingStep.class::cast)
        .toList();
  }

  private BookingStep theBooking() {
    assertThat(bookings()).hasSize(1);
    return bookings().getFirst();
  }

  private Set<String> codes() {
    return plan().tally().broken().keySet();
  }

  private ByteArrayInputStream zip() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
        zip.closeEntry();
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }
}
