package io.gradlens;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that a compiler does not know, over all modules. */
class ProjectArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.gradlens");
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.gradlens.(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void nothingIsCalledUtilsHelperOrManager() {
    noClasses().should().haveNameMatching(".*(Utils|Util|Helper|Manager)").check(classes);
  }

  @Test
  void onlyModelsAndTheirTrainingKnowTheEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.gradlens.device..",
            "io.gradlens.model..",
            "io.gradlens.network..",
            "io.gradlens.odeblock..",
            "io.gradlens.samples..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..")
        .check(classes);
  }

  @Test
  void theEngineDoesNotKnowSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.gradlens.model..",
            "io.gradlens.device..",
            "io.gradlens.cam..",
            "io.gradlens.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..")
        .check(classes);
  }
}
