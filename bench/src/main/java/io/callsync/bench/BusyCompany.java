package io.callsync.bench;

import io.callsync.localstack.LocalStack;
import io.callsync.localstack.http.JsonClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/**
 * A company with many calendars, all of them empty at the beginning of each run, and the calls of
 * people who book there.
 */
final class BusyCompany {

  private static final long ID = 900;
  private static final String LINE = "+493023125900";
  private static final int SERVICES = 20;
  private static final int MINUTES = 30;
  private static final int A_DAY = 16;
  private static final LocalTime OPENS = LocalTime.of(9, 0);
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  /** What an agent says and hears before it books is part of every function call. */
  private static final String TALK =
      "Agent: Guten Tag, was kann ich für Sie tun?\nUser: Ich hätte gerne einen Termin.\n"
          .repeat(12);

  private final LocalDate firstDay = LocalDate.now(ZONE).plusDays(2);

  private BusyCompany() {}

  /** Makes it known to the directory and to Cal.com. */
  static BusyCompany opened(LocalStack stack, JsonClient client) {
    // Event types of this run alone, as the calendars of an earlier one are full.
    long firstEventType = System.currentTimeMillis() / 1000;
    StringBuilder directory =
        new StringBuilder(
            """
            companies:
              - id: %d
                name: Salon C
                timezone: Europe/Berlin
                language: de
                phoneNumbers:
                  - {number: "%s"}
                services:
            """
                .formatted(ID, LINE));
    URI types = stack.addresses().calcom().resolve("/admin/event-types/");
    for (int n = 0; n < SERVICES; n++) {
      directory.append(
          "      - {id: %d, name: %s, durationMinutes: %d, eventTypeId: %d}%n"
              .formatted(ID * 100 + n, service(n), MINUTES, firstEventType + n));
      client.put(
          types.resolve(String.valueOf(firstEventType + n)),
          Map.of("lengthInMinutes", MINUTES, "hostId", firstEventType + n, "title", service(n)));
    }
    client.send(
        "POST",
        stack.addresses().gateway().resolve("/ops/directory"),
        "application/yaml",
        directory.toString().getBytes(StandardCharsets.UTF_8));
    return new BusyCompany();
  }

  private static String service(int n) {
    return "Leistung " + (char) ('A' + n);
  }

  /** The nth call's wish to book, each at a time of its own. */
  byte[] functionCall(int n) {
    int slot = n / SERVICES;
    Map<String, Object> args = new LinkedHashMap<>();
    args.put("date", firstDay.plusDays(slot / A_DAY).toString());
    args.put("time", OPENS.plusMinutes((long) MINUTES * (slot % A_DAY)).toString());
    args.put("service", service(n % SERVICES));
    args.put("name", "Erika Beispiel");
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("call_id", "call_" + UUID.randomUUID().toString().replace("-", ""));
    call.put("agent_id", "agent_bench");
    call.put("call_type", "phone_call");
    call.put("direction", "inbound");
    call.put("from_number", "+49696000%05d".formatted(n));
    call.put("to_number", LINE);
    call.put("call_status", "ongoing");
    call.put("start_timestamp", System.currentTimeMillis());
    call.put("transcript", TALK);
    call.put(
        "transcript_with_tool_calls",
        List.of(
            Map.of("role", "user", "content", TALK),
            Map.of(
                "role",
                "tool_call_invocation",
                "tool_call_id",
                "tool_call_" + n,
                "name",
                "book_appointment",
                "arguments",
                JsonMapper.shared().writeValueAsString(args))));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", "book_appointment");
    body.put("call", call);
    body.put("args", args);
    return JsonMapper.shared().writeValueAsBytes(body);
  }
}
