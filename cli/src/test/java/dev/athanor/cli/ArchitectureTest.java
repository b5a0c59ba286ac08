package dev.athanor.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.common.collect.ImmutableSetMultimap;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.lang.foreign.Linker;
import java.security.MessageDigest;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The arrows between the modules, and what only one of them may do. Kept with the command line,
/// which sees all others but `testing`; that looks after itself.
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ArchitectureTest::isMain)
          .importPackages("dev.athanor");

  /// Which modules each module may use. The pictures of the documentation have the same arrows.
  static final ImmutableSetMultimap<String, String> ARROWS =
      ImmutableSetMultimap.<String, String>builder()
          .putAll("engine", "protocol")
          .putAll("sandbox", "engine")
          .putAll("actions", "engine")
          .putAll("oci", "engine", "actions")
          .putAll("remote", "engine", "protocol")
          .putAll("cli", "engine", "actions", "oci", "sandbox", "remote")
          .build();

  private static boolean isMain(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }

  static Set<String> modules() {
    return ARROWS.keySet();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void modules_dependOnEachOtherOnlyAlongTheArrows(String module) {
    String[] allowed =
        Stream.concat(Stream.of(module), ARROWS.get(module).stream())
            .map(ArchitectureTest::packageOf)
            .toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(packageOf(module))
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.athanor..")).or(resideInAnyPackage(allowed)))
        .check(CLASSES);
  }

  @Test
  void everyClass_liesInAModule() {
    assertThat(
            CLASSES.stream()
                .map(c -> c.getPackageName().replaceFirst("^dev\\.athanor\\.(\\w+).*", "$1"))
                .distinct())
        .containsExactly("protocol", "engine", "remote", "sandbox", "actions", "oci", "cli");
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.athanor.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /// The language is a library: it could be lifted out.
  @Test
  void starlark_knowsNothingOfTheEngine() {
    classes()
        .that()
        .resideInAPackage("dev.athanor.engine.starlark..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.athanor.."))
                .or(resideInAPackage("dev.athanor.engine.starlark..")))
        .check(CLASSES);
  }

  @Test
  void onlySandbox_startsProcesses() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("sandbox"))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Process.class)
        .check(CLASSES);
  }

  /// System calls can start processes too. Digests call OpenSSL, and nothing else.
  @Test
  void onlySandboxRootfsAndDigest_callForeignFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            packageOf("sandbox"), "dev.athanor.oci.rootfs", "dev.athanor.engine.digest")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLine_printsAndExits() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("cli"))
        .should(ACCESS_STANDARD_STREAMS)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .check(CLASSES);
  }

  /// Its start costs half a second, which only those who share results are to pay.
  @Test
  void onlyRemote_speaksGrpc() {
    noClasses()
        .that()
        .resideInAPackage("dev.athanor..")
        .and()
        .resideOutsideOfPackage(packageOf("remote"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.grpc..")
        .check(CLASSES);
  }

  /// One door for SHA-256.
  @Test
  void onlyTheDigester_hashes() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.athanor.engine.digest")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(MessageDigest.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("com.google.common.hash")
        .check(CLASSES);
  }

  private static String packageOf(String module) {
    return "dev.athanor." + module + "..";
  }
}
