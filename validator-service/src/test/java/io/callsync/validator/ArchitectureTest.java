package io.callsync.validator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient.MappedQuerySpec;

/** The walls of this module. */
class ArchitectureTest {

  private static final JavaClasses VALIDATOR =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.callsync.validator");

  @Test
  void rules_and_chains_are_pure() {
    classes()
        .that()
        .resideInAnyPackage("io.callsync.validator.rule", "io.callsync.validator.chain")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.callsync.validator.rule",
            "io.callsync.validator.chain",
            "java.lang..",
            "java.util..",
            "java.time..",
            "tools.jackson..",
            "org.jspecify..")
        .check(VALIDATOR);
  }

  @Test
  void packages_have_no_cycles() {
    slices().matching("io.callsync.validator.(*)..").should().beFreeOfCycles().check(VALIDATOR);
  }

  @Test
  void the_validator_writes_no_record_to_kafka_but_through_the_outbox() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.clients.producer..")
        .check(VALIDATOR);
  }

  @Test
  void time_comes_from_the_clock() {
    noClasses().should().callMethod(Instant.class, "now").check(VALIDATOR);
  }

  @Test
  void no_query_leaves_a_stream_open_and_its_connection_with_it() {
    noClasses().should().callMethod(MappedQuerySpec.class, "stream").check(VALIDATOR);
  }
}
