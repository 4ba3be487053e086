package io.callsync.gateway.retell;

import static io.callsync.gateway.intake.Fields.text;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.CallersBookings;
import io.callsync.gateway.call.CallFacts;
import io.callsync.gateway.call.CallSource;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.Line;
import java.time.Clock;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/**
 * What an agent should know before it picks up (Retell's call_inbound): the day, the company, and
 * who is calling. The call does not exist yet, so nothing is written. All values are texts, since
 * Retell throws the whole answer away otherwise.
 */
@Component
class InboundCall {

  private final Directory directory;
  private final CallersBookings bookings;
  private final Clock clock;

  InboundCall(Directory directory, CallersBookings bookings, Clock clock) {
    this.directory = directory;
    this.bookings = bookings;
    this.clock = clock;
  }

  Map<String, Object> answer(VerifiedRequest request) {
    JsonNode inbound = request.json().path("call_inbound");
    String connection = request.connection().name();
    CallState caller =
        CallState.of(0, "", connection).with(CallSource.STARTED, CallFacts.of(inbound));
    Map<String, String> variables =
        directory
            .line(connection, caller.toNumber())
            .map(Line::companyId)
            .flatMap(directory::company)
            .map(company -> variables(caller, company))
            .orElse(Map.of());
    return Map.of("call_inbound", Map.of("dynamic_variables", variables));
  }

  private Map<String, String> variables(CallState caller, CompanyEntry company) {
    Instant now = clock.instant();
    ZonedDateTime local = now.atZone(company.zone());
    Map<String, String> variables = new TreeMap<>();
    variables.put("company_name", company.name());
    variables.put("timezone", company.timezone());
    variables.put("today", local.toLocalDate().toString());
    variables.put(
        "weekday",
        local.getDayOfWeek().getDisplayName(java.time.format.TextStyle.FULL, company.locale()));
    variables.put("now", local.toLocalTime().withNano(0).withSecond(0).toString());
    List<BookingState> standing = bookings.standing(caller, company.id(), now);
    bookings
        .customerName(caller, company.id())
        .ifPresent(name -> variables.put("customer_name", name));
    Optional<BookingState> next = standing.stream().findFirst();
    next.ifPresent(
        booking ->
            variables.put(
                "next_appointment", Views.spoken(List.of(booking), company, directory).getFirst()));
    return variables;
  }

  /** Retell may send it to the webhook's own address, too. */
  static boolean isInbound(JsonNode body) {
    return "call_inbound".equals(text(body, "event"));
  }
}
