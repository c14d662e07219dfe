package io.shiftadd.tokenizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.tokenizer");

    @Test
    void knowsNothingOfSpringHttpOrSql() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.net.http..", "java.sql..", "javax.sql..")
                .check(classes);
    }

    @Test
    void knowsNothingOfTheArithmetic() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.tokenizer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.kernel..", "io.shiftadd.model..", "io.shiftadd.quantize..")
                .check(classes);
    }

    @Test
    void encodingKnowsNothingOfFiles() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.tokenizer.encoding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.tokenizer", "io.shiftadd.tokenizer.jinja..")
                .check(classes);
    }
}
