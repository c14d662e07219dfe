package io.shiftadd.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.model", "io.shiftadd.cost");

    @Test
    void knowsNothingOfSpringHttpOrSql() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "java.net.http..", "java.sql..", "javax.sql..")
                .check(classes);
    }

    @Test
    void knowsNothingOfTextOrOfHowItWasMade() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.model..", "io.shiftadd.cost..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.tokenizer..", "io.shiftadd.quantize..")
                .check(classes);
    }

    @Test
    void runsWithoutItsCosts() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.model..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.cost..")
                .check(classes);
    }

    @Test
    void roomsStandOnEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("pass")
                .definedBy("io.shiftadd.model")
                .layer("attention")
                .definedBy("io.shiftadd.model.attention")
                .layer("cache")
                .definedBy("io.shiftadd.model.cache")
                .layer("layers")
                .definedBy("io.shiftadd.model.layers")
                .layer("family")
                .definedBy("io.shiftadd.model.family")
                .whereLayer("pass")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("attention")
                .mayOnlyBeAccessedByLayers("pass")
                .whereLayer("cache")
                .mayOnlyBeAccessedByLayers("pass", "attention")
                .whereLayer("layers")
                .mayOnlyBeAccessedByLayers("pass", "attention")
                .check(classes);
    }
}
