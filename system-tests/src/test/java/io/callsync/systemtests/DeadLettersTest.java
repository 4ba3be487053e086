package io.callsync.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import io.callsync.schemas.AvroBody;
import io.callsync.schemas.EventTypes;
import io.callsync.schemas.Personal;
import io.callsync.schemas.Topic;
import io.callsync.schemas.WireFormat;
import io.callsync.systemtests.Caller.Reply;
import io.callsync.systemtests.Operator.Typed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a consumer cannot handle is put aside, the others go on, and operators decide. */
@Execution(ExecutionMode.SAME_THREAD)
class DeadLettersTest extends SystemTest {

  private static final Duration UNTIL_DONE = Duration.ofSeconds(40);

  private final Operator operator = new Operator(stack);

  @Test
  void bytes_that_nobody_can_read_are_put_aside_shown_and_dropped_and_the_others_go_on() {
    Instant began = Instant.now();
    for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
      send(Topic.CUSTOMER_EVENTS, partition, "nobody", new byte[] {1, 2, 3});
      send(Topic.CHAIN_CHANGES, partition, "nobody", new byte[] {4, 5, 6});
    }
    aBookedCall(Company.A);
    eventually(UNTIL_DONE, () -> assertThat(open("customer-events", began)).hasSize(6));
    eventually(UNTIL_DONE, () -> assertThat(open("chain-changes", began)).hasSize(3));
    assertThat(open("customer-events", began))
        .extracting(letter -> letter.path("consumer").asString())
        .containsOnly("appointment-projector", "validator-service");

    assertThat(
            health(stack.addresses().projector())
                .at("/components/deadLetters/details/open")
                .asLong())
        .isGreaterThanOrEqualTo(3);
    assertThat(
            Http.send(
                    "GET",
                    stack
                        .addresses()
                        .validator()
                        .resolve("/actuator/metrics/callsync.dead.letters.open"),
                    Map.of(),
                    new byte[0])
                .json()
                .at("/measurements/0/value")
                .asDouble())
        .isGreaterThanOrEqualTo(6);
    assertThat(stack.openWork())
        .anyMatch(
            line -> line.matches("dead letters open: \\d+ \\(projector \\d+, validator \\d+\\).*"));

    String id = open("chain-changes", began).getFirst().path("id").asString();
    Typed shown = operator.types("dead-letters", "show", id);
    assertThat(shown.status()).as(shown.output()).isZero();
    assertThat(shown.output())
        .contains("validator-service")
        .contains("chain-changes/")
        .contains("unreadable");

    Typed again = operator.types("dead-letters", "redrive", id, "--yes");
    assertThat(again.status()).as(again.output()).isEqualTo(1);
    assertThat(again.output()).contains("stays open: not an event of chain-changes");

    String why = "garbage of a test " + began;
    for (String topic : List.of("customer-events", "chain-changes")) {
      Typed dropped =
          operator.types(
              "dead-letters",
              "drop",
              "--all",
              "--topic",
              topic,
              "--since",
              began.toString(),
              "--yes",
              "--reason",
              why);
      assertThat(dropped.status()).as(dropped.output()).isZero();
      assertThat(open(topic, began)).isEmpty();
    }
    assertThat(actions("appointments", why))
        .hasSize(3)
        .allMatch(a -> "ok".equals(a.get("outcome")));
    assertThat(actions("validator", why)).hasSize(6).allMatch(a -> "ok".equals(a.get("outcome")));
    assertToldOf("validator-service", actions("validator", why).getFirst());

    Typed twice = operator.types("dead-letters", "drop", id, "--yes", "--reason", why);
    assertThat(twice.status()).isEqualTo(2);
    assertThat(twice.output()).contains("was dropped at").hasLineCount(1);
    assertThat(actions("validator", why).getLast())
        .containsEntry("outcome", "refused")
        .containsEntry("detail", "dead_letter_closed");
    assertThat(operator.types("dead-letters", "list", "--all-states").output())
        .contains(id)
        .contains("dropped by operator: " + why);
  }

  @Test
  void an_event_whose_schema_appears_later_is_redriven_by_each_consumer() {
    Instant began = Instant.now();
    long customer = 9_000_000 + Math.floorMod(began.toEpochMilli(), 900_000);
    int before =
        register("{\"type\":\"record\",\"name\":\"L%s\",\"fields\":[]}".formatted(customer));
    int later = before + 1;
    byte[] body = AvroBody.of(customerEvent(customer)).bytes();
    // The later schema's one more field, absent.
    send(
        Topic.CUSTOMER_EVENTS,
        0,
        String.valueOf(customer),
        WireFormat.frame(later, Arrays.copyOf(body, body.length + 1)));
    eventually(UNTIL_DONE, () -> assertThat(open("customer-events", began)).hasSize(2));
    assertThat(open("customer-events", began))
        .extracting(letter -> letter.path("reason").asString())
        .containsOnly("the schema registry does not know the schema id");
    assertThat(register(customerSchemaWith("letter_" + customer))).isEqualTo(later);

    Typed done =
        operator.types(
            "dead-letters",
            "redrive",
            "--all",
            "--reason-contains",
            "schema id",
            "--since",
            began.toString(),
            "--yes");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(rows.query("select name from customers where id = ?", customer))
        .containsExactly(Map.of("name", "Erika Beispiel"));
    assertThat(open("customer-events", began)).isEmpty();
    // It is an event like any other from now on.
    Typed verified = operator.types("rebuild", "--verify");
    assertThat(verified.status()).as(verified.output()).isZero();
  }

  @Test
  void an_event_that_the_rows_refuse_stays_open_until_its_cause_is_gone() {
    Instant began = Instant.now();
    Company company = aCompany();
    Caller caller = aCallerOf(company);
    ZonedDateTime start = aFreeStart();
    rows.update(
        "alter table appointments add constraint letters check (attendee_name <> 'Erika Unannehmbar') not valid");
    try {
      caller.starts();
      Reply reply = caller.books(caller.wish(company.service(), start, "Erika Unannehmbar"));
      assertThat(reply.status()).as(reply.answer().text()).isEqualTo("booked");
      eventually(UNTIL_DONE, () -> assertThat(open("booking-events", began)).isNotEmpty());
      aBookedCall(Company.A);
      assertThat(rows.appointment(reply.appointmentId())).isEmpty();
      String id = open("booking-events", began).getFirst().path("id").asString();
      Typed shown = operator.types("dead-letters", "show", id);
      assertThat(shown.output())
          .contains("Postgres refuses it, SQLSTATE 23514")
          .contains("bookingId: \"" + reply.bookingId() + "\"")
          .contains("attendee: \"(personal)\"")
          .doesNotContain("Unannehmbar");

      String why = "too early " + began;
      Typed inVain = operator.types("dead-letters", "redrive", id, "--yes", "--reason", why);
      assertThat(inVain.status()).as(inVain.output()).isEqualTo(1);
      assertThat(inVain.output()).contains("stays open: Postgres refuses it, SQLSTATE 23514");
      assertThat(actions("appointments", why))
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .containsEntry("command", "dead-letters redrive")
                      .containsEntry("subject", id)
                      .containsEntry("outcome", "refused"));
      assertToldOf("appointment-projector", actions("appointments", why).getFirst());

      refuseNothing();
      Typed done =
          operator.types(
              "dead-letters",
              "redrive",
              "--all",
              "--topic",
              "booking-events",
              "--since",
              began.toString(),
              "--yes");
      assertThat(done.status()).as(done.output()).isZero();
      booked(caller, reply, start);
      assertThat(open("booking-events", began)).isEmpty();
      eventually(
          UNTIL_DONE,
          () -> assertThat(validator.chain(caller.callId()).path("passed").asBoolean()).isTrue());
    } finally {
      refuseNothing();
    }
  }

  private static JsonNode health(URI service) {
    return Http.send("GET", service.resolve("/actuator/health"), Map.of(), new byte[0]).json();
  }

  private void refuseNothing() {
    rows.update("alter table appointments drop constraint if exists letters");
  }

  private List<JsonNode> open(String topic, Instant since) {
    Typed listed =
        operator.types(
            "dead-letters", "list", "--topic", topic, "--since", since.toString(), "--json");
    assertThat(listed.status()).as(listed.output()).isZero();
    return listed.output().lines().map(Http.JSON::readTree).toList();
  }

  private List<Map<String, Object>> actions(String database, String reason) {
    return rows.queryIn(
        database, "select * from operator_action where reason = ? order by id", reason);
  }

  private void assertToldOf(String service, Map<String, Object> row) {
    eventually(
        () ->
            assertThat(topics.actions(service + ":" + row.get("id")))
                .singleElement()
                .satisfies(
                    event -> {
                      assertThat(event.getOutcome()).isEqualTo(row.get("outcome"));
                      assertThat(event.getReason()).isEqualTo(row.get("reason"));
                      assertThat(event.getSubject()).isEqualTo(row.get("subject"));
                    }));
  }

  private void send(Topic topic, int partition, String key, byte[] value) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", stack.addresses().kafka(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic.topicName(), partition, key.getBytes(UTF_8), value));
    }
  }

  /** Registers a schema under a subject that no topic has; its id. */
  private int register(String schema) {
    return Http.require(
            "POST",
            URI.create(
                stack.addresses().registry()
                    + "/subjects/letters-"
                    + UUID.randomUUID()
                    + "/versions"),
            Map.of("Content-Type", "application/vnd.schemaregistry.v1+json"),
            Http.bytes(Map.of("schema", schema, "schemaType", "AVRO")))
        .path("id")
        .asInt();
  }

  private static String customerSchemaWith(String field) {
    ObjectNode schema = (ObjectNode) Http.JSON.readTree(CustomerEvent.SCHEMA$.toString());
    ((tools.jackson.databind.node.ArrayNode) schema.path("fields"))
        .add(
            Http.JSON.readTree(
                "{\"name\":\"%s\",\"type\":[\"null\",\"string\"],\"default\":null}"
                    .formatted(field)));
    return schema.toString();
  }

  private static CustomerEvent customerEvent(long id) {
    return CustomerEvent.newBuilder()
        .setMeta(
            Meta.newBuilder()
                .setEventId(UUID.randomUUID().toString())
                .setType(EventTypes.CUSTOMER_REGISTERED)
                .setRevision(1)
                .setOccurredAt(Instant.now())
                .setReceivedAt(Instant.now())
                .setSource("operator")
                .setCause("command:test")
                .setCompanyId(1L)
                .build())
        .setCustomer(
            Customer.newBuilder()
                .setCustomerId(id)
                .setCompanyId(1)
                .setIdentifiedBy("phone")
                .setPersonal(Personal.seal(Map.of("name", "Erika Beispiel")))
                .build())
        .build();
  }
}
