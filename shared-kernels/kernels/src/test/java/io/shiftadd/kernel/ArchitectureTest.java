package io.shiftadd.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

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

    /** Each room uses those below it; the arithmetic of a step knows nothing of the other steps. */
    @Test
    void roomsStandOnEachOther() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("layers")
                .definedBy("io.shiftadd.kernel")
                .layer("loops")
                .definedBy("io.shiftadd.kernel.loops")
                .layer("tables")
                .definedBy("io.shiftadd.kernel.tables")
                .layer("packed")
                .definedBy("io.shiftadd.kernel.packed")
                .layer("rotation")
                .definedBy("io.shiftadd.kernel.rotation")
                .layer("coding")
                .definedBy("io.shiftadd.kernel.coding")
                .layer("species")
                .definedBy("io.shiftadd.kernel.species")
                .whereLayer("layers")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("loops")
                .mayOnlyBeAccessedByLayers("layers")
                .whereLayer("tables")
                .mayOnlyBeAccessedByLayers("layers")
                .whereLayer("packed")
                .mayOnlyBeAccessedByLayers("layers", "loops", "tables")
                .whereLayer("rotation")
                .mayOnlyBeAccessedByLayers("layers", "packed")
                .whereLayer("coding")
                .mayOnlyBeAccessedByLayers("layers", "packed")
                .check(classes);
    }
}
