package io.shiftadd.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.inference");

    @Test
    void generationKnowsNothingOfHttp() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.inference.generation..", "io.shiftadd.inference.grammar..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.inference.openai..", "org.springframework.web..", "jakarta.servlet..")
                .check(classes);
    }

    @Test
    void knowsNothingOfHowModelsAreMade() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.quantize..", "java.sql..", "javax.sql..")
                .check(classes);
    }
}
