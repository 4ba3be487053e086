package io.callsync.gateway.booking;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asked for; settled by Cal.com's word only.
 *
 * @param requestId travels in Cal.com's metadata and proves that an answer is ours
 * @param startsAt the start that was asked for
 * @param phone E.164, null for a hidden number
 * @param failureReason why Cal.com or we refused; null while nothing is known
 * @param inDoubt true while Cal.com's answer is unknown
 */
public record Wish(
    UUID requestId,
    long callId,
    String retellCallId,
    Instant requestedAt,
    Instant startsAt,
    Instant endsAt,
    long eventTypeId,
    String name,
    @Nullable String phone,
    @Nullable String email,
    @Nullable String notes,
    @Nullable String failureReason,
    boolean inDoubt) {

  /** Whether that is whom we asked a seat for: it carries the name and number that we sent. */
  boolean isOf(Seat seat) {
    return seat.hasName(name)
        && (phone == null || seat.phone() == null || phone.equals(seat.phone()));
  }

  Wish refused(String reason) {
    return new Wish(
        requestId,
        callId,
        retellCallId,
        requestedAt,
        startsAt,
        endsAt,
        eventTypeId,
        name,
        phone,
        email,
        notes,
        reason,
        false);
  }

  Wish doubted(boolean doubt) {
    return new Wish(
        requestId,
        callId,
        retellCallId,
        requestedAt,
        startsAt,
        endsAt,
        eventTypeId,
        name,
        phone,
        email,
        notes,
        failureReason,
        doubt);
  }
}
