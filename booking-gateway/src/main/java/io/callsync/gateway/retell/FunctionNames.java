package io.callsync.gateway.retell;

import java.util.Map;

/** The canonical name of a function, whatever agents in use call it. Pure. */
final class FunctionNames {

  private static final Map<String, String> ALIASES =
      Map.ofEntries(
          Map.entry("start_booking", "book_appointment"),
          Map.entry("get_alternatives", "check_availability"),
          Map.entry("find_next_available", "check_availability"),
          Map.entry("get_customer_appointments", "find_appointments"),
          Map.entry("query_appointment", "find_appointments"),
          Map.entry("query_appointment_by_name", "find_appointments"),
          Map.entry("check_customer", "find_appointments"),
          Map.entry("get_available_services", "list_services"),
          Map.entry("get_service_info", "list_services"),
          Map.entry("initialize_call", "current_context"),
          Map.entry("get_current_context", "current_context"),
          Map.entry("current_time_berlin", "current_context"),
          Map.entry("getCurrentDateTimeInfo", "current_context"),
          Map.entry("parse_date", "current_context"),
          Map.entry("collect_appointment", "collect_appointment_data"));

  private FunctionNames() {}

  /** Prompts name versions of a function, with a suffix or a path: that makes no other one. */
  static String canonical(String name) {
    String plain = name.replaceFirst("[-_]v\\d+$", "");
    String underscored = plain.replace('-', '_');
    return ALIASES.getOrDefault(plain, ALIASES.getOrDefault(underscored, underscored));
  }
}
