package io.callsync.gateway.retell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions as Retell wants them declared: name, description for the model, and a JSON schema
 * of the arguments. Nothing asks the model for the call's id, since it would make one up.
 */
final class FunctionSchemas {

  private record Argument(String name, String type, String description) {}

  private static final Argument DATE =
      text("date", "Day as YYYY-MM-DD, or as the caller said it, such as 'morgen' or '24.10.'");
  private static final Argument TIME =
      text("time", "Time as HH:MM in the company's zone, or as the caller said it");
  private static final Argument SERVICE =
      text("service", "Name of the service as the company lists it");
  private static final Argument APPOINTMENT =
      text("appointment_id", "Id of the appointment, from find_appointments");

  private FunctionSchemas() {}

  static List<Map<String, Object>> all() {
    return List.of(
        function(
            "check_availability",
            "Tells which times are free. Ask before booking; every time named has an offer_id.",
            List.of("service", "date"),
            SERVICE,
            DATE,
            TIME),
        function(
            "book_appointment",
            "Books an appointment after the caller agreed. Take the offer_id of the chosen time where there is one.",
            List.of("name"),
            text("offer_id", "The chosen offer, from check_availability"),
            DATE,
            TIME,
            SERVICE,
            text("name", "Name of the person the appointment is for"),
            text("phone", "Telephone number, only where the caller hides his own"),
            text("email", "E-mail address, if the caller wants to give one"),
            text("staff", "The person the caller would like to see"),
            text("notes", "Wishes in the caller's words"),
            new Argument(
                "confirm", "boolean", "True only where the caller agreed to a second appointment")),
        function("find_appointments", "Tells the caller's coming appointments.", List.of()),
        function(
            "reschedule_appointment",
            "Moves one of the caller's appointments.",
            List.of("new_date", "new_time"),
            APPOINTMENT,
            text("old_date", "Day of the appointment that is moved"),
            text("old_time", "Time of the appointment that is moved"),
            text("new_date", "New day as YYYY-MM-DD, or as the caller said it"),
            text("new_time", "New time as HH:MM, or as the caller said it")),
        function(
            "cancel_appointment",
            "Cancels one of the caller's appointments.",
            List.of(),
            APPOINTMENT,
            text("date", "Day of the appointment"),
            text("time", "Time of the appointment")),
        function("list_services", "Tells what the company offers.", List.of()),
        function(
            "request_callback",
            "Notes that somebody shall call back; use it where nothing else helps.",
            List.of(),
            text("name", "Name of the caller"),
            text("phone", "Telephone number, only where the caller hides his own"),
            text("reason", "What it is about")),
        function(
            "current_context", "Tells today's date and weekday where the company is.", List.of()));
  }

  private static Argument text(String name, String description) {
    return new Argument(name, "string", description);
  }

  private static Map<String, Object> function(
      String name, String description, List<String> required, Argument... arguments) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Argument argument : arguments) {
      properties.put(
          argument.name(), Map.of("type", argument.type(), "description", argument.description()));
    }
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("type", "custom");
    function.put("name", name);
    function.put("description", description);
    function.put("path", "/retell/functions/" + name);
    function.put(
        "parameters", Map.of("type", "object", "properties", properties, "required", required));
    return function;
  }
}
