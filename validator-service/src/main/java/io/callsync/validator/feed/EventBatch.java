package io.callsync.validator.feed;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.CustomerEvent;
import io.callsync.validator.ValidatorProperties;
import io.callsync.validator.chain.ChainKey;
import io.callsync.validator.chain.ExpectedBooking;
import io.callsync.validator.chain.ExpectedCall;
import io.callsync.validator.check.Due;
import io.callsync.validator.expectation.Expectations;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.stereotype.Component;

/** Events tell what should be there, and which chains to look at. */
@Component
class EventBatch implements Batch {

  private final Expectations expectations;
  private final Due due;
  private final ValidatorProperties.Times times;

  EventBatch(Expectations expectations, Due due, ValidatorProperties properties) {
    this.expectations = expectations;
    this.due = due;
    this.times = properties.validator();
  }

  @Override
  public void take(List<SpecificRecord> records, Instant now) {
    Map<UUID, ExpectedBooking> bookings = new HashMap<>();
    Map<Long, ExpectedCall> calls = new HashMap<>();
    Set<Long> customers = new HashSet<>();
    Set<ChainKey> chains = new HashSet<>();
    for (SpecificRecord record : records) {
      switch (record) {
        case BookingEvent event -> {
          ExpectedBooking booking = expected(event.getBooking(), event.getMeta().getRevision());
          bookings.merge(
              booking.bookingId(), booking, (a, b) -> a.revision() < b.revision() ? b : a);
          Long callId = booking.callId();
          chains.add(
              callId == null
                  ? new ChainKey.OfBooking(booking.bookingId())
                  : new ChainKey.OfCall(callId));
          event.getBooking().getFurtherCallIds().forEach(c -> chains.add(new ChainKey.OfCall(c)));
        }
        case CallEvent event -> {
          ExpectedCall call = expected(event.getCall(), event.getMeta().getRevision());
          calls.merge(call.callId(), call, (a, b) -> a.revision() < b.revision() ? b : a);
          chains.add(new ChainKey.OfCall(call.callId()));
        }
        case CustomerEvent event -> customers.add(event.getCustomer().getCustomerId());
        default -> {
          // A type that says nothing about what should be there.
        }
      }
    }
    // A booking that moves to another call leaves a chain behind.
    chains.addAll(expectations.chainsOfBookings(bookings.keySet()));
    expectations.keepBookings(bookings.values());
    expectations.keepCalls(calls.values());
    chains.addAll(expectations.chainsOfCustomers(customers));
    due.mark(chains, now, now.plus(times.debounce()));
  }

  private static ExpectedBooking expected(Booking booking, long revision) {
    return new ExpectedBooking(
        UUID.fromString(booking.getBookingId()),
        revision,
        booking.getAppointmentId(),
        booking.getCallId(),
        booking.getCustomerId(),
        booking.getCompanyId(),
        booking.getAliasOf() == null ? booking.getStatus() : "aliased",
        booking.getSource(),
        booking.getStartsAt(),
        booking.getEndsAt(),
        booking.getRequestedAt(),
        booking.getInDoubt(),
        Boolean.parseBoolean(booking.getMetadata().get("late_booking")),
        booking.getCalcomBookingId(),
        booking.getCalcomUid());
  }

  private static ExpectedCall expected(Call call, long revision) {
    return new ExpectedCall(
        call.getCallId(),
        call.getRetellCallId(),
        revision,
        call.getCompanyId(),
        call.getCustomerId());
  }
}
