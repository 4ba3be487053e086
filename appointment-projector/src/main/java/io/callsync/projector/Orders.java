package io.callsync.projector;

import io.callsync.projector.Selection.OfBooking;
import io.callsync.projector.Selection.OfCall;
import io.callsync.projector.Selection.Offsets;
import io.callsync.projector.Selection.Span;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads orders: what is refused at once, and what a replay is of. */
final class Orders {

  private Orders() {}

  /**
   * The order with all that depends on this moment written out, so that it means the same later.
   *
   * @throws OrderRefused where it cannot be done
   */
  static JobOrder accepted(JobOrder order, EventIndex index, Instant now) {
    if (isBlank(order.author()) || isBlank(order.reason())) {
      throw wrong("author_or_reason_missing", "Say who wants it and why: author and reason.");
    }
    long selections =
        Stream.of(order.from(), order.booking(), order.call(), order.partition())
            .filter(Objects::nonNull)
            .count();
    if (JobOrder.REBUILD.equals(order.kind())) {
      if (selections > 0) {
        throw wrong("rebuild_is_whole", "A rebuild is of everything: ask for a replay instead.");
      }
      return order;
    }
    if (!JobOrder.REPLAY.equals(order.kind())) {
      throw wrong("kind_unknown", "The kind of a job is replay or rebuild.");
    }
    if (selections != 1) {
      throw wrong(
          "selection_wrong",
          "Say what to replay by one of: from (a time), booking, call, or partition with firstOffset and lastOffset.");
    }
    JobOrder resolved =
        new JobOrder(
            order.kind(),
            order.from(),
            order.from() != null && order.to() == null ? now : order.to(),
            order.booking() == null ? null : bookingId(order.booking(), index),
            order.call() == null ? null : callId(order.call(), index),
            order.partition(),
            order.firstOffset(),
            order.lastOffset(),
            order.dryRun(),
            order.author(),
            order.reason());
    Selection selection = selection(resolved);
    if (!(selection instanceof Span) && index.count(selection) == 0) {
      throw unknown("No event of that was ever shown: look at the id, or replay by time.");
    }
    return resolved;
  }

  /** What an order is about, in a few words. */
  static String subject(JobOrder order) {
    if (order.from() != null) {
      return "from " + order.from() + (order.to() == null ? "" : " to " + order.to());
    }
    if (order.booking() != null) {
      return "booking " + order.booking();
    }
    if (order.call() != null) {
      return "call " + order.call();
    }
    return order.partition() == null
        ? "everything"
        : "%s:%d-%d".formatted(order.partition(), order.firstOffset(), order.lastOffset());
  }

  /** What a replay is of, by its accepted order. */
  static Selection selection(JobOrder order) {
    if (order.from() != null) {
      return new Span(order.from(), Objects.requireNonNull(order.to()));
    }
    if (order.booking() != null) {
      return new OfBooking(UUID.fromString(order.booking()));
    }
    if (order.call() != null) {
      return new OfCall(Long.parseLong(order.call()));
    }
    String partition = order.partition();
    int dash = partition == null ? -1 : partition.lastIndexOf('-');
    if (partition == null
        || dash < 0
        || !ProjectionLoop.TOPICS.contains(partition.substring(0, dash))
        || !partition.substring(dash + 1).matches("\\d{1,4}")
        || order.firstOffset() == null
        || order.lastOffset() == null) {
      throw wrong(
          "offsets_wrong",
          "Offsets are a partition such as booking-events-0, firstOffset and lastOffset.");
    }
    return new Offsets(
        new TopicPartition(
            partition.substring(0, dash), Integer.parseInt(partition.substring(dash + 1))),
        order.firstOffset(),
        order.lastOffset());
  }

  private static String bookingId(String given, EventIndex index) {
    if (given.matches("\\d{1,18}")) {
      return index
          .bookingId(Long.parseLong(given))
          .map(UUID::toString)
          .orElseThrow(
              () ->
                  unknown(
                      "No appointment %s was ever shown: name the booking's uuid."
                          .formatted(given)));
    }
    try {
      return UUID.fromString(given).toString();
    } catch (IllegalArgumentException e) {
      throw wrong(
          "booking_id_wrong", "A booking is named by its uuid or by its appointment's number.");
    }
  }

  private static String callId(String given, EventIndex index) {
    return given.matches("\\d{1,18}")
        ? given
        : index
            .callId(given)
            .map(String::valueOf)
            .orElseThrow(() -> unknown("No call %s was ever shown.".formatted(given)));
  }

  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }

  private static OrderRefused wrong(String code, String sentence) {
    return new OrderRefused(400, code, sentence);
  }

  private static OrderRefused unknown(String sentence) {
    return new OrderRefused(404, "never_shown", sentence);
  }
}
