package io.callsync.validator.ops;

import io.callsync.validator.chain.AppointmentRow;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.rule.Violation;
import io.callsync.validator.violation.Violations.Known;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One chain in full, as people read it. */
record ChainView(
    @Nullable Map<String, @Nullable Object> call,
    @Nullable Map<String, @Nullable Object> company,
    @Nullable Map<String, @Nullable Object> customer,
    List<Appointment> appointments,
    List<Wish> wishes,
    List<Broken> violations,
    List<String> checkedRules,
    String status,
    boolean passed) {

  record Appointment(
      long id,
      String bookingId,
      @Nullable Instant startsAt,
      @Nullable Instant endsAt,
      String timezone,
      String status,
      @Nullable Long calcomBookingId,
      @Nullable String calcomUid,
      @Nullable String service,
      @Nullable Long callId,
      @Nullable Long customerId,
      @Nullable Long companyId) {

    static Appointment of(AppointmentRow a, Map<Long, String> services) {
      return new Appointment(
          a.id(),
          a.bookingId().toString(),
          a.startsAt(),
          a.endsAt(),
          a.timezone(),
          a.status(),
          a.calcomBookingId(),
          a.calcomUid(),
          a.serviceId() == null ? null : services.get(a.serviceId()),
          a.callId(),
          a.customerId(),
          a.companyId());
    }
  }

  record Wish(String bookingId, String status, @Nullable Instant requestedAt, boolean inDoubt) {

    static Wish of(ExpectedBooking b) {
      return new Wish(b.bookingId().toString(), b.status(), b.requestedAt(), b.inDoubt());
    }
  }

  /** A violation found on the spot, with the state it is stored in. */
  record Broken(
      String rule,
      String severity,
      String subject,
      String message,
      @Nullable String remedy,
      Map<String, String> evidence,
      String state) {

    static Broken of(Violation v, Known known) {
      var told = new TreeMap<>(v.evidence());
      if (known.repair() != null) {
        told.put("repair", known.repair());
      }
      return new Broken(
          v.rule(),
          v.severity().word(),
          v.subjectType() + ':' + v.subjectId(),
          v.message(),
          v.remedy(),
          told,
          known.state());
    }
  }
}
