package io.shiftadd.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.job");

    @Test
    void knowsNothingOfSpringHttpOrSql() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.net.http..", "java.sql..", "javax.sql..")
                .check(classes);
    }

    @Test
    void knowsNothingOfTheLibraries() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.job..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.shiftadd.format..",
                        "io.shiftadd.model..",
                        "io.shiftadd.quantize..",
                        "io.shiftadd.registry..")
                .check(classes);
    }
}
