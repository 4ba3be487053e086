package io.callsync.gateway.delivery;

import io.callsync.events.BookingEvent;
import io.callsync.events.CallEvent;
import io.callsync.events.CustomerEvent;
import io.callsync.outbox.OutboxMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event as operators are shown it; nothing personal, the rows show that. */
public final class EventView {

  private EventView() {}

  public static Map<String, Object> of(OutboxMessage message) {
    return switch (Objects.requireNonNull(message.event())) {
      case BookingEvent e ->
          row(
              e.getMeta().getType(),
              "appointment",
              e.getBooking().getAppointmentId(),
              "status",
              e.getBooking().getStatus(),
              "startsAt",
              e.getBooking().getStartsAt(),
              "callId",
              e.getBooking().getCallId(),
              "customerId",
              e.getBooking().getCustomerId(),
              "companyId",
              e.getBooking().getCompanyId());
      case CallEvent e ->
          row(
              e.getMeta().getType(),
              "call",
              e.getCall().getCallId(),
              "status",
              e.getCall().getStatus(),
              "customerId",
              e.getCall().getCustomerId(),
              "companyId",
              e.getCall().getCompanyId());
      case CustomerEvent e ->
          row(
              e.getMeta().getType(),
              "customer",
              e.getCustomer().getCustomerId(),
              "companyId",
              e.getCustomer().getCompanyId());
      default -> Map.of();
    };
  }

  private static Map<String, Object> row(
      String type, String table, long id, @Nullable Object... namesAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("type", type);
    row.put("table", table);
    row.put("id", id);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      Object value = namesAndValues[i + 1];
      if (value != null) {
        row.put(String.valueOf(namesAndValues[i]), value.toString());
      }
    }
    return row;
  }
}
