package io.callsync.localstack.calcom;

import io.callsync.localstack.calcom.Booking.Seat;
import io.callsync.localstack.calcom.WebhookBody.Trigger;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells the world of a change, at the moment that the delivery says. */
final class Announcer {

  /**
   * A change that has to be told.
   *
   * @param previous the old link of the chain after a reschedule
   * @param seat whose seat it is about, null where it is about all
   */
  record Change(Trigger trigger, Booking booking, @Nullable Booking previous, @Nullable Seat seat) {
    Change(Trigger trigger, Booking booking, @Nullable Booking previous) {
      this(trigger, booking, previous, null);
    }
  }

  private final Bookings bookings;
  private final Webhooks webhooks;
  private final AtomicLong turn = new AtomicLong();
  private volatile List<Delivery> deliveries = List.of(Delivery.DEFAULT);

  Announcer(Bookings bookings, Webhooks webhooks) {
    this.bookings = bookings;
    this.webhooks = webhooks;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  /** From now on bookings take these in turn. */
  void use(List<Delivery> chosen) {
    turn.set(0);
    deliveries = List.copyOf(chosen);
  }

  Delivery next() {
    List<Delivery> all = deliveries;
    return all.get((int) (turn.getAndIncrement() % all.size()));
  }

  /** What has to go out before or with the answer. */
  void beforeAnswer(Change change, Delivery delivery) {
    switch (delivery.when()) {
      case BEFORE -> webhooks.send(uid(change), name(change), body(change, delivery), delivery);
      case WITH ->
          webhooks.sendLater(0, uid(change), name(change), body(change, delivery), delivery);
      case AFTER, NONE -> {}
    }
  }

  /** What has to go out after the answer, or after the connection was cut instead of one. */
  void afterAnswer(Change change, Delivery delivery) {
    if (delivery.when() == Delivery.When.AFTER) {
      webhooks.sendLater(
          delivery.waitMs(), uid(change), name(change), body(change, delivery), delivery);
    }
  }

  /** Sends it now, whatever the deliveries say. */
  void sendNow(Change change, Delivery delivery) {
    webhooks.send(uid(change), name(change), body(change, delivery), delivery);
  }

  private static String uid(Change change) {
    return change.booking().uid();
  }

  private static String name(Change change) {
    return change.trigger().wireName();
  }

  private Supplier<byte[]> body(Change change, Delivery delivery) {
    EventType type = bookings.eventType(change.booking().eventTypeId());
    return () -> WebhookBody.of(change, type, delivery.metadata());
  }
}
