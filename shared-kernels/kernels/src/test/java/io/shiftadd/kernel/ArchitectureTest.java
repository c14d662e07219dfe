package io.shiftadd.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.kernel");

    @Test
    void knowsNothingOfSpringHttpOrSql() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.net.http..", "java.sql..", "javax.sql..")
                .check(classes);
    }

    @Test
    void knowsNothingOfModelsOrText() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.model..", "io.shiftadd.tokenizer..", "io.shiftadd.quantize..")
                .check(classes);
    }
}
