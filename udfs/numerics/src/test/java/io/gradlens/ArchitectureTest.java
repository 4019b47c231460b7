package io.gradlens;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls around the numerics. */
class ArchitectureTest {

  private static final String KERNELS = "io.gradlens.kernel..";

  private final JavaClasses numerics =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.gradlens");

  @Test
  void numericsNeedsTheJdkOnly() {
    classes()
        .that()
        .resideOutsideOfPackage(KERNELS)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.gradlens..", "java..", "javax.imageio..")
        .check(numerics);
  }

  @Test
  void onlyTheKernelsKnowTheVectorModule() {
    classes()
        .that()
        .resideInAPackage(KERNELS)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.gradlens..", "java..", "jdk.incubator.vector..")
        .allowEmptyShould(true)
        .check(numerics);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.gradlens.(**)").should().beFreeOfCycles().check(numerics);
  }

  @Test
  void namesSayWhatAClassIs() {
    noClasses().should().haveNameMatching(".*(Utils?|Helpers?|Managers?)").check(numerics);
  }
}
