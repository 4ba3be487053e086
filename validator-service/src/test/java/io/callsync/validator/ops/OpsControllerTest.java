package io.callsync.validator.ops;

import static io.callsync.validator.Databases.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.callsync.outbox.Outbox;
import io.callsync.validator.Databases;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.check.ChainLoader;
import io.callsync.validator.check.Due;
import io.callsync.validator.check.Verdicts;
import io.callsync.validator.company.CompanyWatch;
import io.callsync.validator.repair.Repairs;
import io.callsync.validator.rule.Rule;
import io.callsync.validator.violation.Violations;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators are told, from real rows. */
class OpsControllerTest {

  private final Databases databases = new Databases();
  private final Clock clock = Clock.fixed(START.plusSeconds(60), ZoneOffset.UTC);
  private final Violations violations =
      new Violations(databases.own, new Outbox(Databases.ownDataSource()), databases.properties);
  private final MockMvc http = http(databases.properties);

  private MockMvc http(ValidatorProperties properties) {
    var loader = new ChainLoader(databases.expectations, databases.readModel, properties);
    return MockMvcBuilders.standaloneSetup(
            new OpsController(
                new Chains(
                    loader,
                    violations,
                    databases.expectations,
                    databases.readModel,
                    properties,
                    clock),
                new Pass(
                    loader,
                    violations,
                    databases.expectations,
                    databases.readModel,
                    properties,
                    clock),
                new Standing(
                    new Verdicts(databases.own),
                    violations,
                    new Due(databases.own),
                    databases.positions,
                    new CompanyWatch(databases.own, violations),
                    new Repairs(databases.own, violations, properties),
                    properties,
                    clock),
                violations,
                JsonMapper.shared()))
        .build();
  }

  @AfterEach
  void close() {
    databases.readModel.close();
  }

  @Test
  void one_chain_is_shown_in_full_by_our_id_and_by_retells() throws Exception {
    JsonNode chain = ask("/ops/chains/559");
    assertThat(ask("/ops/chains/call_a")).isEqualTo(chain);
    assertThat(chain.at("/call/retellCallId").asString()).isEqualTo("call_a");
    assertThat(chain.at("/call/startedAt").asString()).isEqualTo("2025-10-23T09:58:00Z");
    assertThat(chain.at("/call/bookingDetails/calcom_booking/id").asLong()).isEqualTo(1007);
    assertThat(chain.path("company").toString())
        .isEqualTo("{\"id\":1,\"name\":\"A\",\"timezone\":\"Europe/Berlin\"}");
    assertThat(chain.at("/customer/phone").asString()).isEqualTo("+491713920001");
    JsonNode appointment = chain.path("appointments").path(0);
    assertThat(appointment.path("startsAt").asString()).isEqualTo("2025-10-24T12:00:00Z");
    assertThat(appointment.path("service").asString()).isEqualTo("Beratung");
    assertThat(appointment.path("calcomBookingId").asLong()).isEqualTo(1007);
    assertThat(texts(chain.path("checkedRules"))).containsExactlyElementsOf(Rule.codes());
    assertThat(chain.path("violations")).isEmpty();
    assertThat(chain.path("passed").asBoolean()).isTrue();
  }

  @Test
  void a_break_is_told_at_once_though_it_is_not_open_yet() throws Exception {
    databases.rows.sql("update calls set customer_id = null").update();
    JsonNode chain = ask("/ops/chains/559");
    assertThat(chain.path("passed").asBoolean()).isFalse();
    JsonNode violation = chain.path("violations").path(0);
    assertThat(violation.path("rule").asString()).isEqualTo("CALL_WITHOUT_CUSTOMER");
    assertThat(violation.path("subject").asString()).isEqualTo("call:559");
    assertThat(violation.path("state").asString()).isEqualTo("SUSPECTED");
    assertThat(violation.path("remedy").asString()).isEqualTo("appointments backfill 559");
    assertThat(chain.path("status").asString()).isEqualTo("checking");
  }

  @Test
  void a_call_whose_row_is_gone_is_still_found() throws Exception {
    databases.rows.sql("delete from calls").update();
    JsonNode chain = ask("/ops/chains/call_a");
    assertThat(chain.path("call").isNull()).isTrue();
    assertThat(chain.at("/violations/0/rule").asString()).isEqualTo("APPOINTMENT_WITHOUT_CALL");
    assertThat(ask("/ops/chains").at("/chains/0/callId").asLong()).isEqualTo(559);
  }

  @Test
  void an_unknown_call_is_a_problem_with_a_code() throws Exception {
    MockHttpServletResponse answer =
        http.perform(get("/ops/chains/{id}", "call_nobody")).andReturn().getResponse();
    assertThat(answer.getStatus()).isEqualTo(404);
    assertThat(answer.getContentType()).startsWith("application/problem+json");
    assertThat(JsonMapper.shared().readTree(answer.getContentAsByteArray()).path("code").asString())
        .isEqualTo("call_unknown");
  }

  @Test
  void the_table_holds_every_booking_call_also_the_oldest_of_thousands() throws Exception {
    databases
        .rows
        .sql(
            """
            insert into calls (id, retell_call_id, company_id, company_defaulted, customer_id, status, analyzed,
              booking_confirmed, booking_ids, callback_requested, metadata, revision)
            select n, 'call_' || n, 1, false, 17, 'ended', true, n % 3 <> 0, '{}', false, '{}', 1
            from generate_series(1000, 3999) n;
            insert into appointments (id, booking_id, calcom_account, calcom_v2_booking_id, call_id, customer_id, company_id,
              starts_at, booking_timezone, status, source, metadata, revision)
            select n, gen_random_uuid(), 'default', n, n, 17, 1, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 hour',
              'Europe/Berlin', 'confirmed', 'retell_phone', '{}', 1
            from generate_series(1000, 3999) n where n % 3 <> 0;
            delete from appointments where id = 7
            """)
        .update();
    JsonNode table = ask("/ops/chains");
    assertThat(table.path("chains")).hasSize(2001);
    assertThat(table.at("/chains/0/violations/0").asString())
        .isEqualTo("CONFIRMED_WITHOUT_APPOINTMENT");
    JsonNode summary = table.path("summary");
    assertThat(summary.path("bookingCalls").asInt()).isEqualTo(2001);
    assertThat(summary.path("linked").asInt()).isEqualTo(2000);
    assertThat(summary.path("checking").asInt()).isEqualTo(1);
    assertThat(ask("/ops/chains?after=3990").path("chains")).hasSize(6);
  }

  @Test
  void a_pass_tells_how_many_it_looked_at_of_which_company_and_since_when() throws Exception {
    databases
        .rows
        .sql(
            """
            insert into calls (id, retell_call_id, company_id, company_defaulted, customer_id, started_at, status, analyzed,
              booking_confirmed, booking_ids, callback_requested, metadata, revision)
            select n, 'call_' || n, n % 2 + 1, false, null, '2025-11-01T00:00:00Z'::timestamptz + n * interval '1 hour',
              'ended', true, true, '{}', false, '{}', 1
            from generate_series(1001, 1010) n
            """)
        .update();
    assertThat(ask("/ops/chains").at("/pass/chains").asLong()).isEqualTo(11);
    assertThat(ids(ask("/ops/chains?company=1")))
        .containsExactly(559L, 1002L, 1004L, 1006L, 1008L, 1010L);
    assertThat(ids(ask("/ops/chains?since=2025-12-13T00:00:00Z")))
        .containsExactly(1008L, 1009L, 1010L);
    assertThat(ids(ask("/ops/chains?company=2&since=2025-12-13T00:00:00Z"))).containsExactly(1009L);
    assertThat(ids(ask("/ops/chains?since=2027-01-01T00:00:00Z"))).isEmpty();
    assertThat(ids(ask("/ops/chains?rule=CALL_WITHOUT_CUSTOMER&company=1"))).hasSize(5);
  }

  @Test
  void a_disarmed_rule_is_silent_and_can_be_tried() throws Exception {
    databases.rows.sql("update calls set customer_id = null").update();
    MockMvc disarmed = http(databases.disarming(Rule.CALL_WITHOUT_CUSTOMER));
    assertThat(ask(disarmed, "/ops/chains/559").path("passed").asBoolean()).isTrue();
    assertThat(ask(disarmed, "/ops/chains").at("/chains/0/violations")).isEmpty();
    JsonNode tried = ask(disarmed, "/ops/chains?rule=CALL_WITHOUT_CUSTOMER&try=true");
    assertThat(tried.at("/chains/0/callId").asLong()).isEqualTo(559);
    assertThat(tried.at("/chains/0/status").asString()).isEqualTo("broken");
    assertThat(refusal(disarmed, "/ops/chains?rule=CALL_WITHOUT_CUSTOMER"))
        .isEqualTo("rule_disarmed");
    assertThat(refusal(disarmed, "/ops/chains?rule=NO_SUCH_RULE")).isEqualTo("rule_unknown");
    assertThat(refusal(disarmed, "/ops/chains?try=true")).isEqualTo("rule_missing");
    assertThat(refusal(disarmed, "/ops/chains?since=yesterday")).isEqualTo("time_unreadable");
  }

  @Test
  void bookings_without_a_call_are_looked_at_by_every_pass() throws Exception {
    databases
        .rows
        .sql(
            "update appointments set call_id = null, source = 'calcom_webhook', calcom_v2_booking_id = null")
        .update();
    databases
        .own
        .sql("update expected_booking set call_id = null, source = 'calcom_webhook'")
        .update();
    JsonNode table = ask("/ops/chains?rule=CALCOM_ID_MISSING");
    assertThat(table.at("/chains/0/bookingId").asString()).isEqualTo(Databases.BOOKING.toString());
    assertThat(table.path("chains")).hasSize(1);
    databases.rows.sql("delete from appointments").update();
    assertThat(ask("/ops/chains?rule=CONFIRMED_WITHOUT_APPOINTMENT").path("chains")).hasSize(2);
  }

  @Test
  void questions_can_be_asked_for_ever() throws Exception {
    for (int i = 0; i < 20; i++) {
      ask("/ops/chains/559");
      ask("/ops/chains");
      ask("/ops/summary");
      ask("/ops/violations?state=OPEN");
    }
  }

  @Test
  void the_summary_says_up_to_when_all_was_looked_at() throws Exception {
    JsonNode summary = ask("/ops/summary");
    assertThat(summary.path("validatedUpTo").asString())
        .isEqualTo(START.plusSeconds(3600).toString());
    assertThat(summary.at("/positions/booking-events-0").asLong()).isEqualTo(10);
  }

  @Test
  void a_state_that_does_not_exist_is_refused() throws Exception {
    assertThat(
            http.perform(get("/ops/violations").queryParam("state", "BROKEN"))
                .andReturn()
                .getResponse()
                .getStatus())
        .isEqualTo(400);
  }

  @Test
  void a_database_that_is_away_is_a_503() throws Exception {
    databases.readModel.close();
    MockHttpServletResponse answer = http.perform(get("/ops/chains")).andReturn().getResponse();
    assertThat(answer.getStatus()).isEqualTo(503);
    assertThat(answer.getContentAsString()).contains("database_away");
  }

  private static Stream<Long> ids(JsonNode table) {
    return table.path("chains").valueStream().map(c -> c.path("callId").asLong());
  }

  private static String refusal(MockMvc http, String path) throws Exception {
    MockHttpServletResponse answer = http.perform(get(path)).andReturn().getResponse();
    assertThat(answer.getStatus()).isEqualTo(400);
    return JsonMapper.shared().readTree(answer.getContentAsByteArray()).path("code").asString();
  }

  private JsonNode ask(String path) throws Exception {
    return ask(http, path);
  }

  private static JsonNode ask(MockMvc http, String path) throws Exception {
    MockHttpServletResponse answer = http.perform(get(path)).andReturn().getResponse();
    assertThat(answer.getStatus()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.getContentAsByteArray());
  }

  private static Stream<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString);
  }
}
