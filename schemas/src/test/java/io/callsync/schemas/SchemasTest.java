package io.callsync.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.callsync.events.Customer;
import io.callsync.events.CustomerEvent;
import io.callsync.events.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.avro.Schema;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemasTest {

  /** Each released schema lies in src/released/TOPIC-NUMBER.avsc; a new one must read them all. */
  @ParameterizedTest
  @EnumSource(Topic.class)
  void every_schema_reads_all_that_was_ever_released(Topic topic) throws Exception {
    List<Schema> released = new ArrayList<>();
    try (var files = Files.list(Path.of("src/released"))) {
      for (Path file :
          files
              .filter(f -> f.getFileName().toString().matches(topic.topicName() + "-\\d+\\.avsc"))
              .sorted()
              .toList()) {
        released.add(new Schema.Parser().parse(Files.readString(file)));
      }
    }
    assertThat(released).as("released versions of " + topic.topicName()).isNotEmpty();
    new SchemaValidatorBuilder().canReadStrategy().validateAll().validate(topic.schema(), released);
    assertThat(released)
        .as("the current schema is itself released: run SchemasTest.main to add it")
        .anyMatch(s -> AvroBody.fingerprint(s) == AvroBody.fingerprint(topic.schema()));
  }

  @Property(tries = 200)
  boolean an_event_survives_the_wire(@ForAll long id, @ForAll String name) {
    CustomerEvent event = customer(id, name);
    AvroBody body = AvroBody.of(event);
    byte[] framed = WireFormat.frame(7, body.bytes());
    SpecificRecord back =
        AvroBody.decode(framed, 5, framed.length - 5, CustomerEvent.SCHEMA$, CustomerEvent.SCHEMA$);
    return WireFormat.schemaId(framed) == 7 && back.equals(event);
  }

  @Test
  void personal_fields_come_back_and_absent_ones_are_null() {
    var sealed = customer(1, "Erika Beispiel").getCustomer().getPersonal();
    assertThat(Personal.text(sealed, "name")).isEqualTo("Erika Beispiel");
    assertThat(Personal.text(sealed, "phone")).isNull();
  }

  private static CustomerEvent customer(long id, String name) {
    return CustomerEvent.newBuilder()
        .setMeta(
            Meta.newBuilder()
                .setEventId("e")
                .setType(EventTypes.CUSTOMER_REGISTERED)
                .setRevision(1)
                .setOccurredAt(Instant.ofEpochMilli(1))
                .setReceivedAt(Instant.ofEpochMilli(2))
                .setSource("retell_phone")
                .setCause("delivery:1")
                .build())
        .setCustomer(
            Customer.newBuilder()
                .setCustomerId(id)
                .setCompanyId(1)
                .setIdentifiedBy("phone")
                .setPersonal(Personal.seal(Map.of("name", name)))
                .build())
        .build();
  }

  /** Writes the current schemas as the next released version where they are not released yet. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createDirectories(Path.of("src/released"));
    for (Topic topic : Topic.values()) {
      for (int version = 1; ; version++) {
        Path file = directory.resolve(topic.topicName() + "-" + version + ".avsc");
        if (!Files.exists(file)) {
          Files.writeString(file, topic.schema().toString(true) + "\n");
          break;
        }
        if (AvroBody.fingerprint(new Schema.Parser().parse(Files.readString(file)))
            == AvroBody.fingerprint(topic.schema())) {
          break;
        }
      }
    }
  }
}
