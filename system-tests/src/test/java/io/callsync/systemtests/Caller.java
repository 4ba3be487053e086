package io.callsync.systemtests;

import io.callsync.systemtests.Http.Answer;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * Somebody on the phone: one call to one company, with what Retell says and asks during it.
 *
 * @param from as Retell sends it; null is left out
 */
record Caller(Gateway gateway, String callId, String from, String to, Instant startedAt) {

  private static final AtomicInteger NUMBERS =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(1_000_000, 8_000_000));

  /** A mobile number that nobody else has. */
  static String freshNumber() {
    return "+49171" + NUMBERS.getAndIncrement();
  }

  static Caller of(Gateway gateway, Company company) {
    return new Caller(gateway, freshCallId(), freshNumber(), company.number(), now());
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private static String freshCallId() {
    byte[] random = new byte[14];
    ThreadLocalRandom.current().nextBytes(random);
    return "call_" + HexFormat.of().formatHex(random).substring(1);
  }

  Caller from(String number) {
    return new Caller(gateway, callId, number, to, startedAt);
  }

  /** The same call, as it reaches another gateway. */
  Caller at(Gateway other) {
    return new Caller(other, callId, from, to, startedAt);
  }

  Caller callingAgain() {
    return new Caller(gateway, freshCallId(), from, to, now());
  }

  Caller callingAgain(Company other) {
    return new Caller(gateway, freshCallId(), from, other.number(), now());
  }

  /** The call object as it stands while the call goes on. */
  Map<String, Object> ongoing() {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("call_id", callId);
    call.put("agent_id", "agent_museum");
    call.put("call_type", "phone_call");
    call.put("direction", "inbound");
    if (from != null) {
      call.put("from_number", from);
    }
    call.put("to_number", to);
    call.put("call_status", "ongoing");
    call.put("start_timestamp", startedAt.toEpochMilli());
    return call;
  }

  Map<String, Object> over() {
    Map<String, Object> call = ongoing();
    call.put("call_status", "ended");
    call.put("end_timestamp", endedAt().toEpochMilli());
    call.put("duration_ms", 31_846);
    call.put("disconnection_reason", "user_hangup");
    call.put("transcript", "Agent: Guten Tag.\nUser: Danke.\n");
    return call;
  }

  Instant endedAt() {
    return startedAt.plusMillis(31_846);
  }

  Map<String, Object> analysed(Map<String, Object> customAnalysisData) {
    Map<String, Object> call = over();
    call.put(
        "call_analysis",
        Map.of(
            "call_summary",
            "The caller booked.",
            "in_voicemail",
            false,
            "user_sentiment",
            "Positive",
            "call_successful",
            true,
            "custom_analysis_data",
            customAnalysisData));
    return call;
  }

  Answer retell(String event, Map<String, Object> call) {
    return gateway.retell("/retell/webhook", Map.of("event", event, "call", call));
  }

  Answer starts() {
    return retell("call_started", ongoing());
  }

  Answer ends() {
    return retell("call_ended", over());
  }

  Answer isAnalysed() {
    return retell("call_analyzed", analysed(Map.of("appointment_booked", true)));
  }

  /** The arguments of a complete wish. */
  Map<String, Object> wish(String service, ZonedDateTime start, String name) {
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("date", start.toLocalDate().toString());
    args.put("time", start.toLocalTime().toString());
    args.put("service", service);
    args.put("name", name);
    return args;
  }

  Reply books(Company company, ZonedDateTime start) {
    return books(wish(company.service(), start, "Erika Beispiel"));
  }

  Reply books(Map<String, Object> args) {
    return function("book_appointment", ongoing(), args);
  }

  Reply asks(String function, Map<String, Object> args) {
    return function(function, ongoing(), args);
  }

  Map<String, Object> when(ZonedDateTime start) {
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("date", start.toLocalDate().toString());
    args.put("time", start.toLocalTime().toString());
    return args;
  }

  Map<String, Object> whenNew(ZonedDateTime start) {
    return Map.of(
        "new_date", start.toLocalDate().toString(), "new_time", start.toLocalTime().toString());
  }

  Reply booksAs(String toolCallId, Map<String, Object> args) {
    return asksAs(toolCallId, "book_appointment", args);
  }

  /** With the id of this very invocation, as the transcript carries it. */
  Reply asksAs(String toolCallId, String function, Map<String, Object> args) {
    Map<String, Object> call = ongoing();
    call.put(
        "transcript_with_tool_calls",
        List.of(
            Map.of(
                "role",
                "tool_call_invocation",
                "tool_call_id",
                toolCallId,
                "name",
                function,
                "arguments",
                Http.JSON.writeValueAsString(args))));
    return function(function, call, args);
  }

  Reply function(String name, Map<String, Object> call, Map<String, Object> args) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("call", call);
    body.put("args", args);
    return new Reply(gateway.retell("/retell/functions", body));
  }

  /** What the agent is told. */
  record Reply(Answer answer) {
    String status() {
      return answer.status() == 200 ? answer.json().path("status").asString("") : "";
    }

    JsonNode json() {
      return answer.json();
    }

    String say() {
      return answer.json().path("say").asString("");
    }

    long appointmentId() {
      return answer.json().path("appointment_id").asLong(0);
    }

    String bookingId() {
      return answer.json().path("booking_id").asString("");
    }

    String calcomUid() {
      return answer.json().path("calcom_uid").asString("");
    }

    long calcomId() {
      return answer.json().path("calcom_booking_id").asLong(0);
    }
  }
}
