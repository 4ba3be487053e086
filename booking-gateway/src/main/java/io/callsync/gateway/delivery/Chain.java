package io.callsync.gateway.delivery;

import io.callsync.events.Booking;
import io.callsync.events.BookingEvent;
import io.callsync.events.Call;
import io.callsync.events.CallEvent;
import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.gateway.booking.BookingEvents;
import io.callsync.gateway.booking.BookingState;
import io.callsync.gateway.booking.ContactRules;
import io.callsync.gateway.call.CallState;
import io.callsync.gateway.connection.Connection;
import io.callsync.gateway.customer.CustomerIdentity;
import io.callsync.gateway.customer.CustomerState;
import io.callsync.gateway.delivery.AggregateStore.Owned;
import io.callsync.gateway.delivery.AggregateStore.Stored;
import io.callsync.gateway.delivery.AggregateStore.Write;
import io.callsync.outbox.Outbox;
import io.callsync.outbox.OutboxMessage;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's view of the aggregates it touches: locks them as they are asked for, and at the
 * end writes each changed one with its next revision and its event. What did not change writes
 * nothing, so repeated deliveries leave no trace but their own row.
 *
 * <p>Lock order is booking, call, customer; whoever keeps it cannot dead-lock.
 */
public final class Chain {

  private static final class Entry<S> {
    private final long revision;
    private final @Nullable S stored;
    private S state;

    Entry(long revision, @Nullable S stored, S state) {
      this.revision = revision;
      this.stored = stored;
      this.state = state;
    }
  }

  private record CustomerKey(long companyId, CustomerIdentity identity) {}

  private final AggregateStore store;
  private final Outbox outbox;
  private final Pseudonyms pseudonyms;
  private final Function<@Nullable Long, ContactRules> contacts;
  private final Map<UUID, Entry<BookingState>> bookings = new LinkedHashMap<>();
  private final Map<String, Entry<CallState>> calls = new LinkedHashMap<>();
  private final Map<CustomerKey, Entry<CustomerState>> customers = new LinkedHashMap<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<OutboxMessage> messages = new ArrayList<>();

  Chain(
      AggregateStore store,
      Outbox outbox,
      Pseudonyms pseudonyms,
      Function<@Nullable Long, ContactRules> contacts) {
    this.store = store;
    this.outbox = outbox;
    this.pseudonyms = pseudonyms;
    this.contacts = contacts;
  }

  /** The call, locked. */
  public CallState call(String retellCallId) {
    return call(retellCallId, Connection.DEFAULT);
  }

  /**
   * The call, locked; made where it is new.
   *
   * @param connection of a new one
   */
  public CallState call(String retellCallId, String connection) {
    Entry<CallState> known = calls.get(retellCallId);
    if (known != null) {
      return known.state;
    }
    Optional<Stored<CallState>> stored = store.lockCall(retellCallId);
    if (stored.isEmpty()) {
      Optional<Long> minted = store.claimCall(retellCallId);
      if (minted.isPresent()) {
        CallState fresh = CallState.of(minted.get(), retellCallId, connection);
        calls.put(retellCallId, new Entry<>(0, null, fresh));
        return fresh;
      }
      stored = store.lockCall(retellCallId);
    }
    return keep(calls, retellCallId, stored.orElseThrow());
  }

  /**
   * The call, locked; a new one gets the id that it always had. Empty where another call has that
   * id. One that is known keeps the id under which it is.
   */
  public Optional<CallState> keptCall(long callId, String retellCallId, String connection) {
    Entry<CallState> known = calls.get(retellCallId);
    if (known != null) {
      return Optional.of(known.state);
    }
    Optional<Stored<CallState>> stored = store.lockCall(retellCallId);
    if (stored.isEmpty()) {
      if (store.claimCall(callId, retellCallId)) {
        CallState fresh = CallState.of(callId, retellCallId, connection);
        calls.put(retellCallId, new Entry<>(0, null, fresh));
        return Optional.of(fresh);
      }
      stored = store.lockCall(retellCallId);
    }
    return stored.map(call -> keep(calls, retellCallId, call));
  }

  /** Whether that id is a customer's of that company, or free. */
  public boolean mayBeCustomerOf(long companyId, long customerId) {
    return store.ownerOf(customerId).map(o -> o.companyId() == companyId).orElse(true);
  }

  public boolean knowsBooking(UUID bookingId) {
    return bookings.containsKey(bookingId) || store.readBooking(bookingId).isPresent();
  }

  /** Whose appointment id that is. */
  public Optional<UUID> holderOf(long appointmentId) {
    return store.holderOf(appointmentId);
  }

  /** The booking, locked; where it turned out to be another one, that one. */
  public BookingState booking(UUID bookingId) {
    Entry<BookingState> known = bookings.get(bookingId);
    BookingState state =
        known != null
            ? known.state
            : keep(bookings, bookingId, store.lockBooking(bookingId).orElseThrow());
    return state.aliasOf() == null ? state : booking(state.aliasOf());
  }

  public BookingState newBooking(
      UUID bookingId,
      String calcomAccount,
      String source,
      String timezone,
      UnaryOperator<BookingState> complete) {
    return newBooking(
        bookingId, store.mintAppointmentId(), calcomAccount, source, timezone, complete);
  }

  /**
   * @param appointmentId that it always had, and that nobody else has
   */
  public BookingState newBooking(
      UUID bookingId,
      long appointmentId,
      String calcomAccount,
      String source,
      String timezone,
      UnaryOperator<BookingState> complete) {
    BookingState fresh =
        complete.apply(BookingState.of(bookingId, appointmentId, calcomAccount, source, timezone));
    bookings.put(fresh.bookingId(), new Entry<>(0, null, fresh));
    return fresh;
  }

  /** The customer with that identity within the company, registered where it is new. */
  public CustomerState customer(
      long companyId,
      CustomerIdentity identity,
      @Nullable String name,
      @Nullable String phone,
      @Nullable String email) {
    var key = new CustomerKey(companyId, identity);
    Entry<CustomerState> entry = customers.get(key);
    if (entry == null) {
      Optional<Stored<CustomerState>> stored = store.lockCustomer(companyId, identity);
      if (stored.isEmpty()) {
        Optional<Long> minted = store.claimCustomer(companyId, identity);
        if (minted.isPresent()) {
          CustomerState fresh =
              new CustomerState(minted.get(), companyId, identity.kind(), name, phone, email);
          customers.put(key, new Entry<>(0, null, fresh));
          return fresh;
        }
        stored = store.lockCustomer(companyId, identity);
      }
      keep(customers, key, stored.orElseThrow());
      entry = require(customers, key);
    }
    entry.state = entry.state.learn(name, email);
    return entry.state;
  }

  /**
   * The customer with the id that it always had; empty where that id is another company's customer.
   * Whoever is somebody else's double within the company is kept apart: nobody is merged silently.
   */
  public Optional<CustomerState> keptCustomer(
      long customerId,
      long companyId,
      CustomerIdentity identity,
      @Nullable String name,
      @Nullable String phone,
      @Nullable String email) {
    CustomerIdentity apart = CustomerIdentity.imported(customerId);
    Optional<Owned> owned = store.ownerOf(customerId);
    if (owned.isPresent()) {
      return owned
          .filter(o -> o.companyId() == companyId)
          .map(o -> customer(companyId, o.identity(), name, null, email));
    }
    for (CustomerIdentity candidate : List.of(identity, apart)) {
      if (store.claimCustomer(customerId, companyId, candidate)) {
        CustomerState fresh =
            new CustomerState(customerId, companyId, candidate.kind(), name, phone, email);
        customers.put(new CustomerKey(companyId, candidate), new Entry<>(0, null, fresh));
        return Optional.of(fresh);
      }
    }
    return Optional.empty();
  }

  /** The registered customer, locked. */
  public CustomerState customer(long customerId) {
    Owned owned = store.identityOf(customerId);
    return customer(owned.companyId(), owned.identity(), null, null, null);
  }

  public void put(CallState call) {
    require(calls, call.retellCallId()).state = call;
  }

  public void put(BookingState booking) {
    require(bookings, booking.bookingId()).state = booking;
  }

  /** A statement on which nothing in this transaction depends: it goes with the others, last. */
  public void later(String sql, @Nullable Object... arguments) {
    writes.add(new Write(sql, arguments));
  }

  /** Everything that was put off, in one round trip and in its order, and the events. */
  void flush() {
    store.write(writes);
    outbox.append(messages);
  }

  /** The events that are written with this transaction. */
  public List<OutboxMessage> messages() {
    return List.copyOf(messages);
  }

  /** As save, and what did not change is told once more: the log has lost it. */
  public List<UUID> tellAgain(Cause cause) {
    return save(new Changes(cause, Telling.ALL_AGAIN));
  }

  /** As save, and every event says that it corrects what was said before. */
  public List<UUID> correct(Cause cause) {
    return save(new Changes(cause, Telling.AS_CORRECTION));
  }

  /** Puts down what changed and its events; the ids of the events, in order. */
  public List<UUID> save(Cause cause) {
    return save(new Changes(cause, Telling.WHAT_CHANGED));
  }

  private List<UUID> save(Changes changes) {
    customers.values().forEach(e -> saveCustomer(e, changes));
    bookings.values().forEach(e -> saveBooking(e, changes));
    calls.values().forEach(e -> saveCall(e, changes));
    return changes.eventIds;
  }

  private void saveCustomer(Entry<CustomerState> entry, Changes changes) {
    Customer after = entry.state.snapshot(pseudonyms);
    Customer before = entry.stored == null ? null : entry.stored.snapshot(pseudonyms);
    if (after.equals(before) && !changes.tellsAll()) {
      return;
    }
    long revision = entry.revision + 1;
    String type = before == null ? EventTypes.CUSTOMER_REGISTERED : EventTypes.CUSTOMER_CHANGED;
    writes.add(store.update(entry.state, revision));
    changes.tell(
        Topic.CUSTOMER_EVENTS,
        String.valueOf(after.getCustomerId()),
        new CustomerEvent(changes.meta(type, revision, after.getCompanyId()), after));
  }

  private void saveBooking(Entry<BookingState> entry, Changes changes) {
    Booking after = snapshot(entry.state);
    Booking before = entry.stored == null ? null : snapshot(entry.stored);
    Optional<String> type =
        changes.told(BookingEvents.type(before, after), EventTypes.BOOKING_CORRECTED);
    // Facts that nobody sees yet, such as a stub in the chain, are kept without an event.
    long revision = type.isPresent() ? entry.revision + 1 : entry.revision;
    Long eventTypeId = entry.state.eventTypeId();
    if (entry.stored == null) {
      writes.add(store.insert(entry.state, eventTypeId, revision));
    } else if (type.isPresent() || !entry.state.equals(entry.stored)) {
      writes.add(store.update(entry.state, eventTypeId, revision));
    }
    type.ifPresent(
        t ->
            changes.tell(
                Topic.BOOKING_EVENTS,
                after.getBookingId(),
                new BookingEvent(changes.meta(t, revision, after.getCompanyId()), after)));
  }

  private void saveCall(Entry<CallState> entry, Changes changes) {
    Call after = entry.state.snapshot(pseudonyms);
    Call before = entry.stored == null ? null : entry.stored.snapshot(pseudonyms);
    Optional<String> type =
        changes.told(CallState.eventType(before, after), EventTypes.CALL_CORRECTED);
    long revision = type.isPresent() ? entry.revision + 1 : entry.revision;
    if (type.isPresent() || !entry.state.equals(entry.stored)) {
      writes.add(store.update(entry.state, revision));
    }
    type.ifPresent(
        t ->
            changes.tell(
                Topic.CALL_EVENTS,
                after.getRetellCallId(),
                new CallEvent(changes.meta(t, revision, after.getCompanyId()), after)));
  }

  private Booking snapshot(BookingState state) {
    return BookingEvents.snapshot(state, contacts.apply(state.companyId()), pseudonyms);
  }

  private static <K, S> S keep(Map<K, Entry<S>> entries, K key, Stored<S> stored) {
    entries.put(key, new Entry<>(stored.revision(), stored.state(), stored.state()));
    return stored.state();
  }

  private static <K, S> Entry<S> require(Map<K, Entry<S>> entries, K key) {
    Entry<S> entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("aggregate was not locked in this transaction");
    }
    return entry;
  }

  /** Which aggregates are told, and as what. */
  private enum Telling {
    WHAT_CHANGED,
    ALL_AGAIN,
    AS_CORRECTION
  }

  /** What one save writes and tells. */
  private final class Changes {
    private final Cause cause;
    private final Telling telling;
    private final List<UUID> eventIds = new ArrayList<>();

    Changes(Cause cause, Telling telling) {
      this.cause = cause;
      this.telling = telling;
    }

    boolean tellsAll() {
      return telling == Telling.ALL_AGAIN;
    }

    /** The type of the event, empty where there is none. */
    Optional<String> told(Optional<String> type, String correction) {
      return switch (telling) {
        case WHAT_CHANGED -> type;
        case ALL_AGAIN -> type.or(() -> Optional.of(correction));
        case AS_CORRECTION -> type.map(changed -> correction);
      };
    }

    Meta meta(String type, long revision, @Nullable Long companyId) {
      UUID eventId = UUID.randomUUID();
      eventIds.add(eventId);
      return Meta.newBuilder()
          .setEventId(eventId.toString())
          .setType(type)
          .setRevision(revision)
          .setOccurredAt(cause.occurredAt())
          .setReceivedAt(cause.receivedAt())
          .setSource(cause.source())
          .setCause(cause.reference())
          .setCompanyId(companyId)
          .build();
    }

    void tell(Topic topic, String key, SpecificRecord event) {
      messages.add(new OutboxMessage(topic, key, event));
    }
  }
}
