package io.shiftadd.kernel.species;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which implementation of the kernels runs: plain loops, or vectors of a fixed length. All of them give the same
 * results, bit for bit.
 *
 * <p>Chosen once, from the machine or from the system property {@value #PROPERTY}, and logged. What was asked for and
 * cannot be had is an error, never something slower in silence.
 */
public enum KernelSpecies {
    SCALAR("scalar", 0),
    VECTOR_128("vector-128", 128),
    VECTOR_256("vector-256", 256),
    VECTOR_512("vector-512", 512);

    /** System property that names the species instead of the machine's preferred one. */
    public static final String PROPERTY = "shiftadd.kernel";

    private final String label;
    private final int vectorBits;

    KernelSpecies(String label, int vectorBits) {
        this.label = label;
        this.vectorBits = vectorBits;
    }

    /** The name in logs, metrics and the system property. */
    public String label() {
        return label;
    }

    /** Length of a vector; 0 for scalar. */
    public int vectorBits() {
        return vectorBits;
    }

    /**
     * The species of this process.
     *
     * @throws IllegalStateException if the property names none or one that the machine lacks, or the vector module is
     *     missing
     */
    public static KernelSpecies active() {
        return Active.SPECIES;
    }

    /** The species called {@code label}. */
    public static KernelSpecies named(String label) {
        for (KernelSpecies species : values()) {
            if (species.label.equals(label)) {
                return species;
            }
        }
        throw new IllegalStateException("-D" + PROPERTY + "=" + label
                + " names no kernel; use scalar, vector-128, vector-256 or vector-512, or leave it out");
    }

    private static KernelSpecies choose() {
        String requested = System.getProperty(PROPERTY);
        if (requested == null) {
            return preferred();
        }
        KernelSpecies species = named(requested);
        return species == SCALAR ? SCALAR : species.within(preferred());
    }

    /**
     * This one, unless the machine's vectors are shorter: emulated on the heap it would be slower than plain loops.
     *
     * @throws IllegalStateException if they are
     */
    public KernelSpecies within(KernelSpecies longest) {
        if (vectorBits > longest.vectorBits) {
            throw new IllegalStateException("-D" + PROPERTY + "=" + label + " asks for vectors of " + vectorBits
                    + " bits; those of this machine, as this JVM uses it, have " + longest.vectorBits + ". Use "
                    + longest.label + " or a shorter one, or leave it out");
        }
        return this;
    }

    private static KernelSpecies preferred() {
        requireVectorModule();
        int bits = PreferredVector.bits();
        if (bits >= 512) {
            return VECTOR_512;
        }
        return bits >= 256 ? VECTOR_256 : VECTOR_128;
    }

    private static void requireVectorModule() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new IllegalStateException("the vector kernels need the module jdk.incubator.vector: start java with"
                    + " --add-modules jdk.incubator.vector, or ask for the slow plain loops with -D" + PROPERTY
                    + "=scalar");
        }
    }

    /** Initialised at the first question, so that a missing module is reported to who asked. */
    private static final class Active {
        static final KernelSpecies SPECIES = choose();

        static {
            Logger log = LoggerFactory.getLogger(KernelSpecies.class);
            log.info(
                    "kernels: {} ({})",
                    SPECIES.label(),
                    System.getProperty(PROPERTY) == null
                            ? "the machine's preferred vector length"
                            : "asked for by -D" + PROPERTY);
        }
    }
}
