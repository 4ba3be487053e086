package io.callsync.outbox;

import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Personal;
import io.callsync.schemas.Topic;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Small real events to send. */
final class Events {

  private Events() {}

  static OutboxMessage customer(String key, long revision) {
    return customer(key, revision, "x".repeat(700));
  }

  static OutboxMessage customerWithNote(String key, String note) {
    return customer(key, 1, note);
  }

  private static OutboxMessage customer(String key, long revision, String note) {
    return new OutboxMessage(
        Topic.CUSTOMER_EVENTS,
        key,
        CustomerEvent.newBuilder()
            .setMeta(
                Meta.newBuilder()
                    .setEventId(UUID.randomUUID().toString())
                    .setType(EventTypes.CUSTOMER_CHANGED)
                    .setRevision(revision)
                    .setOccurredAt(Instant.now())
                    .setReceivedAt(Instant.now())
                    .setSource("retell_phone")
                    .setCause("delivery:1")
                    .setCompanyId(1L)
                    .build())
            .setCustomer(
                Customer.newBuilder()
                    .setCustomerId(revision)
                    .setCompanyId(1)
                    .setIdentifiedBy("phone")
                    .setPersonal(Personal.seal(Map.of("name", "Erika Beispiel", "note", note)))
                    .build())
            .build());
  }
}
