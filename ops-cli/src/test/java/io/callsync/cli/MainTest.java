package io.callsync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against a server that answers as the services agreed to. */
class MainTest {

  private static final String TOKEN = "0123456789abcdef";

  private static final String WHOLE =
      """
      {"call":{"id":3,"retellCallId":"call_0a1b","startedAt":"2025-10-23T10:00:00Z","endedAt":null,"fromNumber":"+491713920001",
               "toNumber":"+493023125001","status":"ended","companyId":1,"customerId":1,"bookingConfirmed":true},
       "company":{"id":1,"name":"Salon Beispiel","timezone":"Europe/Berlin"},
       "customer":{"id":1,"name":"Erika Beispiel","phone":"+491713920001","email":null},
       "appointments":[{"id":501,"bookingId":"0b6e","startsAt":"2025-10-24T12:00:00Z","endsAt":"2025-10-24T12:55:00Z",
               "timezone":"Europe/Berlin","status":"confirmed","calcomBookingId":9001,"calcomUid":"uid1","service":"Herrenhaarschnitt"}],
       "wishes":[],"violations":[],"checkedRules":["A","B","C"],"status":"linked","passed":true}
      """;

  private static final String BROKEN =
      """
      {"call":{"id":4,"retellCallId":"call_4","startedAt":null,"status":"ended","companyId":null,"bookingConfirmed":true},
       "company":null,"customer":null,"appointments":[],
       "wishes":[{"bookingId":"0b6e","status":"requested","requestedAt":"2025-10-23T10:00:00Z","inDoubt":true}],
       "violations":[{"rule":"CALL_WITHOUT_COMPANY","severity":"error","subject":"call:4","message":"Call 4 belongs to no company.",
                      "remedy":"appointments directory import FILE","state":"OPEN"}],
       "checkedRules":["A","B","C"],"status":"broken","passed":false}
      """;

  private static final String TABLE =
      """
      {"chains":[
         {"callId":3,"retellCallId":"call_0a1b","startedAt":"2025-10-23T10:00:00Z","companyId":1,"company":"Salon Beispiel","customerId":1,
          "appointmentIds":[501],"status":"linked","violations":[]},
         {"callId":4,"retellCallId":"call_4","startedAt":null,"companyId":null,"company":null,"customerId":null,
          "appointmentIds":[],"status":"%s","violations":%s}],
       "summary":{"bookingCalls":2,"linked":1,"broken":%d,"checking":0,"pending":1,"notBooked":0,"openViolations":%d,"pendingChecks":0,
                  "validatedUpTo":"2025-10-23T10:00:09Z","positions":{"booking-events-0":7}}}
      """;

  private static final String JOB =
      """
      {"id":3,"kind":"rebuild","order":{"author":"erika","reason":"a ticket"},"state":"%1$s","applies":%2$s,"phase":"folding",
       "unit":"events","done":1234,"total":5000,"perSecond":617,"secondsLeft":6,"differences":%3$d,"missingRevisions":0,
       "trouble":null,"createdAt":"2026-01-31T12:00:00.123Z","found":[%4$s]}""";

  private static final String FOUND =
      """
      {"table":"appointments","row":"501:0b6e","kind":"changed",
       "columns":{"status":{"is":"cancelled","should":"confirmed"},"attendee_name":{}}}""";

  private static final String READ_AGAIN =
      """
      {"id":"g7","kind":"reinterpret","order":{"author":"erika","reason":"a ticket"},"state":"%1$s","applies":%2$s,
       "unit":"deliveries","done":300,"total":1500,"perSecond":150,"secondsLeft":8,"differences":%3$d,
       "trouble":null,"createdAt":"2026-01-31T12:00:01Z","found":[%4$s]}""";

  private static final String CORRECTION =
      """
      {"delivery":42,"receivedAt":"2026-01-31T11:30:00Z","kind":"BOOKING_CANCELLED",
       "events":[{"type":"BookingCorrected","status":"cancelled"}]}""";

  @TempDir private Path home;

  private final Map<String, String> answers = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String posted = "";
  private String reason = "";
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    String base = "http://127.0.0.1:" + server.getAddress().getPort();
    Files.writeString(
        home.resolve("status.json"),
        """
        {"gateway":"%1$s","projector":"%1$s","validator":"%1$s","operatorToken":"%2$s"}"""
            .formatted(base, TOKEN));
    environment.put("CALLSYNC_HOME", home.toString());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_whole_chain_is_printed_in_full_in_the_companys_zone() {
    answers.put("/ops/chains/3", WHOLE);
    assertThat(run("validate-chain", "3")).isZero();
    assertThat(output())
        .isEqualTo(
            """
            Call 3
              Retell id          call_0a1b
              started            Thu 2025-10-23 12:00 Europe/Berlin
              from               +491713920001
              to                 +493023125001
              status             ended
              company            Salon Beispiel (1)
              booking confirmed  yes

            Customer 1
              name               Erika Beispiel
              phone              +491713920001

            Appointment 501
              time               Fri 2025-10-24 14:00–14:55 Europe/Berlin
              service            Herrenhaarschnitt
              status             confirmed
              Cal.com id         9001, uid uid1
              booking            0b6e

            ✓ all 3 checks passed
            """);
  }

  @Test
  void a_broken_chain_names_each_violation_with_its_remedy_and_exits_with_1() {
    answers.put("/ops/chains/call_4", BROKEN);
    assertThat(run("validate-chain", "call_4")).isEqualTo(1);
    assertThat(output())
        .contains("company            unknown")
        .contains("Customer none")
        .contains("Wish requested")
        .endsWith(
            """
            ✗ CALL_WITHOUT_COMPANY (open)
                Call 4 belongs to no company.
                to mend it: ./appointments directory import FILE
            2 of 3 checks passed
            """);
  }

  @Test
  void the_table_lists_all_booking_calls_and_says_up_to_where_it_is_true() {
    answers.put("/ops/chains", TABLE.formatted("pending", "[]", 0, 0));
    assertThat(run("validate-chain")).isZero();
    assertThat(output())
        .contains(
            "       3  2025-10-23 10:00  Salon Beispiel                   1  501            linked")
        .contains(
            "2 booking calls: 1 linked, 0 broken, 1 waiting for their outcome; 0 violations open, 0 checks pending")
        .contains("validated up to 2025-10-23T10:00:09Z")
        .contains("booking-events-0=7")
        .contains("✓ no chain is broken");
  }

  @Test
  void the_table_exits_with_1_where_a_chain_is_broken() {
    answers.put("/ops/chains", TABLE.formatted("broken", "[\"CALL_WITHOUT_COMPANY\"]", 1, 1));
    answers.put(
        "/ops/violations?state=OPEN",
        """
        {"violations":[{"rule":"CALL_WITHOUT_COMPANY","severity":"error","subject":"call:4","callId":4,"message":"known from the table"}]}""");
    assertThat(run("validate-chain")).isEqualTo(1);
    assertThat(output())
        .contains("broken     CALL_WITHOUT_COMPANY")
        .doesNotContain("known from the table");
  }

  @Test
  void a_violation_that_no_call_shows_is_printed_below_the_table() {
    answers.put("/ops/chains", TABLE.formatted("pending", "[]", 0, 1));
    answers.put(
        "/ops/violations?state=OPEN",
        """
        {"violations":[{"rule":"APPOINTMENT_WITHOUT_CALL","severity":"error","subject":"booking:0b6e","callId":null,
                        "message":"Appointment 501 was booked by phone and has no call."}]}""");
    assertThat(run("validate-chain")).isEqualTo(1);
    assertThat(output())
        .contains(
            "✗ APPOINTMENT_WITHOUT_CALL booking:0b6e: Appointment 501 was booked by phone and has no call.");
  }

  @Test
  void a_company_a_time_and_a_rule_are_asked_of_the_validator() {
    answers.put(
        "/ops/chains?company=1&since=2026-03-10T08%3A30%3A00Z",
        TABLE.formatted("pending", "[]", 0, 0));
    assertThat(run("validate-chain", "--company", "1", "--since", "2026-03-10T08:30:00Z")).isZero();
    assertThat(output()).contains("2 booking calls: 1 linked");
    answers.put(
        "/ops/chains?rule=CALL_WITHOUT_COMPANY&try=true",
        TABLE
            .formatted("broken", "[\"CALL_WITHOUT_COMPANY\"]", 1, 0)
            .replace(
                "\"summary\"",
                "\"pass\":{\"chains\":1000000,\"millis\":31210,\"perSecond\":32041},\"summary\""));
    assertThat(run("validate-chain", "--rule", "CALL_WITHOUT_COMPANY", "--try")).isEqualTo(1);
    assertThat(output())
        .contains("✗ 2 chains would break CALL_WITHOUT_COMPANY")
        .contains("1,000,000 chains looked at in 31.2 s, 32,041 a second");
    answers.put(
        "/ops/chains?rule=CALL_WITHOUT_COMPANY",
        "{\"chains\":[],\"summary\":{\"openViolations\":7}}");
    assertThat(run("validate-chain", "--rule", "CALL_WITHOUT_COMPANY")).isZero();
    assertThat(output()).contains("✓ no chain breaks CALL_WITHOUT_COMPANY");
    assertThat(run("validate-chain", "--try")).isEqualTo(2);
    assertThat(error()).contains("--rule RULE --try");
    assertThat(run("validate-chain", "3", "--company", "1")).isEqualTo(2);
    assertThat(error()).contains("leave out CALL");
  }

  @Test
  void a_watch_says_each_change_once_and_redraws_in_place() throws Exception {
    String summary =
        "{\"bookingCalls\":2,\"linked\":%d,\"broken\":1,\"openViolations\":1,\"pendingChecks\":0,\"validatedUpTo\":\"2026-01-31T12:00:00Z\"}";
    var plain = new Terminal(new PrintStream(out, true, UTF_8), true, false);
    var watch =
        new Watch(
            new OpsApi(new Installation(environment, home)),
            plain,
            Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC),
            "",
            false);
    answers.put("/ops/summary", summary.formatted(1));
    watch.line();
    watch.line();
    assertThat(output())
        .isEqualTo(
            "13:00:00  2 booking calls: 1 linked, 1 broken, 0 in their grace, 0 waiting; 1 violations open, 0 checks pending\n");
    answers.put("/ops/summary", summary.formatted(2));
    watch.line();
    assertThat(output()).hasLineCount(2);
    answers.put(
        "/ops/violations?state=OPEN&limit=15",
        "{\"violations\":[{\"rule\":\"CALL_WITHOUT_COMPANY\",\"severity\":\"error\",\"subject\":\"call:4\",\"message\":\"Call 4.\"}]}");
    out.reset();
    watch.redraw();
    assertThat(output())
        .startsWith("\u001b[?7l\u001b[H13:00:00")
        .contains("✗ CALL_WITHOUT_COMPANY call:4: Call 4.\u001b[K\n")
        .endsWith("\u001b[J\u001b[?7h");
  }

  @Test
  void a_backfill_can_be_limited_to_what_broke_since_then() {
    answers.put(
        "/ops/violations?state=OPEN&after=",
        """
        {"violations":[
           {"callId":3,"severity":"error","companyId":1,"firstSeen":"2026-01-30T12:00:00Z"},
           {"callId":4,"severity":"error","companyId":1,"firstSeen":"2026-01-31T12:00:00Z"}],
         "next":null}""");
    answers.put("/ops/chains/4", BROKEN);
    answers.put("/ops/backfill/4?dryRun=true&tellAgain=true", "{\"events\":[]}");
    assertThat(run("backfill", "--all", "--since", "2026-01-31", "--dry-run")).isEqualTo(1);
    assertThat(output())
        .isEqualTo(
            """
            ✗ call 4: CALL_WITHOUT_COMPANY
              the log has no event of it that was ever shown
              there is nothing to put right
            ✗ 1 of 1 chains stay broken
            """);
  }

  @Test
  void a_monitor_tells_what_happens_and_says_when_the_validator_stops() {
    answers.put(
        "/ops/monitor?company=1",
        """
        {"at":"2026-01-31T12:00:00Z","kind":"validation","whole":7,"broken":0,"checking":1,"openViolations":0,"trouble":""}
        {"at":"2026-01-31T12:00:00.100Z","kind":"booking","what":"BookingConfirmed","companyId":1,"callId":3,"appointmentId":501,"source":"retell_phone","detail":"confirmed, 2026-02-02T09:00:00Z","remedy":null}
        {"at":"2026-01-31T12:00:01Z","kind":"validation","whole":7,"broken":0,"checking":1,"openViolations":0,"trouble":""}
        {"at":"2026-01-31T12:00:06Z","kind":"violation","what":"OPEN CALL_WITHOUT_CUSTOMER","companyId":1,"callId":3,"appointmentId":null,"source":null,"detail":"Call 3 has no customer.","remedy":"appointments backfill 3"}
        """);
    assertThat(run("monitor", "--company", "1")).isEqualTo(2);
    assertThat(output())
        .isEqualTo(
            """
            ✓ 7 chains whole, 0 broken, 1 being looked at; 0 violations open
            13:00:00.100  booking    BookingConfirmed             company 1, call 3, appointment 501, confirmed, 2026-02-02T09:00:00Z (retell_phone)
            ✗ 13:00:06.000  violation  OPEN CALL_WITHOUT_CUSTOMER   company 1, call 3, Call 3 has no customer.
                          mend it with appointments backfill 3
            """);
    assertThat(error()).contains("The validator has stopped");
  }

  @Test
  void half_a_table_does_not_pass_for_a_whole_one() {
    answers.put("/ops/chains", "{\"chains\":[]}");
    assertThat(run("validate-chain")).isEqualTo(2);
    assertThat(error()).contains("could not look at all calls");
    answers.put("/ops/chains", "{\"chains\":[{\"callId\":3");
    assertThat(run("validate-chain")).isEqualTo(2);
    assertThat(error()).contains("broke off before its end");
  }

  @Test
  void with_json_scripts_get_the_answer_as_it_is() {
    answers.put("/ops/chains/4", BROKEN);
    assertThat(run("validate-chain", "4", "--json")).isEqualTo(1);
    assertThat(output().strip()).isEqualTo(BROKEN.strip());
    out.reset();
    String table = TABLE.formatted("pending", "[]", 0, 0);
    answers.put("/ops/chains", table);
    assertThat(run("validate-chain", "--json")).isZero();
    assertThat(output().strip()).isEqualTo(table.strip());
  }

  @Test
  void without_utf_8_and_a_terminal_there_are_neither_glyphs_nor_colours() {
    answers.put("/ops/chains/3", WHOLE);
    var plain = new Terminal(new PrintStream(out, true, UTF_8), false, false);
    Main.run(new Installation(environment, home), plain, errors(), "validate-chain", "3");
    assertThat(output()).endsWith("ok: all 3 checks passed\n").matches("\\p{ASCII}*");
  }

  @Test
  void an_unknown_call_is_said_with_the_command_that_lists_them() {
    assertThat(run("validate-chain", "77")).isEqualTo(2);
    assertThat(error())
        .isEqualTo(
            "There is no call 77: ./appointments validate-chain lists those with a booking.\n");
  }

  @Test
  void a_wrong_token_a_missing_service_and_a_missing_installation_say_the_next_step() {
    environment.put("CALLSYNC_OPERATOR_TOKEN", "another token");
    assertThat(run("validate-chain")).isEqualTo(2);
    assertThat(error()).contains("refuses the operator's token: set CALLSYNC_OPERATOR_TOKEN");
    server.stop(0);
    assertThat(run("validate-chain")).isEqualTo(2);
    assertThat(error()).contains("does not answer at").contains("run ./appointments up");
    environment.put("CALLSYNC_HOME", home.resolve("nowhere").toString());
    assertThat(run("validate-chain")).isEqualTo(2);
    assertThat(error()).contains("was never started here").contains("run ./appointments up");
    assertThat(run("validate-chian")).isEqualTo(2);
    assertThat(error()).contains("./appointments --help");
  }

  @Test
  void a_directory_comes_in_from_a_file_and_its_refusal_is_told_in_the_gateways_words()
      throws IOException {
    Path file = Files.writeString(home.resolve("directory.yaml"), "companies: []\n");
    answers.put(
        "/ops/directory",
        "{\"companies\":2,\"changed\":7,\"repairedCalls\":3,\"repairedBookings\":1}");
    assertThat(run("directory", "import", file.toString())).isZero();
    assertThat(posted).isEqualTo("companies: []\n");
    assertThat(output())
        .isEqualTo(
            """
            ✓ the directory is brought in
              companies in the file: 2, entries changed: 7, calls repaired: 3, bookings repaired: 1
            """);
    answers.put("/ops/directory", "400 {\"detail\":\"The file holds no companies.\"}");
    assertThat(run("directory", "import", file.toString())).isEqualTo(2);
    assertThat(error()).isEqualTo(file + ": The file holds no companies.\n");
    assertThat(run("directory", "import", "no-such-file")).isEqualTo(2);
    assertThat(error()).contains("There is no file no-such-file");
  }

  @Test
  void CAL_05_event_types_that_Calcom_does_not_have_are_listed() throws IOException {
    Path file = Files.writeString(home.resolve("directory.yaml"), "companies: []\n");
    answers.put(
        "/ops/directory",
        """
        {"companies":1,"changed":0,"repairedCalls":0,"repairedBookings":0,"uncheckedEventTypes":2,
         "unknownEventTypes":[{"company":1,"service":11,"name":"Beratung","eventTypeId":4711}]}\
        """);
    assertThat(run("directory", "import", file.toString())).isZero();
    assertThat(output())
        .contains("no event type 4711, which service 11 (Beratung) of company 1 names")
        .contains("could not be asked about: 2");
  }

  @Test
  void the_directory_goes_out_as_the_file_that_comes_in() {
    answers.put(
        "/ops/directory",
        """
        {"companies":[{"id":1,"name":"Salon \\"B\\"","branches":[],"services":[{"id":5,"synonyms":["Rat","Tat"],"active":true}]},{"id":2}]}""");
    assertThat(run("directory", "export")).isZero();
    assertThat(output())
        .isEqualTo(
            """
            companies:
              - id: 1
                name: "Salon \\"B\\""
                branches: []
                services:
                  - id: 5
                    synonyms:
                      - "Rat"
                      - "Tat"
                    active: true
              - id: 2
            """);
  }

  @Test
  void a_replay_that_is_agreed_to_is_ordered_watched_and_told() {
    answers.put("/ops/jobs", "{\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", JOB.formatted("done", true, 1, FOUND));
    assertThat(run("replay", "--booking", "501", "--yes", "--reason", "a ticket")).isZero();
    assertThat(posted)
        .contains("\"kind\":\"replay\"")
        .contains("\"booking\":\"501\"")
        .contains("\"reason\":\"a ticket\"")
        .contains("\"dryRun\":false");
    assertThat(output())
        .isEqualTo(
            """
            job 3; it goes on without you: ./appointments jobs cancel 3 ends it
              appointments         501:0b6e                                 changed  status cancelled → confirmed, attendee_name
            ✓ 1,234 events folded, 1 rows put right
            """);
  }

  @Test
  void without_a_yes_the_difference_is_shown_and_nothing_changes() {
    answers.put("/ops/jobs", "{\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", JOB.formatted("done", false, 1, FOUND));
    assertThat(run("rebuild")).isEqualTo(1);
    assertThat(posted).contains("\"dryRun\":true");
    assertThat(output())
        .contains("! 1,234 events folded, 1 rows differ")
        .endsWith("nothing was changed: --yes puts it right\n");
    assertThat(run("rebuild", "--verify", "--yes")).isEqualTo(1);
    assertThat(posted).contains("\"dryRun\":true");
    answers.put("/ops/jobs/3", JOB.formatted("done", false, 0, ""));
    assertThat(run("rebuild", "--verify")).isZero();
    assertThat(output()).endsWith("✓ 1,234 events folded, all rows are what the log says\n");
  }

  @Test
  void a_job_that_ends_early_says_why_and_exits_with_1() {
    answers.put("/ops/jobs", "{\"id\":3,\"state\":\"waiting\"}");
    answers.put(
        "/ops/jobs/3",
        JOB.formatted("failed", false, 0, "")
            .replace("\"trouble\":null", "\"trouble\":\"The log is too short.\""));
    assertThat(run("replay", "--from", "2026-01-31T12:00:00+01:00", "--dry-run")).isEqualTo(1);
    assertThat(posted).contains("\"from\":\"2026-01-31T11:00:00Z\"");
    assertThat(output()).endsWith("✗ failed: The log is too short.\n");
  }

  @Test
  void what_cannot_be_replayed_is_said_with_what_can() {
    assertThat(run("replay", "--call", "77")).isEqualTo(2);
    assertThat(error()).contains("No event of that was ever shown");
    assertThat(run("replay")).isEqualTo(2);
    assertThat(error()).contains("--from").contains("./appointments replay --help");
    assertThat(run("replay", "--from", "yesterday")).isEqualTo(2);
    assertThat(error()).contains("is no time");
    assertThat(run("replay", "--offsets", "booking-events")).isEqualTo(2);
    assertThat(error()).contains("booking-events-0:100-200");
  }

  @Test
  void jobs_of_both_services_are_listed_with_how_far_they_are_shown_and_cancelled() {
    environment.put(
        "CALLSYNC_GATEWAY_URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/gateway");
    String running = JOB.formatted("running", true, 0, "");
    answers.put("/ops/jobs", "{\"jobs\":[%s]}".formatted(running));
    String gateways = READ_AGAIN.formatted("running", true, 0, "");
    answers.put("/gateway/ops/jobs", "{\"jobs\":[%s]}".formatted(gateways));
    assertThat(run("jobs")).isZero();
    assertThat(output())
        .isEqualTo(
            """
                g7  reinterpret running    2026-01-31T12:00:01Z  by erika: a ticket; 300 of 1,500 deliveries, 150/s, 8 s left
                 3  rebuild     running    2026-01-31T12:00:00Z  by erika: a ticket; folding 1,234 of 5,000 events, 617/s, 6 s left
            """);
    out.reset();
    answers.put("/gateway/ops/jobs/g7", gateways);
    assertThat(run("jobs", "cancel", "g7")).isZero();
    assertThat(output()).isEqualTo("✓ job g7 ends\n");
    out.reset();
    answers.put("/ops/jobs/3", running);
    assertThat(run("jobs", "cancel", "3")).isZero();
    assertThat(output()).isEqualTo("✓ job 3 ends\n");
    assertThat(run("jobs", "show", "4")).isEqualTo(2);
    assertThat(error()).isEqualTo("There is no job 4: ./appointments jobs lists them.\n");
  }

  @Test
  void a_reinterpretation_shows_what_differs_and_corrects_it_where_that_is_agreed_to() {
    answers.put("/ops/reinterpretation", "{\"id\":\"g7\",\"state\":\"waiting\"}");
    answers.put("/ops/jobs/g7", READ_AGAIN.formatted("done", false, 1, CORRECTION));
    assertThat(run("reinterpret", "--from", "2026-01-31T11:00:00Z")).isEqualTo(1);
    assertThat(posted).contains("\"from\":\"2026-01-31T11:00:00Z\"").contains("\"dryRun\":true");
    assertThat(output())
        .isEqualTo(
            """
            job g7; it goes on without you: ./appointments jobs cancel g7 ends it
              delivery 42 of 2026-01-31T11:30:00Z, BOOKING_CANCELLED
                type BookingCorrected  status cancelled
            ! 300 deliveries read, 1 mean something else today
              nothing was changed: --yes corrects them
            """);
    answers.put("/ops/jobs/g7", READ_AGAIN.formatted("done", true, 1, CORRECTION));
    assertThat(run("reinterpret", "--from", "2026-01-31T11:00:00Z", "--yes")).isZero();
    assertThat(posted).contains("\"dryRun\":false");
    assertThat(output()).endsWith("✓ 300 deliveries read, 1 corrected\n");
    answers.put("/ops/jobs/g7", READ_AGAIN.formatted("cancelled", true, 1, ""));
    assertThat(run("reinterpret", "--from", "2026-01-31T11:00:00Z", "--yes")).isEqualTo(1);
    assertThat(output()).endsWith("✗ cancelled\n");
  }

  @Test
  void every_command_that_changes_something_says_why() throws IOException {
    answers.put("/ops/jobs", "{\"id\":3,\"state\":\"waiting\"}");
    answers.put("/ops/jobs/3", JOB.formatted("done", true, 0, ""));
    assertThat(run("rebuild", "--yes", "--reason", "Störung & Ärger")).isZero();
    assertThat(reason).isEqualTo("St%C3%B6rung%20%26%20%C3%84rger");
    assertThat(run("jobs", "cancel", "3", "--reason", "too slow")).isZero();
    assertThat(reason).isEqualTo("too%20slow");
    answers.put("/ops/reconciliation", "{\"accounts\":[]}");
    assertThat(run("reconcile", "--reason", "a gap")).isZero();
    assertThat(reason).isEqualTo("a%20gap");
    Path file = Files.writeString(home.resolve("directory.yaml"), "companies: []\n");
    answers.put("/ops/directory", "{\"companies\":1}");
    assertThat(run("directory", "import", file.toString())).isZero();
    assertThat(reason).isEqualTo("by%20hand");
  }

  @Test
  void the_audit_of_all_services_is_one_list_by_time() {
    answers.put(
        "/ops/audit?since=2026-01-31T12:00:00Z&command=backfill",
        """
        {"actions":[
          {"id":"booking-gateway:2","service":"booking-gateway","startedAt":"2026-01-31T12:00:02.5Z","operator":"erika","command":"backfill",
           "subject":"call 559","reason":"a ticket","outcome":"ok","detail":"2 events"}],"next":"booking-gateway:2"}""");
    answers.put(
        "/ops/audit?since=2026-01-31T12:00:00Z&command=backfill&after=booking-gateway%3A2",
        """
        {"actions":[
          {"id":"booking-gateway:1","service":"booking-gateway","startedAt":"2026-01-31T12:00:01Z","operator":"operator","command":"backfill",
           "subject":"call 4","reason":"","outcome":"refused","detail":"call_unknown"}],"next":null}""");
    assertThat(run("audit", "--since", "2026-01-31T12:00:00Z", "--command", "backfill")).isZero();
    assertThat(output().lines())
        .hasSize(6)
        .startsWith(
            "2026-01-31T12:00:01Z  operator   backfill call 4  (no reason given)  ! refused: call_unknown")
        .endsWith("2026-01-31T12:00:02Z  erika      backfill call 559  (a ticket)  ✓ ok: 2 events");
    out.reset();
    assertThat(run("audit", "--since", "2026-01-31T12:00:00Z", "--command", "backfill", "--json"))
        .isZero();
    assertThat(output().lines().findFirst().orElseThrow())
        .startsWith("{\"id\":\"booking-gateway:1\"");
  }

  private static final String LETTER =
      """
      {"id":"booking-events.dlt/1/42","consumer":"appointment-projector","at":"2026-01-31T12:00:00.5Z","source":"booking-events/2/7",
       "reason":"Postgres refuses it, SQLSTATE 23514","state":"%s","redrives":%d,"closedAt":null,"closedBy":null,"closedBecause":null}""";

  @Test
  void dead_letters_are_listed_by_filter_and_shown_without_what_is_personal() {
    answers.put(
        "/ops/dead-letters?state=open&topic=booking-events&reasonContains=23514&since=2026-01-31T12:00:00Z",
        "{\"letters\":[%s],\"open\":1,\"next\":null}".formatted(LETTER.formatted("open", 1)));
    assertThat(
            run(
                "dead-letters",
                "list",
                "--topic",
                "booking-events",
                "--consumer",
                "appointment-projector",
                "--reason-contains",
                "23514",
                "--since",
                "2026-01-31T12:00:00Z"))
        .isZero();
    assertThat(output())
        .isEqualTo(
            """
            booking-events.dlt/1/42           2026-01-31T12:00:00Z  appointment-projector  Postgres refuses it, SQLSTATE 23514; redriven 1 times
            ! 1 open: ./appointments dead-letters show ID says more, redrive has its consumer handle it once more
            """);
    assertThat(run("dead-letters", "list", "--consumer", "nobody")).isEqualTo(2);
    assertThat(error()).contains("There is no consumer nobody");
    out.reset();
    answers.put(
        "/ops/dead-letters/booking-events.dlt/1/42",
        """
        {"letter":%s,"headers":{"dlt-offset":"7"},"key":"0b6e","bytes":312,"event":{"booking":{"status":"confirmed","attendee":"(personal)"}},"unreadable":null}"""
            .formatted(LETTER.formatted("open", 0)));
    assertThat(run("dead-letters", "show", "booking-events.dlt/1/42")).isZero();
    assertThat(output())
        .contains("came from            booking-events/2/7")
        .contains("dlt-offset         7")
        .contains("attendee: \"(personal)\"");
    assertThat(run("dead-letters", "show", "booking-events.dlt/1/43")).isEqualTo(2);
    assertThat(error()).contains("There is no dead letter booking-events.dlt/1/43");
  }

  @Test
  void a_dead_letter_is_redriven_or_dropped_only_where_somebody_agrees() {
    String at = "/ops/dead-letters/booking-events.dlt/1/42";
    answers.put(at, "{}");
    assertThat(run("dead-letters", "redrive", "booking-events.dlt/1/42")).isEqualTo(1);
    assertThat(output()).isEqualTo("nothing was changed: --yes does it\n");
    assertThat(reason).isEmpty();
    out.reset();
    answers.put(at + "/redrive", LETTER.formatted("open", 2));
    assertThat(
            run(
                "dead-letters",
                "redrive",
                "booking-events.dlt/1/42",
                "--yes",
                "--reason",
                "mended"))
        .isEqualTo(1);
    assertThat(reason).isEqualTo("mended");
    assertThat(output())
        .isEqualTo("✗ booking-events.dlt/1/42 stays open: Postgres refuses it, SQLSTATE 23514\n");
    out.reset();
    answers.put(at + "/redrive", LETTER.formatted("redriven", 3));
    answers.put(
        "/ops/dead-letters?state=open",
        "{\"letters\":[%s],\"open\":1,\"next\":null}".formatted(LETTER.formatted("open", 2)));
    assertThat(
            run("dead-letters", "redrive", "--all", "--consumer", "appointment-projector", "--yes"))
        .isZero();
    assertThat(output()).endsWith("✓ booking-events.dlt/1/42 is handled\n");
    answers.put(at + "/drop", "400 {\"detail\":\"It was redriven: there is nothing left to do.\"}");
    assertThat(run("dead-letters", "drop", "booking-events.dlt/1/42", "--yes")).isEqualTo(2);
    assertThat(error()).isEqualTo("It was redriven: there is nothing left to do.\n");
    assertThat(run("dead-letters", "drop", "--yes")).isEqualTo(2);
    assertThat(error()).contains("--all");
  }

  @Test
  void every_command_explains_itself_in_eighty_columns_without_breaking_a_word() {
    var api = new OpsApi(new Installation(environment, home));
    explains(Main.commands(api, new Terminal(System.out, true, false)));
  }

  private void explains(CommandLine command) {
    out.reset();
    String name = command.getCommandSpec().qualifiedName(" ");
    List<String> words = new ArrayList<>(List.of(name.split(" ")));
    words.removeFirst();
    words.add("--help");
    assertThat(run(words.toArray(String[]::new))).isZero();
    assertThat(output()).contains("Usage: " + name);
    assertThat(output().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    String unbroken = output().replaceAll("\\s+", " ");
    var usage = command.getCommandSpec().usageMessage();
    assertThat(unbroken).contains(String.join(" ", usage.description()));
    command
        .getCommandSpec()
        .args()
        .forEach(option -> assertThat(unbroken).contains(String.join(" ", option.description())));
    command
        .getSubcommands()
        .values()
        .forEach(
            sub -> {
              assertThat(unbroken).contains(sub.getCommandSpec().usageMessage().description()[0]);
              explains(sub);
            });
  }

  private static final String IMPORTED =
      """
      {"name":"dry-0a1b","dryRun":%s,"state":"done","done":3,"total":3,"rowsPerSecond":900,"secondsLeft":0,"trouble":null,
       "report":{"tables":{"calls":{"new":2,"refused":1},"appointments":{"unchanged":1}},
                 "broken":%s}}""";

  private Path aTable() throws IOException {
    Path tables = Files.createDirectory(home.resolve("tables"));
    Files.writeString(tables.resolve("calls.jsonl"), "{}");
    return tables;
  }

  @Test
  void an_import_says_what_became_of_each_table_and_what_is_broken_and_exits_with_1()
      throws IOException {
    answers.put(
        "/ops/import?dryRun=false&fromStart=false&reason=a%20ticket",
        IMPORTED.formatted(
            false,
            """
            {"temp_call":{"count":12,"examples":["calls:7","calls:9"],"sentence":"is a temporary row"}}"""));
    Path report = home.resolve("report.json");
    assertThat(
            run(
                "import",
                aTable().toString(),
                "--yes",
                "--reason",
                "a ticket",
                "--report",
                report.toString()))
        .isEqualTo(1);
    assertThat(output())
        .isEqualTo(
            """
            What became of the rows
              calls          2 new, 1 left out
              appointments   1 unchanged
            ✗ temp_call: 12 (calls:7, calls:9, ...)
                is a temporary row
            ✗ 1 kinds of what is broken in the old data; the ids are those of its tables
            """);
    assertThat(report).content().contains("\"state\":\"done\"");
  }

  @Test
  void an_import_that_was_cancelled_says_how_it_goes_on() throws IOException {
    answers.put(
        "/ops/import?dryRun=false&fromStart=false&reason=import%20by%20hand",
        IMPORTED
            .formatted(false, "{}")
            .replace(
                "\"state\":\"done\",\"done\":3",
                "\"job\":\"g8\",\"state\":\"cancelled\",\"done\":2"));
    assertThat(run("import", aTable().toString(), "--yes")).isEqualTo(1);
    assertThat(output())
        .startsWith("job g8; it goes on without you: ./appointments jobs cancel g8 ends it\n")
        .endsWith("✗ cancelled after 2 of 3 rows: the same command goes on where it was\n");
  }

  @Test
  void an_import_that_nobody_agreed_to_only_shows_what_it_would_do() throws IOException {
    answers.put(
        "/ops/import?dryRun=true&fromStart=false&reason=import%20by%20hand",
        IMPORTED.formatted(true, "{}"));
    assertThat(run("import", aTable().toString())).isEqualTo(1);
    assertThat(output())
        .contains("nothing of it is broken")
        .contains("nothing was changed: --yes brings them in");
    out.reset();
    assertThat(run("import", home.resolve("tables").toString(), "--dry-run")).isZero();
    assertThat(output()).startsWith("What would become of the rows (nothing was changed)");
  }

  @Test
  void a_folder_without_tables_and_files_that_are_refused_are_said_in_one_sentence()
      throws IOException {
    assertThat(run("import", home.toString())).isEqualTo(2);
    assertThat(error()).contains("There is no table in").hasLineCount(1);
    answers.put(
        "/ops/import?dryRun=true&fromStart=false&reason=import%20by%20hand",
        "400 {\"detail\":\"calls.txt has no line that names its columns: put calls.sql beside it.\"}");
    assertThat(run("import", aTable().toString(), "--dry-run")).isEqualTo(2);
    assertThat(error()).contains("put calls.sql beside it").hasLineCount(1);
  }

  private int run(String... words) {
    err.reset();
    return Main.run(
        new Installation(environment, home),
        new Terminal(new PrintStream(out, true, UTF_8), true, false),
        errors(),
        words);
  }

  private PrintStream errors() {
    return new PrintStream(err, true, UTF_8);
  }

  private String output() {
    return out.toString(UTF_8);
  }

  private String error() {
    return err.toString(UTF_8);
  }

  /** The canned answer to the path; one that begins with a status is a problem. */
  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    posted = body.isEmpty() ? posted : body;
    if (!exchange.getRequestMethod().equals("GET")) {
      reason = exchange.getRequestHeaders().getFirst("X-Callsync-Reason");
    }
    String answer = answers.get(exchange.getRequestURI().toString());
    int status = 200;
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      status = 401;
      answer = "{}";
    } else if (answer == null) {
      status = 404;
      answer = "{}";
    } else if (answer.startsWith("400 ")) {
      status = 400;
      answer = answer.substring(4);
    }
    byte[] bytes = answer.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var stream = exchange.getResponseBody()) {
      stream.write(bytes);
    }
  }
}
