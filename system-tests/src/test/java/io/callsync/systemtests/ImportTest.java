package io.callsync.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.Part;
import io.callsync.systemtests.Calcom.Held;
import io.callsync.systemtests.Operator.Typed;
import io.callsync.systemtests.Rows.Appointment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The predecessor's tables come in with their ids, and what is broken in them is said. */
@Execution(ExecutionMode.SAME_THREAD)
class ImportTest extends SystemTest {

  private static final Duration UNTIL_SEEN = Duration.ofSeconds(60);

  private static final DateTimeFormatter WALL_CLOCK =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private static final List<String> FIXTURE =
      List.of(
          "companies.csv",
          "branches.csv",
          "phone_numbers.sql",
          "phone_numbers.tsv",
          "services.csv",
          "staff.jsonl",
          "customers.sql",
          "customers.txt",
          "calls.csv",
          "appointments.jsonl");

  /** The newer of the two companies of the fixture. */
  private static final Company NEW =
      new Company(715, "+493023125715", 71501, "Herrenhaarschnitt", 45, 715001);

  @TempDir private Path tables;

  private final Operator operator = new Operator(stack);

  @AfterEach
  void everything_runs_again() {
    stack.start(EnumSet.of(Part.GATEWAY));
  }

  @Test
  void the_predecessors_tables_come_in_with_their_ids_and_a_second_time_nothing_changes() {
    calcom.offers(NEW.eventTypeId(), NEW.service(), NEW.minutes(), false);
    // Both were booked in the predecessor's time, so nobody tells us of them.
    calcom.delivers("none");
    ZonedDateTime start = aFreeStart();
    Held moved = calcom.isBookedOnItsPage(NEW, start, "Max Muster", "+491713927002");
    Held guessed = calcom.isBookedOnItsPage(NEW, aFreeStart(), "Max Muster", "+491713927002");
    fixture(
        Map.of(
            "${FUTURE_START}", start.format(WALL_CLOCK),
            "${FUTURE_UID}", moved.uid(),
            "${FUTURE_ID}", "" + moved.id(),
            "${D1_ID}", "" + guessed.id(),
            "${D1_GUESS}", start.plusDays(1).format(WALL_CLOCK)));

    List<Map<String, Object>> progress = progress();
    Typed shown = operator.types("import", tables.toString(), "--dry-run", "--json");
    assertThat(shown.status()).as(shown.output()).isEqualTo(1);
    assertThat(imported()).isEmpty();
    assertThat(
            rows.queryIn("gateway", "select from directory_entry where company_id in (701, 715)"))
        .isEmpty();
    assertThat(progress()).isEqualTo(progress);
    assertThat(operator.types("import", tables.toString()).output())
        .contains("nothing was changed");
    assertThat(imported()).isEmpty();

    Typed done = operator.types("import", tables.toString(), "--yes", "--json");
    assertThat(done.status()).as(done.output()).isEqualTo(1);
    assertThat(report(done)).isEqualTo(report(shown));
    seesTheOldRows(start);
    saysWhatIsBroken(report(done));
    staysBroken("CALCOM_ID_MISSING", "appointment", 509);
    staysBroken("COMPANY_MISMATCH", "appointment", 515);

    List<Map<String, Object>> before = imported();
    Typed again = operator.types("import", tables.toString(), "--yes", "--json");
    assertThat(imported()).isEqualTo(before);
    assertThat(report(again).path("broken")).isEqualTo(report(done).path("broken"));
    assertThat(report(again).path("tables").toString()).doesNotContain("\"new\"", "\"changed\"");

    Typed found = operator.types("backfill", "307", "--yes");
    assertThat(found.status()).as(found.output()).isZero();
    eventually(
        () ->
            assertThat(rows.appointmentsWithUid(guessed.uid()))
                .singleElement()
                .satisfies(
                    a -> {
                      assertThat(a.callId()).isEqualTo(307);
                      assertThat(a.customerId()).isEqualTo(34);
                      assertThat(a.startsAt()).isEqualTo(guessed.start());
                    }));
  }

  /** As the rows of the old tables say, each of them with its own trap. */
  private void seesTheOldRows(ZonedDateTime start) {
    eventually(
        UNTIL_SEEN,
        () ->
            assertThat(
                    rows
                        .query(
                            "select id, call_id, customer_id, company_id, status, starts_at from appointments where id < 1000 order by id")
                        .stream()
                        .map(ImportTest::line))
                .containsExactly(
                    "501 303 33 715 confirmed 2025-10-24T12:00:00Z",
                    "502 304 34 715 confirmed 2025-10-24T12:00:00Z",
                    "503 311 33 715 confirmed 2025-10-29T09:00:00Z",
                    "504 313 34 715 completed 2025-11-12T14:30:00Z",
                    "505 315 33 715 confirmed 2025-11-13T14:30:00Z",
                    "506 316 34 715 confirmed 2025-11-14T14:30:00Z",
                    "507 308 34 715 completed 2025-10-27T09:00:00Z",
                    "508 320 34 715 confirmed " + start.toInstant(),
                    "509 - 34 715 pending 2025-11-16T10:00:00Z",
                    "510 - 34 715 cancelled -",
                    "512 - 34 715 cancelled 2025-11-18T09:00:00Z",
                    "513 - 34 715 no_show 2025-11-19T10:00:00Z",
                    "514 - 34 715 confirmed 2025-11-20T09:00:00Z",
                    "515 - 44 715 cancelled 2025-11-21T09:00:00Z"));
    eventually(
        () -> {
          assertThat(rows.query("select call_id from appointment_calls where appointment_id = 503"))
              .extracting(row -> row.get("call_id"))
              .containsExactly(312L);
          assertThat(
                  rows.query(
                      "select call_id from appointments where call_id in (305, 306) and id >= 1000000 and starts_at is not null"))
              .hasSize(2);
          assertThat(rows.query("select id, status from calls where id < 1000 order by id"))
              .hasSize(19)
              .filteredOn(row -> row.get("status").equals("end_unknown"))
              .singleElement()
              .satisfies(row -> assertThat(row.get("id")).isEqualTo(318L));
          assertThat(
                  rows.query(
                      "select id, name, phone, email from customers where id in (36, 37, 38, 40, 41)"))
              .allMatch(row -> row.get("phone") == null && row.get("email") == null);
          assertThat(rows.query("select id, phone from customers where phone = '+491713927002'"))
              .hasSize(2);
          assertThat(
                  rows.query(
                      "select booking_details->>'date' as day from calls where id in (301, 302)"))
              .extracting(row -> row.get("day"))
              .containsExactly("2025-10-24", "2025-10-24");
          for (int call = 301; call <= 320; call++) {
            if (call != 314) {
              assertThat(violations(call)).as("call %d", call).isEmpty();
            }
          }
        });
  }

  private JsonNode violations(int call) {
    try {
      return validator.chain("" + call).path("violations");
    } catch (UncheckedIOException notSeenYet) {
      throw new AssertionError("the validator does not know call " + call, notSeenYet);
    }
  }

  private static void saysWhatIsBroken(JsonNode report) {
    JsonNode broken = report.path("broken");
    assertThat(broken.propertyNames())
        .contains(
            "booking_without_row",
            "calcom_id_missing",
            "calcom_uid_missing",
            "claim_without_booking",
            "company_mismatch",
            "company_missing",
            "composite",
            "customer_company_found",
            "customer_company_unknown",
            "customer_of_other_company",
            "deleted",
            "end_unknown",
            "event_type_missing",
            "look_up_at_calcom",
            "one_booking_several_rows",
            "phone_booking_without_call",
            "phone_fallback",
            "phone_twice",
            "temp_call_joined",
            "test_call",
            "two_calls_one_booking",
            "zone_unresolved");
    assertThat(broken.at("/two_calls_one_booking/examples").toString())
        .isEqualTo("[\"calls:312\"]");
    assertThat(broken.at("/company_mismatch/examples").toString())
        .isEqualTo("[\"appointments:506\"]");
    assertThat(report.toString()).doesNotContain("Beispiel", "Muster", "+49", "cal_live");
  }

  @Test
  void what_is_known_here_keeps_its_id_and_what_calcom_said_of_it() throws IOException {
    Booked booked = aBookedCall(Company.A);
    Files.writeString(
        tables.resolve("calls.jsonl"),
        """
        {"id":900001,"retell_call_id":"%s","company_id":1,"status":"ended","start_timestamp":1700000000000,"duration_ms":1}
        """
            .formatted(booked.caller().callId()));
    Files.writeString(
        tables.resolve("appointments.jsonl"),
        """
        {"id":900002,"company_id":2,"call_id":900001,"calcom_v2_booking_id":"%s","starts_at":"2024-01-10 10:00:00","status":"cancelled","source":"calcom"}
        """
            .formatted(booked.uid()));
    Typed done = operator.types("import", tables.toString(), "--yes", "--json");
    assertThat(report(done).at("/broken/known_under_another_id/examples").toString())
        .isEqualTo("[\"calls:900001\",\"appointments:900002\"]");
    assertThat(report(done).at("/tables/appointments").toString()).isEqualTo("{\"unchanged\":1}");
    assertThat(rows.appointment(900002)).isEmpty();
    assertThat(rows.appointments(booked.caller()))
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a.id()).isEqualTo(booked.appointment().id());
              assertThat(a.status()).isEqualTo("confirmed");
              assertThat(a.startsAt()).isEqualTo(booked.start().toInstant());
              assertThat(a.companyId()).isEqualTo(1);
            });
    assertThat(topics.booking(booked.reply().bookingId()))
        .noneMatch(event -> event.getMeta().getSource().equals("import"));
  }

  @Test
  void DATA_02_what_only_an_old_call_tells_of_comes_in_by_the_rules_of_the_live_path()
      throws IOException {
    Company own = aCompany();
    // Nobody told us of it when it was booked; the old call knows neither company nor customer.
    calcom.delivers("none");
    Held held = calcom.isBookedOnItsPage(own, aFreeStart(), "Erika Beispiel", "+491713929001");
    Files.writeString(
        tables.resolve("calls.jsonl"),
        """
        {"id":910101,"retell_call_id":"call_0a1b2c3d4e5f60718293910101","from_number":"+491713929001","to_number":"%s","status":"ended","start_timestamp":1700000000000,"duration_ms":60000,"booking_confirmed":1,"booking_details":{"calcom_booking":%s}}
        """
            .formatted(own.number(), held.json()));
    Typed shown = operator.types("import", tables.toString(), "--dry-run", "--json");
    Typed done = operator.types("import", tables.toString(), "--yes", "--json");
    assertThat(report(done)).as(done.output()).isEqualTo(report(shown));
    eventually(
        () ->
            assertThat(
                    rows.query(
                        """
                        select a.call_id, a.company_id, k.company_id as customer_of, k.phone, a.status, a.starts_at
                        from appointments a join customers k on k.id = a.customer_id where a.external_id = ?
                        """,
                        held.uid()))
                .singleElement()
                .extracting(ImportTest::line)
                .isEqualTo(
                    "910101 %d %d +491713929001 confirmed %s"
                        .formatted(own.id(), own.id(), held.start())));
    Appointment appointment = rows.appointmentsWithUid(held.uid()).getFirst();
    int told = topics.booking(appointment.bookingId().toString()).size();

    operator.types("import", tables.toString(), "--yes");
    assertThat(topics.booking(appointment.bookingId().toString())).hasSize(told);
    calcom.delivers("with");
    calcom.tells(held.uid(), "created");
    calcom.cancels(held.uid());
    eventually(
        () ->
            assertThat(rows.appointmentsWithUid(held.uid()))
                .singleElement()
                .satisfies(
                    a -> {
                      assertThat(a.id()).isEqualTo(appointment.id());
                      assertThat(a.callId()).isEqualTo(910101);
                      assertThat(a.status()).isEqualTo("cancelled");
                    }));
  }

  @Test
  void an_id_that_another_booking_holds_is_reported_and_never_overwritten() throws IOException {
    String row =
        """
        {"id":900003,"company_id":2,"calcom_v2_booking_id":"%s","starts_at":"2024-01-10 10:00:00","status":"cancelled","source":"calcom"}
        """;
    Files.writeString(tables.resolve("appointments.jsonl"), row.formatted("oLdOne0123456789"));
    assertThat(operator.types("import", tables.toString(), "--yes").status()).isZero();
    Files.writeString(tables.resolve("appointments.jsonl"), row.formatted("oLdTwo0123456789"));
    Typed refused = operator.types("import", tables.toString(), "--yes", "--json");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(report(refused).at("/broken/id_taken/examples").toString())
        .isEqualTo("[\"appointments:900003\"]");
    eventually(
        () ->
            assertThat(rows.appointment(900003).map(Appointment::uid))
                .hasValue("oLdOne0123456789"));
    assertThat(rows.appointmentsWithUid("oLdTwo0123456789")).isEmpty();
  }

  @Test
  void rows_that_the_database_refuses_are_reported_and_the_others_come_in() throws IOException {
    Company company = aCompany();
    int refused = 100;
    var calls = new StringBuilder();
    for (int n = 0; n <= refused; n++) {
      calls.append(
          """
          {"id":%d,"retell_call_id":"call_%s%021d","company_id":%d,"to_number":"%s","status":"ended","start_timestamp":1700000000000,"duration_ms":60000}
          """
              .formatted(
                  500_000 + n,
                  n < refused ? "refused" : "taken",
                  n,
                  company.id(),
                  company.number()));
    }
    Files.writeString(tables.resolve("calls.jsonl"), calls);
    rows.updateIn(
        "gateway",
        """
        create function museum() returns trigger language plpgsql as $$
        begin
          if new.retell_call_id like 'call_refused%' then raise check_violation; end if;
          return new;
        end $$;
        create trigger museum before insert on call for each row execute function museum()
        """);
    try {
      Typed done = operator.types("import", tables.toString(), "--yes", "--json");
      assertThat(done.status()).as(done.output()).isEqualTo(1);
      assertThat(report(done).at("/broken/refused/count").asInt()).isEqualTo(refused);
      assertThat(report(done).at("/tables/calls/new").asInt()).isEqualTo(1);
    } finally {
      rows.updateIn("gateway", "drop function museum() cascade");
    }
  }

  @Test
  void an_import_goes_on_after_the_gateway_was_killed_over_it_and_doubles_nothing() {
    int many = 700;
    generate(200_000, many);
    String reason = "killed over it, " + aFreeStart();
    Typed shown = operator.types("import", tables.toString(), "--dry-run", "--json");
    CompletableFuture<Typed> typed =
        CompletableFuture.supplyAsync(
            () ->
                operator.types("import", tables.toString(), "--yes", "--json", "--reason", reason));
    eventually(UNTIL_SEEN, () -> assertThat(done()).isGreaterThan(200));
    stack.kill(Part.GATEWAY);
    assertThat(done()).isLessThan(2L * many);
    stack.start(EnumSet.of(Part.GATEWAY));
    Typed done = typed.join();
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(Http.JSON.readTree(done.output()).path("goneOnFrom").asLong()).isPositive();
    assertThat(report(done).path("broken")).isEqualTo(report(shown).path("broken"));
    for (String table : List.of("customers", "calls", "appointments")) {
      assertThat(report(done).path("tables").path(table))
          .isEqualTo(report(shown).path("tables").path(table));
    }
    eventually(
        UNTIL_SEEN,
        () ->
            assertThat(
                    rows.query(
                        """
                        select a.id from appointments a join calls c on c.id = a.call_id and c.id = a.id
                        where c.id >= 200000 and c.id < 300000 and a.status = 'cancelled' and a.revision = 1 and c.revision = 2
                        """))
                .hasSize(many));
    eventually(
        UNTIL_SEEN,
        () ->
            assertThat(jobs(reason))
                .extracting(job -> job.get("state"))
                .containsExactly("failed", "done"));
    assertThat(String.valueOf(jobs(reason).getFirst().get("trouble")))
        .contains("Its gateway was stopped over it", "the same command again");
    eventually(
        () ->
            assertThat(actions(reason))
                .extracting(action -> action.get("outcome"))
                // In between it was too early: the killed one's lease had not run out.
                .startsWith("failed")
                .endsWith("ok")
                .containsOnly("failed", "refused", "ok"));
    eventually(
        UNTIL_SEEN, () -> assertThat(validator.summary().path("pendingChecks").asInt()).isZero());
  }

  @Test
  void an_import_is_a_job_that_ends_before_its_next_page_and_goes_on_with_the_same_command() {
    int many = 600;
    generate(300_000, many);
    String reason = "cancelled, " + aFreeStart();
    CompletableFuture<Typed> typed =
        CompletableFuture.supplyAsync(
            () -> operator.types("import", tables.toString(), "--yes", "--reason", reason));
    eventually(UNTIL_SEEN, () -> assertThat(done()).isGreaterThan(100));
    String job = "g" + jobs(reason).getFirst().get("id");
    assertThat(gateway.operator("DELETE", "/ops/jobs/" + job, new byte[0]).status()).isEqualTo(200);
    Typed ended = typed.join();
    assertThat(ended.status()).as(ended.output()).isEqualTo(1);
    assertThat(ended.output())
        .contains(
            "job " + job + "; it goes on without you", "cancelled after ", "goes on where it was");
    long brought = done();
    assertThat(brought).isBetween(101L, 2L * many);
    assertThat(jobs(reason))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("state", "cancelled")
                    .containsEntry("done", brought)
                    .containsEntry("total", 2L * many + 1));
    assertThat(operator.types("jobs", "cancel", job).output())
        .contains("Job " + job + " is cancelled: there is nothing to cancel.");
    eventually(
        () ->
            assertThat(actions(reason))
                .singleElement()
                .satisfies(
                    row ->
                        assertThat(row)
                            .containsEntry("outcome", "failed")
                            .containsEntry(
                                "detail",
                                "cancelled after %d of %d rows".formatted(brought, 2 * many + 1))));

    Typed done = operator.types("import", tables.toString(), "--yes", "--json", "--reason", reason);
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(Http.JSON.readTree(done.output()).path("goneOnFrom").asLong()).isEqualTo(brought);
    assertThat(operator.types("jobs").output())
        .containsPattern("g\\d+ +import +done .*" + reason.substring(0, 9));
    eventually(
        UNTIL_SEEN, () -> assertThat(validator.summary().path("pendingChecks").asInt()).isZero());
  }

  private List<Map<String, Object>> jobs(String reason) {
    return rows.queryIn("gateway", "select * from job where reason = ? order by id", reason);
  }

  private List<Map<String, Object>> actions(String reason) {
    return rows.queryIn(
        "gateway",
        "select * from operator_action where reason = ? and command = 'import' order by id",
        reason);
  }

  private long done() {
    return rows
        .queryIn(
            "gateway", "select done from import_progress where total > 100 and finished_at is null")
        .stream()
        .mapToLong(row -> (Long) row.get("done"))
        .sum();
  }

  private List<Map<String, Object>> progress() {
    return rows.queryIn("gateway", "select content_hash, done from import_progress order by 1");
  }

  private static JsonNode report(Typed typed) {
    return Http.JSON.readTree(typed.output()).path("report");
  }

  /** The state of all that came from the fixture, with its revisions. */
  private List<Map<String, Object>> imported() {
    return rows.queryIn(
        "gateway",
        """
        select 'call' as what, call_id as id, revision, state::text from call where call_id < 1000
        union all
        select 'customer', customer_id, revision, state::text from customer where customer_id < 1000
        union all
        select 'booking', appointment_id, revision, state::text from booking
        where state -> 'predecessor' ->> 'reference' in ('calls:305', 'calls:306', 'calls:307') or appointment_id < 1000
        order by 1, 2
        """);
  }

  private static String line(Map<String, Object> row) {
    return row.values().stream()
        .map(value -> Objects.toString(value, "-"))
        .collect(Collectors.joining(" "));
  }

  private void fixture(Map<String, String> values) {
    for (String name : FIXTURE) {
      try (InputStream file = getClass().getResourceAsStream("/predecessor/" + name)) {
        String text = new String(file.readAllBytes(), UTF_8);
        for (Map.Entry<String, String> value : values.entrySet()) {
          text = text.replace(value.getKey(), value.getValue());
        }
        Files.writeString(tables.resolve(name), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Calls of two years ago, each with an appointment that was cancelled. */
  private void generate(int from, int many) {
    Company company = aCompany();
    var calls = new StringBuilder();
    var appointments = new StringBuilder();
    for (int n = 0; n < many; n++) {
      int id = from + n;
      calls.append(
          """
          {"id":%d,"retell_call_id":"call_killed%021d","company_id":%d,"customer_id":%d,"from_number":"+491713928001","to_number":"%s","status":"ended","start_timestamp":%d,"duration_ms":60000}
          """
              .formatted(
                  id,
                  id,
                  company.id(),
                  from + 1,
                  company.number(),
                  1_700_000_000_000L + n * 60_000L));
      appointments.append(
          """
          {"id":%d,"company_id":%d,"customer_id":%d,"call_id":%d,"calcom_v2_booking_id":"oLdKilled%012d","starts_at":"2024-01-10 10:00:00","status":"cancelled","source":"calcom"}
          """
              .formatted(id, company.id(), from + 1, id, id));
    }
    try {
      Files.writeString(
          tables.resolve("customers.jsonl"),
          """
          {"id":%d,"company_id":%d,"name":"Erika Beispiel","phone":"+491713928001"}
          """
              .formatted(from + 1, company.id()));
      Files.writeString(tables.resolve("calls.jsonl"), calls);
      Files.writeString(tables.resolve("appointments.jsonl"), appointments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
