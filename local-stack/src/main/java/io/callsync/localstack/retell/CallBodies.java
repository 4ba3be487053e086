package io.callsync.localstack.retell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bodies that Retell sends about one call, with the fields of real ones. */
final class CallBodies {

  private static final JsonMapper JSON = JsonMapper.shared();

  private record Line(String role, String content) {}

  private final CallPlan plan;
  private final long startedMs;
  private final String toolCallId = "tool_call_" + CallPlan.hex(3);
  private final String callSid = "CA" + CallPlan.hex(16);

  CallBodies(CallPlan plan, long startedMs) {
    this.plan = plan;
    this.startedMs = startedMs;
  }

  byte[] started() {
    return event("call_started", basics("ongoing"));
  }

  byte[] function() {
    Map<String, Object> call = basics("ongoing");
    List<Line> lines = talkBefore();
    putTranscript(call, lines);
    List<Object> items = new ArrayList<>(utterances(lines));
    items.add(invocation());
    call.put("transcript_with_tool_calls", items);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", plan.function());
    body.put("call", call);
    body.put("args", plan.args());
    return JSON.writeValueAsBytes(body);
  }

  byte[] ended(String answer, long endedMs) {
    return event("call_ended", endedCall(answer, endedMs));
  }

  byte[] analyzed(String answer, long endedMs) {
    Map<String, Object> call = endedCall(answer, endedMs);
    boolean booked = isBooked(answer);
    Map<String, Object> custom = new LinkedHashMap<>();
    custom.put("appointment_booked", booked);
    custom.put("service", plan.args().getOrDefault("service", ""));
    Map<String, Object> analysis = new LinkedHashMap<>();
    analysis.put(
        "call_summary",
        booked
            ? "The caller asked for an appointment and it was booked."
            : "The caller asked for an appointment and none was booked.");
    analysis.put("in_voicemail", false);
    analysis.put("user_sentiment", booked ? "Positive" : "Neutral");
    analysis.put("call_successful", booked);
    analysis.put("custom_analysis_data", custom);
    call.put("call_analysis", analysis);
    return event("call_analyzed", call);
  }

  static boolean isBooked(String answer) {
    return answer.contains("\"booked\"") || answer.contains("\"already_booked\"");
  }

  private static byte[] event(String name, Map<String, Object> call) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("event", name);
    body.put("call", call);
    return JSON.writeValueAsBytes(body);
  }

  private Map<String, Object> basics(String status) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("call_id", plan.callId());
    call.put("agent_id", "agent_5e1f0b7a9c3d48f2a6b1c0d9e8");
    call.put("agent_name", "Front Desk");
    call.put("agent_version", 7);
    call.put("agent_tag", "prod");
    call.put("call_type", "phone_call");
    call.put("direction", "inbound");
    call.put("from_number", plan.fromNumber());
    call.put("to_number", plan.toNumber());
    call.put("call_status", status);
    call.put("start_timestamp", startedMs);
    call.put("retell_llm_dynamic_variables", Map.of("timezone", "Europe/Berlin"));
    call.put("telephony_identifier", Map.of("twilio_call_sid", callSid));
    call.put("data_storage_setting", "everything");
    call.put("opt_in_signed_url", false);
    return call;
  }

  private Map<String, Object> endedCall(String answer, long endedMs) {
    Map<String, Object> call = basics("ended");
    call.put("end_timestamp", endedMs);
    call.put("duration_ms", endedMs - startedMs);
    call.put("disconnection_reason", "user_hangup");
    List<Line> before = plan.function().isEmpty() ? List.of() : talkBefore();
    List<Line> after = talkAfter(answer);
    List<Line> all = new ArrayList<>(before);
    all.addAll(after);
    putTranscript(call, all);
    List<Object> items = new ArrayList<>(utterances(before));
    if (!plan.function().isEmpty()) {
      items.add(invocation());
      items.add(
          Map.of(
              "role",
              "tool_call_result",
              "tool_call_id",
              toolCallId,
              "content",
              answer,
              "successful",
              true));
    }
    items.addAll(utterances(after));
    call.put("transcript_with_tool_calls", items);
    call.put("collected_dynamic_variables", Map.of());
    String recording = "https://recordings.example.net/" + plan.callId();
    call.put("recording_url", recording + "/recording.wav");
    call.put("recording_multi_channel_url", recording + "/recording_multichannel.wav");
    call.put("public_log_url", recording + "/public_log.txt");
    call.put("latency", Map.of("e2e", latency(912, 1388), "llm", latency(402, 610)));
    call.put(
        "call_cost",
        Map.of(
            "product_costs",
            List.of(
                Map.of("product", "voice_engine", "unit_price", 0.0916667, "cost", 2.93),
                Map.of("product", "llm", "unit_price", 0.05, "cost", 1.6)),
            "total_duration_seconds",
            32,
            "total_duration_unit_price",
            0.1416667,
            "combined_cost",
            4.53));
    call.put(
        "llm_token_usage",
        Map.of("values", List.of(1874, 1990), "average", 1932, "num_requests", 2));
    return call;
  }

  private static Map<String, Object> latency(int least, int most) {
    Map<String, Object> latency = new LinkedHashMap<>();
    for (String name : List.of("p50", "p90", "p95", "p99", "max")) {
      latency.put(name, most);
    }
    latency.put("min", least);
    latency.put("num", 2);
    latency.put("values", List.of(least, most));
    return latency;
  }

  private Map<String, Object> invocation() {
    return Map.of(
        "role",
        "tool_call_invocation",
        "tool_call_id",
        toolCallId,
        "name",
        plan.function(),
        "arguments",
        JSON.writeValueAsString(plan.args()));
  }

  private List<Line> talkBefore() {
    return List.of(
        new Line("agent", "Guten Tag, wie kann ich helfen?"),
        new Line(
            "user", "Ich möchte einen Termin: " + plan.args().getOrDefault("service", "") + "."),
        new Line("agent", "Wann passt es Ihnen, und auf welchen Namen?"),
        new Line(
            "user",
            "Am %s um %s, %s."
                .formatted(
                    plan.args().getOrDefault("date", ""),
                    plan.args().getOrDefault("time", ""),
                    plan.args().getOrDefault("name", ""))));
  }

  private static List<Line> talkAfter(String answer) {
    return List.of(new Line("agent", spoken(answer)), new Line("user", "Danke, auf Wiederhören."));
  }

  private static String spoken(String answer) {
    try {
      JsonNode say = JSON.readTree(answer).path("say");
      return say.isString() ? say.asString() : "Ich kümmere mich darum.";
    } catch (tools.jackson.core.JacksonException e) {
      return "Ich kümmere mich darum.";
    }
  }

  private static void putTranscript(Map<String, Object> call, List<Line> lines) {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      text.append(line.role().equals("agent") ? "Agent: " : "User: ")
          .append(line.content())
          .append('\n');
    }
    call.put("transcript", text.toString());
    call.put("transcript_object", utterances(lines));
  }

  private static List<Map<String, Object>> utterances(List<Line> lines) {
    List<Map<String, Object>> utterances = new ArrayList<>();
    double at = 0.6;
    for (Line line : lines) {
      List<Map<String, Object>> words = new ArrayList<>();
      for (String word : Arrays.asList(line.content().split(" ", -1))) {
        words.add(Map.of("word", word, "start", rounded(at), "end", rounded(at + 0.24)));
        at += 0.3;
      }
      at += 1.5;
      Map<String, Object> utterance = new LinkedHashMap<>();
      utterance.put("role", line.role());
      utterance.put("content", line.content());
      utterance.put("words", words);
      utterances.add(utterance);
    }
    return utterances;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 100) / 100.0;
  }
}
