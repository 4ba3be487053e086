package io.callsync.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The walls of this module. */
class ArchitectureTest {

  private static final JavaClasses GATEWAY =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.callsync.gateway");

  @Test
  void states_and_facts_know_neither_spring_nor_sql() {
    noClasses()
        .that()
        .haveNameMatching(
            ".*(State|Facts|Link|Wish|Merge|BookingEvents|CalcomMessages|CalcomFact|BookingArguments|CustomerIdentity|ContactRules)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "java.sql..", "java.net.http..")
        .check(GATEWAY);
  }

  @Test
  void the_gateway_writes_no_record_to_kafka_but_through_the_outbox() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(GATEWAY);
  }

  @Test
  void only_verified_bodies_reach_the_decisions() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("Controller")
        .and()
        .resideOutsideOfPackage("..intake..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("jakarta.servlet.http.HttpServletRequest")
        .check(GATEWAY);
  }

  @Test
  void time_comes_from_the_clock() {
    noClasses()
        .that()
        .doNotHaveSimpleName("GatewayApplication")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(GATEWAY);
  }

  @Test
  void TIME_05_nothing_depends_on_where_the_machine_is() {
    noClasses()
        .should()
        .callMethod(java.time.ZoneId.class, "systemDefault")
        .orShould()
        .callMethod(java.time.LocalDate.class, "now")
        .orShould()
        .callMethod(java.time.LocalDateTime.class, "now")
        .orShould()
        .callMethod(java.time.ZonedDateTime.class, "now")
        .orShould()
        .callMethod(java.util.TimeZone.class, "getDefault")
        .orShould()
        .callMethod(java.util.Locale.class, "getDefault")
        .check(GATEWAY);
  }
}
