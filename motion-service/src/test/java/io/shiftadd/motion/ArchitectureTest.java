package io.shiftadd.motion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.motion");

    @Test
    void roomsDoNotDependOnEachOtherInCircles() {
        slices().matching("io.shiftadd.motion.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The command line measures with them, and has no Spring. */
    @Test
    void whatMovesTheRobotKnowsNothingOfSpringOrHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.shiftadd.motion.mujoco",
                        "io.shiftadd.motion.description",
                        "io.shiftadd.motion.reward",
                        "io.shiftadd.motion.planner",
                        "io.shiftadd.motion.task")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "jakarta..")
                .check(CLASSES);
    }

    @Test
    void onlyOneRoomKnowsNativeMemory() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.shiftadd.motion.mujoco")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(CLASSES);
    }
}
