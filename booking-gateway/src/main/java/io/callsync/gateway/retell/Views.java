package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.Directory;
import io.callsync.gateway.directory.ServiceEntry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appointments as agents and callers are told of them. */
final class Views {

  private Views() {}

  static List<Map<String, Object>> of(
      List<BookingState> bookings, CompanyEntry company, Directory directory) {
    return bookings.stream().map(booking -> view(booking, company, directory)).toList();
  }

  static List<String> spoken(
      List<BookingState> bookings, CompanyEntry company, Directory directory) {
    Sentences say = Sentences.in(company.language());
    return bookings.stream()
        .map(
            booking ->
                say.spoken(start(booking).atZone(company.zone()))
                    + " "
                    + service(booking, directory))
        .map(String::strip)
        .toList();
  }

  static String service(BookingState booking, Directory directory) {
    return directory
        .serviceOf(booking.calcomAccount(), booking.eventTypeId())
        .map(ServiceEntry::name)
        .orElse("");
  }

  private static Map<String, Object> view(
      BookingState booking, CompanyEntry company, Directory directory) {
    var local = start(booking).atZone(company.zone());
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("appointment_id", booking.appointmentId());
    view.put("start", local.toOffsetDateTime().toString());
    view.put("spoken", Sentences.in(company.language()).spoken(local));
    view.put("service", service(booking, directory));
    view.put("status", booking.status().word());
    return view;
  }

  private static Instant start(BookingState booking) {
    Instant start = booking.startsAt();
    return start == null ? Instant.EPOCH : start;
  }
}
