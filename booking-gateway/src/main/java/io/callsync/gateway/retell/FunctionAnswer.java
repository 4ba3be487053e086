package io.callsync.gateway.retell;

import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.BookingStatus;
import io.callsync.gateway.booking.Link;
import io.callsync.gateway.booking.Offers.Offer;
import io.callsync.gateway.booking.Wish;
import io.callsync.gateway.directory.CompanyEntry;
import io.callsync.gateway.directory.ServiceEntry;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What the agent is told: a flat object with a status for machines, data, and a sentence to say.
 * Always with HTTP 200, since Retell repeats everything else.
 */
record FunctionAnswer(Map<String, Object> fields) {

  static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  static FunctionAnswer of(String status, String say) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", status);
    fields.put("say", say);
    return new FunctionAnswer(fields);
  }

  String status() {
    return String.valueOf(fields.get("status"));
  }

  FunctionAnswer with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new FunctionAnswer(more);
  }

  /** Date, weekday and zone of the company: language models do not know what day it is. */
  FunctionAnswer today(Instant now, CompanyEntry company) {
    ZonedDateTime local = now.atZone(company.zone());
    return with("today", local.toLocalDate().toString())
        .with(
            "weekday",
            local.getDayOfWeek().getDisplayName(java.time.format.TextStyle.FULL, company.locale()))
        .with("timezone", company.timezone());
  }

  /** Two names of one argument say different things: both are named, nothing is done. */
  static FunctionAnswer contradiction(Arguments args, CompanyEntry company) {
    return askBack("invalid_arguments", company, List.of())
        .with(
            "contradicting",
            args.contradiction().map(entry -> List.copyOf(entry.getValue())).orElse(List.of()));
  }

  /** The wish is none of the offers, and sounds like this one. */
  static FunctionAnswer misheard(Offer offer, CompanyEntry company) {
    Sentences say = Sentences.in(company.language());
    ZonedDateTime local = offer.startsAt().atZone(company.zone());
    return of("date_unclear", say.didYouMean(say.spoken(local)))
        .with("offer_id", offer.id())
        .with("start", local.toOffsetDateTime().toString());
  }

  /** The answer to a wish as its booking stands now. */
  static FunctionAnswer about(
      BookingState booking, CompanyEntry company, Optional<ServiceEntry> service) {
    Sentences say = Sentences.in(company.language());
    BookingStatus status = booking.status();
    Wish wish = booking.wish();
    Instant start = booking.startsAt();
    ZonedDateTime local = start == null ? null : start.atZone(company.zone());
    String what = service.map(ServiceEntry::name).orElse("");
    if (booking.refusal() != null && booking.current().isPresent() && status.stands()) {
      // It came to be after all, or at another time than asked: it is being taken back.
      return refused(booking.refusal(), say).with("booking_id", booking.bookingId().toString());
    }
    FunctionAnswer answer =
        switch (status) {
          case CONFIRMED, COMPLETED, NO_SHOW -> of("booked", say.booked(what, local));
          case PENDING, SCHEDULED -> of("booked", say.pending(what, local)).with("pending", true);
          case REQUESTED -> of("in_doubt", say.inDoubt());
          case CANCELLED, DECLINED, ALIASED -> of("cancelled", say.notStanding());
          case FAILED -> refused(wish == null ? null : wish.failureReason(), say);
        };
    return answer
        .with("appointment_id", status == BookingStatus.FAILED ? null : booking.appointmentId())
        .with("booking_id", booking.bookingId().toString())
        .with("calcom_booking_id", booking.current().map(Link::calcomBookingId).orElse(null))
        .with("calcom_uid", booking.current().map(Link::uid).orElse(null))
        .with("start", local == null ? null : local.toOffsetDateTime().toString())
        .with("timezone", company.timezone())
        .with("service", what.isEmpty() ? null : what);
  }

  private static FunctionAnswer refused(@Nullable String reason, Sentences say) {
    return switch (reason == null ? "" : reason) {
      case "slot_taken" -> of("slot_taken", say.slotTaken());
      case "out_of_window" -> of("out_of_window", say.outOfWindow());
      case "event_type_invalid" -> of("service_unknown", say.tryLater());
      default -> of("try_later", say.tryLater());
    };
  }

  static FunctionAnswer askBack(String status, CompanyEntry company, List<String> services) {
    return of(status, Sentences.in(company.language()).askBack(status, services))
        .with("services", services.isEmpty() ? null : services);
  }
}
