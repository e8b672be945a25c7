package io.yunfu.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.yunfu.demo");

  @Test
  void the_shop_knows_yunfu_by_its_wires_alone() {
    noClasses()
        .that()
        .resideInAPackage("io.yunfu.demo.shop")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.yunfu.server..",
            "io.yunfu.billing..",
            "io.yunfu.gateway..",
            "io.yunfu.operator..",
            "io.yunfu.ledger..",
            "io.yunfu.db..",
            "io.yunfu.simulator..",
            "io.yunfu.wire.cpay..")
        .because("it shows how an integration from outside is written")
        .check(CLASSES);
  }
}
