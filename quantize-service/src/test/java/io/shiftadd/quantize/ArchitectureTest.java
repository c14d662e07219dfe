package io.shiftadd.quantize;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.shiftadd.quantize");

    @Test
    void theAlgorithmsKnowNothingOfJobs() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.shiftadd.quantize.calibration..",
                        "io.shiftadd.quantize.allocation..",
                        "io.shiftadd.quantize.reparameterization..",
                        "io.shiftadd.quantize.evaluation..",
                        "io.shiftadd.quantize.artifact..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.quantize.job..", "org.springframework..")
                .check(classes);
    }

    @Test
    void roomsFormNoCircles() {
        slices().matching("io.shiftadd.quantize.job.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void theLeaseKnowsNothingOfWhatAJobDoes() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.quantize.job.lease..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.shiftadd.quantize.job.run..",
                        "io.shiftadd.quantize.job.step..",
                        "io.shiftadd.quantize.job.partition..",
                        "io.shiftadd.quantize.job.publication..")
                .check(classes);
    }

    @Test
    void stepsKnowNothingOfPartitions() {
        noClasses()
                .that()
                .resideInAnyPackage("io.shiftadd.quantize.job.run..", "io.shiftadd.quantize.job.step..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.shiftadd.quantize.job.partition..", "io.shiftadd.quantize.job.publication..")
                .check(classes);
    }
}
