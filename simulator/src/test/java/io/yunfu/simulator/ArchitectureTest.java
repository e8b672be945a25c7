package io.yunfu.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The directions inside the simulator. That it shares nothing with the server but `kernel` is
/// Maven's to keep, and repeated here, since all depends on it.
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("io.yunfu.simulator");

  @Test
  void packages_have_no_cycles() {
    slices().matching("io.yunfu.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void nothing_is_shared_with_the_server_but_the_kernel() {
    noClasses()
        .should()
        .dependOnClassesThat(
            com.tngtech.archunit.base.DescribedPredicate.describe(
                "are Yunfu's, but neither the simulator's nor the kernel's",
                type ->
                    type.getPackageName().startsWith("io.yunfu")
                        && !type.getPackageName().startsWith("io.yunfu.simulator")
                        && !type.getPackageName().startsWith("io.yunfu.kernel")))
        .check(CLASSES);
  }

  @Test
  void the_channels_do_not_know_each_other() {
    noClasses()
        .that()
        .resideInAPackage("io.yunfu.simulator.wechat..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.yunfu.simulator.alipay..")
        .allowEmptyShould(true)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.yunfu.simulator.alipay..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.yunfu.simulator.wechat..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void only_package_http_knows_the_http_library() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.yunfu.simulator.http..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void the_real_time_comes_in_at_one_place_and_chance_from_the_seed() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.yunfu.simulator.Sandbox")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(SecureRandom.class)
        .because("a run must be repeatable byte for byte")
        .check(CLASSES);
  }

  @Test
  void every_package_is_checked_for_null() {
    classes()
        .should(
            new ArchCondition<>("be in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (type.getPackage().tryGetAnnotationOfType(NullMarked.class).isEmpty()) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getPackageName() + " is not @NullMarked"));
                }
              }
            })
        .check(CLASSES);
  }
}
