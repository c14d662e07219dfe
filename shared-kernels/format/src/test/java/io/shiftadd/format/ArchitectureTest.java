package io.shiftadd.format;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.format");

    @Test
    void knowsNothingOfSpringHttpOrSql() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.net.http..", "java.sql..", "javax.sql..")
                .check(classes);
    }

    @Test
    void standsBelowAllOthers() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.format..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.shiftadd.kernel..",
                        "io.shiftadd.model..",
                        "io.shiftadd.tokenizer..",
                        "io.shiftadd.quantize..")
                .check(classes);
    }

    /** Whatever reads tensors does not know in which form they lie: one class does. */
    @Test
    void onlyTheLocationKnowsTheForms() {
        noClasses()
                .that()
                .resideInAPackage("io.shiftadd.format")
                .and()
                .haveNameNotMatching(".*\\.CheckpointLocation(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.format.*..")
                .check(classes);
    }

    @Test
    void roomsFormNoCircles() {
        slices().matching("io.shiftadd.format.(*)..").should().beFreeOfCycles().check(classes);
    }
}
