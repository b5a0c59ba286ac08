package dev.athanor.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/// What the command line's test of the same name holds of all other modules, which do not see this
/// one.
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(location -> location.contains("/classes/"))
          .importPackages("dev.athanor.testing");

  @Test
  void testing_dependsOnWhatItPutsTogether() {
    classes()
        .that()
        .resideInAPackage("dev.athanor.testing..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.athanor.."))
                .or(
                    resideInAnyPackage(
                        "dev.athanor.testing..",
                        "dev.athanor.engine..",
                        "dev.athanor.actions..",
                        "dev.athanor.sandbox..",
                        "dev.athanor.oci..")))
        .check(CLASSES);
  }

  @Test
  void testing_neitherPrintsNorStartsProcesses() {
    noClasses()
        .that()
        .resideInAPackage("dev.athanor.testing..")
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Process.class)
        .check(CLASSES);
  }
}
