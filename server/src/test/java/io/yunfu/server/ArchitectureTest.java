package io.yunfu.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Transaction;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The directions inside the modules; those between modules are Maven's.
class ArchitectureTest {
  private static final Pattern TESTS = Pattern.compile(".*(-tests\\.jar|/test-classes/).*");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          // In a whole build other modules' tests come as archives, in the inner loop as folders.
          .withImportOption(location -> !location.matches(TESTS))
          .importPackages("io.yunfu");

  private static final Set<String> FORBIDDEN_NAMES =
      Set.of("service", "dao", "impl", "util", "utils", "common", "manager", "helper");

  @Test
  void packages_have_no_cycles() {
    check(slices().matching("io.yunfu.(**)").should().beFreeOfCycles());
  }

  @Test
  void only_stores_run_sql() {
    DescribedPredicate<JavaCall<?>> sql =
        DescribedPredicate.describe(
            "runs SQL",
            call ->
                (call.getTargetOwner().isAssignableTo(Transaction.class)
                        || call.getTargetOwner().isAssignableTo(Pipeline.class))
                    && Set.of("query", "queryOne", "update", "forEach", "add")
                        .contains(call.getName()));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages("io.yunfu.db..", "io.yunfu.bench..")
            .and(isPartOfNo("Store"))
            .should()
            .callCodeUnitWhere(sql)
            .because("a reader looks for SQL in stores"));
  }

  @Test
  void clocks_are_passed_in() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.yunfu.ledger..", "io.yunfu.billing..", "io.yunfu.wire..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("a decision must be repeatable"));
  }

  @Test
  void only_the_http_port_and_the_way_to_the_channels_know_the_http_library() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "io.yunfu.server.http..", "io.yunfu.channels", "io.yunfu.simulator.http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty.."));
  }

  /// What is secret, or proves who wrote something, is compared in a time that tells nothing of it:
  /// by `MessageDigest.isEqual`, or as a `Secret`. Source: `channels.md` section 9, S5.
  @Test
  void secrets_and_signatures_are_compared_in_constant_time() {
    check(ConstantTime.noBytesInAHurry(ConstantTime.WITH_SECRETS));
    check(ConstantTime.noSecretsInAHurry(ConstantTime.WITH_SECRETS));
    assertThat(ConstantTime.inSources(Path.of(".."))).isEmpty();
  }

  @Test
  void billing_and_ledger_know_no_wire_and_no_http() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.yunfu.ledger..", "io.yunfu.billing..", "io.yunfu.db..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.yunfu.wire..", "io.yunfu.server.."));
  }

  @Test
  void only_the_ledger_writes_the_books() {
    // The tables account, posting, leg and hold are named in the ledger's stores alone; what others
    // may do is in Ledger.
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.yunfu.ledger..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.yunfu.ledger.LedgerStore"));
  }

  @Test
  void every_package_is_checked_for_null() {
    check(classes().should(beInANullMarkedPackage()));
  }

  @Test
  void packages_are_named_after_features() {
    check(
        classes()
            .should(
                new ArchCondition<>("live in a package that is named after a feature") {
                  @Override
                  public void check(JavaClass type, ConditionEvents events) {
                    String last =
                        type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
                    if (FORBIDDEN_NAMES.contains(last)) {
                      events.add(
                          SimpleConditionEvent.violated(
                              type, type.getName() + " lives in a package named " + last));
                    }
                  }
                }));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> isPartOfNo(String suffix) {
    return DescribedPredicate.describe(
        "are no part of a " + suffix,
        type -> {
          JavaClass outermost = type;
          while (outermost.getEnclosingClass().isPresent()) {
            outermost = outermost.getEnclosingClass().get();
          }
          return !outermost.getSimpleName().endsWith(suffix);
        });
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return new ArchCondition<>("be in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        JavaPackage home = type.getPackage();
        if (home.tryGetAnnotationOfType(NullMarked.class).isEmpty()) {
          events.add(SimpleConditionEvent.violated(type, home.getName() + " is not @NullMarked"));
        }
      }
    };
  }
}
