package io.shiftadd.inference;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.inference");

    @Test
    void generationKnowsNothingOfHttp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.shiftadd.inference.generation..",
                        "io.shiftadd.inference.grammar..",
                        "io.shiftadd.inference.syntax..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.inference.openai..", "org.springframework.web..", "jakarta.servlet..")
                .check(CLASSES);
    }

    @Test
    void roomsOfTheApiDoNotDependOnEachOtherInCircles() {
        slices().matching("io.shiftadd.inference.openai.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void endpointsKnowNothingOfEachOther() {
        for (String endpoint : List.of(
                "openai.chat",
                "openai.completion",
                "openai.embedding",
                "openai.images",
                "openai.responses",
                "anthropic",
                "ollama")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.shiftadd.inference." + endpoint)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.shiftadd.inference." + endpoint)
                    .check(CLASSES);
        }
    }

    @Test
    void howRequestsAreReadKnowsNothingOfAnswers() {
        noClasses()
                .that()
                .resideInAPackage("io.shiftadd.inference.openai.request")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.inference.openai.answer", "io.shiftadd.inference.openai.structure")
                .check(CLASSES);
    }

    @Test
    void knowsNothingOfHowModelsAreMade() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.quantize..", "java.sql..", "javax.sql..")
                .check(CLASSES);
    }
}
