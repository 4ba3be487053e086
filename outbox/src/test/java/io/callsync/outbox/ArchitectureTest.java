package io.callsync.outbox;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The walls of this module. */
class ArchitectureTest {

  private static final JavaClasses OUTBOX =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.callsync.outbox");

  @Test
  void whoever_writes_an_event_writes_no_record_to_kafka() {
    noClasses()
        .that()
        .haveNameMatching(".*(Outbox|OutboxMessage)")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.apache.kafka..").or(resideInAPackage("io.debezium..")))
        .check(OUTBOX);
  }

  @Test
  void one_producer_sends_everything() {
    noClasses()
        .that()
        .doNotHaveSimpleName("OrderedProducer")
        .should()
        .dependOnClassesThat(nameMatching(".*\\.KafkaProducer"))
        .check(OUTBOX);
  }

  @Test
  void what_to_send_again_is_a_pure_decision() {
    noClasses()
        .that()
        .haveNameMatching(".*\\.(Doubt|Lsn|Message|RelayStatus)(\\$.*)?")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.springframework..")
                .or(resideInAPackage("java.sql.."))
                .or(resideInAPackage("io.debezium..")))
        .check(OUTBOX);
  }
}
