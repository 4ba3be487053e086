package io.callsync.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.localstack.calcom.CalcomSignature;
import io.callsync.systemtests.Http.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not signed is not stored; what is unknown is kept; what is broken is refused clearly. */
@Execution(ExecutionMode.SAME_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest extends SystemTest {

  private static final List<String> DOORS =
      List.of("/retell/webhook", "/retell/functions", "/retell/functions/book_appointment");

  @AfterEach
  void the_gateway_is_well() {
    assertThat(gateway.health().path("status").asString()).isEqualTo("UP");
  }

  @AfterAll
  void the_gateway_books_as_before() {
    aBookedCall(Company.A);
  }

  @Test
  void what_Retell_did_not_sign_is_refused_and_not_stored() {
    Caller caller = aCallerOf(Company.A);
    byte[] body =
        Http.bytes(
            Map.of(
                "event",
                "call_started",
                "name",
                "book_appointment",
                "call",
                caller.ongoing(),
                "args",
                caller.wish("Herrenhaarschnitt", aFreeStart(), "Erika Beispiel")));
    long now = System.currentTimeMillis();
    String good = gateway.retellSignature(body, now);
    List<String> bad = new ArrayList<>();
    bad.add(null);
    bad.add("");
    bad.add(good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0"));
    bad.add(good.replace("v=" + now, "v=" + (now + 1)));
    bad.add(good.substring(good.indexOf("d=") + 2));
    bad.add(good + ",x=1");
    bad.add(good.toUpperCase(java.util.Locale.ROOT).replace("V=", "v=").replace("D=", "d="));
    bad.add(gateway.retellSignature("{}".getBytes(StandardCharsets.UTF_8), now));
    bad.add(gateway.retellSignature(body, now - 300_500));
    bad.add(gateway.retellSignature(body, now + 330_000));
    long before = gateway.ledger().path("total").asLong();
    for (String door : DOORS) {
      for (String signature : bad) {
        refused(gateway.retell(door, body, signature), 401, "signature_wrong");
      }
    }
    assertThat(gateway.ledger().path("total").asLong()).isEqualTo(before);
    assertThat(rows.deliveries(caller.callId())).isZero();
    assertThat(calcom.bookingsOf(caller)).isEmpty();
    assertThat(rows.calls(caller)).isEmpty();
  }

  @Test
  void what_Calcom_did_not_sign_is_refused_and_not_stored() {
    String uid = "neverSignedUid" + System.nanoTime();
    byte[] body =
        Http.bytes(
            Map.of(
                "triggerEvent",
                "BOOKING_CREATED",
                "createdAt",
                "2026-11-22T10:00:00.000Z",
                "payload",
                Map.of("uid", uid, "bookingId", 1, "eventTypeId", 1001)));
    List<String> bad = new ArrayList<>();
    bad.add(null);
    bad.add("");
    bad.add("no-secret-provided");
    bad.add(CalcomSignature.of(body, "whsec_of_another_company"));
    bad.add(CalcomSignature.of("{}".getBytes(StandardCharsets.UTF_8), "whsec_1"));
    long before = gateway.ledger().path("total").asLong();
    for (String signature : bad) {
      refused(gateway.calcom(body, signature), 401, "signature_wrong");
    }
    assertThat(gateway.ledger().path("total").asLong()).isEqualTo(before);
    assertThat(rows.deliveries(uid)).isZero();
    assertThat(rows.appointmentsWithUid(uid)).isEmpty();
  }

  @Test
  void unknown_events_of_Retell_are_taken_and_kept() {
    Caller caller = aCallerOf(Company.A);
    assertThat(caller.retell("transfer_started", caller.ongoing()).isSuccess()).isTrue();
    assertThat(caller.retell("call.started", caller.ongoing()).isSuccess()).isTrue();
    assertThat(
            gateway
                .retell("/retell/webhook", Map.of("event", "chat_started", "chat", Map.of()))
                .isSuccess())
        .isTrue();
    assertThat(rows.outcomes(caller.callId())).containsExactly("kept_unknown", "kept_unknown");
  }

  @Test
  void unknown_fields_and_values_do_not_keep_a_call_from_its_row() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> call = caller.over();
    call.put("a_field_of_next_year", Map.of("deep", List.of(1, "two", Map.of())));
    call.put("disconnection_reason", "a_reason_of_next_year");
    call.put("duration_ms", "31846");
    call.put("call_cost", List.of());
    assertThat(caller.retell("call_ended", call).status()).isEqualTo(204);
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(rows.call(caller).orElseThrow().columns())
        .containsEntry("disconnection_reason", "a_reason_of_next_year")
        .containsEntry("status", "ended");
  }

  @Test
  void CAL_06_unknown_triggers_of_Calcom_are_taken_and_kept() {
    String uid = "unknownTrigger" + System.nanoTime();
    long before = gateway.ledger().at("/by/kept_unknown").asLong();
    for (String trigger : List.of("BOOKING.CREATED", "RECORDING_READY", "OOO_CREATED")) {
      Answer answer =
          gateway.calcom(
              Map.of(
                  "triggerEvent",
                  trigger,
                  "createdAt",
                  "2026-11-22T10:00:00.000Z",
                  "payload",
                  Map.of("uid", uid)));
      assertThat(answer.isSuccess()).as(answer.text()).isTrue();
    }
    assertThat(gateway.ledger().at("/by/kept_unknown").asLong()).isEqualTo(before + 3);
    assertThat(rows.appointmentsWithUid(uid)).isEmpty();
  }

  private static Map<String, Object> flatMeetingEnded(String uid) {
    Map<String, Object> flat = new LinkedHashMap<>();
    flat.put("triggerEvent", "MEETING_ENDED");
    flat.put("id", 4711);
    flat.put("uid", uid);
    flat.put("status", "ACCEPTED");
    flat.put("oneTimePassword", "5b0f6c1e-0000-4000-8000-9d1f0c2ab3de");
    return flat;
  }

  @Test
  void secrets_in_a_body_are_not_kept() {
    String uid = "withASecret" + System.nanoTime();
    assertThat(gateway.calcom(flatMeetingEnded(uid)).isSuccess()).isTrue();
    staysUnresolved(uid);
    assertThat(
            rows.queryIn(
                "gateway",
                "select 1 as one from delivery where position(?::bytea in body) > 0",
                (Object) "5b0f6c1e-0000-4000-8000-9d1f0c2ab3de".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }

  @Test
  void a_body_of_ten_megabytes_is_refused() {
    byte[] body =
        Http.bytes(Map.of("event", "call_ended", "padding", "x".repeat(10 * 1024 * 1024)));
    for (String door : DOORS) {
      refused(
          gateway.retell(door, body, gateway.retellSignature(body, System.currentTimeMillis())),
          413,
          "body_too_large");
    }
    refused(gateway.calcom(body, CalcomSignature.of(body, "any")), 413, "body_too_large");
  }

  @Test
  void a_body_of_some_megabytes_is_taken() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> call = caller.over();
    call.put("transcript", "Agent: Guten Tag.\n".repeat(200_000));
    assertThat(caller.retell("call_ended", call).status()).isEqualTo(204);
    eventually(() -> assertThat(rows.call(caller)).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "\"text\"",
        "{\"event\":\"call_started\",}",
        "event=call_started"
      })
  void broken_JSON_is_refused(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String signature = gateway.retellSignature(bytes, System.currentTimeMillis());
    for (String door : DOORS) {
      refused(gateway.retell(door, bytes, signature), 400, "body_unreadable");
    }
    refused(
        gateway.calcom(
            bytes, CalcomSignature.of(bytes, stack.settings().secrets().calcomWebhookSecret())),
        400,
        "body_unreadable");
  }

  @Test
  void a_nesting_without_end_is_refused() {
    byte[] body =
        ("{\"event\":\"call_started\",\"call\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}")
            .getBytes(StandardCharsets.UTF_8);
    for (String door : DOORS) {
      refused(
          gateway.retell(door, body, gateway.retellSignature(body, System.currentTimeMillis())),
          400,
          "body_unreadable");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "nonsense"
      })
  void a_wrong_content_type_is_refused(String contentType) {
    byte[] body = Http.bytes(Map.of("event", "call_started"));
    String signature = gateway.retellSignature(body, System.currentTimeMillis());
    for (String door : DOORS) {
      refused(gateway.post(door, body, contentType, signature), 415, "content_type_wrong");
    }
  }

  @Test
  void strange_texts_are_no_reason_to_fail() {
    Caller caller = aCallerOf(Company.A);
    Map<String, Object> call = caller.over();
    call.put("disconnection_reason", "nul \u0000 and emoji \uD83D\uDCC5 and lone \uD83D");
    call.put("end_timestamp", Long.MAX_VALUE);
    call.put("from_number", "'; drop table calls; --");
    assertThat(caller.retell("call_ended", call).status()).isEqualTo(204);
    eventually(() -> assertThat(rows.call(caller)).isPresent());
    assertThat(rows.call(caller).orElseThrow().fromNumber()).isNull();
  }

  @Test
  void an_unknown_address_says_which_ones_there_are() {
    Answer answer = gateway.retell("/webhooks/retell", Map.of("event", "call_ended"));
    refused(answer, 404, "path_unknown");
    assertThat(answer.text()).contains("/retell/webhook");
  }

  /** A clear refusal: problem+json with a code and a sentence, and nothing of the inside. */
  private static void refused(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.json().toString()).contains(code);
    assertThat(answer.json().path("detail").asString()).isNotBlank();
    assertThat(answer.text()).doesNotContain("Exception").doesNotContain("at io.callsync");
  }
}
