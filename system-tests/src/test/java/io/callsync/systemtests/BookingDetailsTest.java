package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Operator.Typed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What the predecessor's booking_details say of a booking is a fact of ours since the import, in
 * every shape, so a backfill finds it where rows and log have lost it.
 */
@Execution(ExecutionMode.SAME_THREAD)
class BookingDetailsTest extends SystemTest {

  private static final Duration UNTIL_SEEN = Duration.ofSeconds(60);
  private static final int FIRST = 400_001;

  /** A row of the old table calls. */
  private record OldCall(int id, String shape, Map<String, Object> columns) {}

  @TempDir private Path tables;

  private final Operator operator = new Operator(stack);
  private final Company company = aCompany();
  private final List<OldCall> calls = new ArrayList<>();

  @Test
  void DATA_02_what_booking_details_say_is_backfilled_in_every_shape_and_encoding()
      throws IOException {
    // It was booked in the predecessor's time, so nobody tells us of it.
    calcom.delivers("none");
    ZonedDateTime start = aFreeStart();
    Held once = calcom.isBookedOnItsPage(company, start, "Max Muster", Caller.freshNumber());
    ZonedDateTime other = aFreeStart();
    Held twice = calcom.isBookedOnItsPage(company, other, "Max Muster", Caller.freshNumber());
    for (boolean doubly : new boolean[] {false, true}) {
      call("A", doubly, question(), null);
      call("B", doubly, booked(), "booking_confirmed");
      var failed = booked();
      failed.put("appointment_creation_failed", true);
      failed.put("appointment_creation_error", "SQLSTATE[42S22]");
      call("C", doubly, failed, null);
      call("D1", doubly, guess(doubly ? other : start), "booking_confirmed");
      calls.getLast().columns().put("booking_id", (doubly ? twice : once).id());
      call("D2", doubly, guess(start), null);
      calls.getLast().columns().put("booking_failed", 1);
    }
    var lines = new StringBuilder();
    calls.forEach(call -> lines.append(Http.JSON.writeValueAsString(call.columns())).append('\n'));
    Files.writeString(tables.resolve("calls.jsonl"), lines);
    operator.types("import", tables.toString(), "--yes");
    eventually(UNTIL_SEEN, () -> assertThat(appointments()).isEqualTo(4));
    List<Map<String, Object>> before = seen();

    int last = FIRST + calls.size() - 1;
    // As if the topics had been cut: neither the rows nor their index know of any of it.
    rows.update("delete from appointments where call_id between ? and ?", FIRST, last);
    rows.update(
        "update calls set booking_details = null, booking_confirmed = false, customer_id = null, booking_ids = '{}' where id between ? and ?",
        FIRST,
        last);
    rows.update("delete from projected_event where call_id between ? and ?", FIRST, last);
    for (OldCall call : calls) {
      Typed done = operator.types("backfill", String.valueOf(call.id()), "--yes");
      assertThat(done.status()).as(call.shape() + ": " + done.output()).isZero();
      assertThat(done.output()).contains("the log has no event of it that was ever shown");
    }
    eventually(UNTIL_SEEN, () -> assertThat(appointments()).isEqualTo(6));
    assertThat(seen())
        .filteredOn(row -> !shape(row).equals("D1"))
        .isEqualTo(before.stream().filter(row -> !shape(row).equals("D1")).toList());
    assertThat(seen())
        .filteredOn(row -> shape(row).equals("D1"))
        .extracting(row -> row.get("external_id"))
        .containsExactly(once.uid(), twice.uid());
    assertThat(seen())
        .filteredOn(row -> shape(row).equals("A") || shape(row).equals("D2"))
        .allSatisfy(
            row -> {
              assertThat(row.get("appointment")).isNull();
              assertThat(row.get("booking_confirmed")).isEqualTo(false);
              assertThat(row.get("booking_details")).isNotNull();
            });

    // The log is whole in truth: the index is made so again.
    assertThat(operator.types("rebuild", "--yes").status()).isZero();
  }

  private String shape(Map<String, Object> row) {
    return calls.get((int) ((Long) row.get("id") - FIRST)).shape();
  }

  private long appointments() {
    return seen().stream().filter(row -> row.get("appointment") != null).count();
  }

  private List<Map<String, Object>> seen() {
    return rows.query(
        """
        select c.id, c.company_id, c.customer_id, c.booking_confirmed, c.booking_details,
               a.id as appointment, a.calcom_v2_booking_id, a.external_id, a.starts_at, a.ends_at, a.status,
               a.service_id, a.customer_id as booked_by, a.attendee_name
        from calls c left join appointments a on a.call_id = c.id
        where c.id between ? and ? order by c.id""",
        FIRST,
        FIRST + calls.size() - 1);
  }

  private void call(String shape, boolean doubly, Map<String, Object> details, String flag) {
    Map<String, Object> columns = new LinkedHashMap<>();
    int id = FIRST + calls.size();
    columns.put("id", id);
    columns.put("retell_call_id", retellId(id));
    columns.put("company_id", company.id());
    columns.put("from_number", "+491713929%03d".formatted(calls.size()));
    columns.put("to_number", company.number());
    columns.put("status", "ended");
    columns.put("start_timestamp", 1_700_000_000_000L + calls.size() * 60_000L);
    columns.put("duration_ms", 60_000);
    if (flag != null) {
      columns.put(flag, 1);
    }
    String text = Http.JSON.writeValueAsString(details);
    columns.put("booking_details", doubly ? Http.JSON.writeValueAsString(text) : text);
    calls.add(new OldCall(id, shape, columns));
  }

  private static String retellId(int id) {
    return "call_details%020d".formatted(id);
  }

  private Map<String, Object> question() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("date", "2024-02-01");
    details.put("time", "14:00");
    details.put("service", company.service());
    details.put("exact_time_available", false);
    details.put("alternatives_found", 3);
    details.put("checked_at", "2024-01-30 12:00:00");
    return details;
  }

  private Map<String, Object> booked() {
    int id = FIRST + calls.size();
    Map<String, Object> booking = new LinkedHashMap<>();
    booking.put("id", 90_000_000 + id);
    booking.put("uid", "oLdDetails%012d".formatted(id));
    booking.put("status", "accepted");
    booking.put("start", "2024-02-01T%02d:00:00Z".formatted(8 + calls.size()));
    booking.put("end", "2024-02-01T%02d:45:00Z".formatted(8 + calls.size()));
    booking.put("eventTypeId", company.eventTypeId());
    booking.put(
        "attendees",
        List.of(
            Map.of(
                "name",
                "Erika Beispiel",
                "phoneNumber",
                "+491713929%03d".formatted(calls.size()))));
    booking.put("metadata", Map.of("call_id", retellId(id)));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("confirmed_at", "2024-01-30T12:00:31+01:00");
    details.put("calcom_booking", booking);
    return details;
  }

  private Map<String, Object> guess(ZonedDateTime start) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("starts_at", start.toLocalDateTime().toString().replace('T', ' ') + ":00");
    details.put("duration_minutes", 45);
    details.put("service", company.service());
    details.put("patient_name", "Max Muster");
    details.put("extracted_data", Map.of("note", "er sagte \"Freitag\""));
    details.put("confidence", 82);
    return details;
  }
}
