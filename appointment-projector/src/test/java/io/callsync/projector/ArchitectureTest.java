package io.callsync.projector;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** The walls of this module. */
class ArchitectureTest {

  private static final JavaClasses PROJECTOR =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.callsync.projector");

  @Test
  void the_fold_is_pure() {
    noClasses()
        .that()
        .haveNameMatching(".*\\.(ReadModel|Change|AppointmentRow|HistoryRow)(\\$.*)?")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.springframework..")
                .or(resideInAPackage("java.sql.."))
                .or(resideInAPackage("org.apache.kafka..")))
        .check(PROJECTOR);
  }

  @Test
  void rows_do_not_depend_on_the_clock() {
    noClasses()
        .that()
        .haveNameMatching(
            ".*\\.(ReadModel|Change|AppointmentRow|HistoryRow|BookingWriter|ReadModelStore)(\\$.*)?")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(PROJECTOR);
  }

  @Test
  void the_read_side_writes_no_event() {
    noClasses()
        .should()
        .dependOnClassesThat(nameMatching(".*\\.(KafkaProducer|Outbox)"))
        .check(PROJECTOR);
  }
}
