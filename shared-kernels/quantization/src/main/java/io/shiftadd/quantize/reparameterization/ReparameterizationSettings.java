package io.shiftadd.quantize.reparameterization;

import io.shiftadd.kernel.coding.GroupShape;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How layers are reparameterized. {@link #of} is the best recipe known that is fast enough to be the default,
 * {@link #paper} the published method.
 *
 * @param method what the weights become
 * @param terms powers of two in a scale, 1 to 3
 * @param rounds of alternating binary coding
 * @param activationOrder whether columns with strong inputs are processed first
 * @param damping of the Hessian, relative to its mean diagonal
 * @param incoherence rotations
 * @param refinement after the error push
 * @param targets what layers aim at
 * @param biasCorrection whether the bias of a layer that has one makes up for what its weights get wrong on average;
 *     the weights are then fitted to what varies alone
 * @param sequential whether, inside a block, the inputs of a layer come from the layers before it as already
 *     reparameterized; else all layers of a block see the inputs that the original ones give
 * @param rowGroups scales of a column; column-wise only
 * @param columnsPerGroup columns of a row that share a grid or scales; baselines only, 0 for the whole row
 * @param tokensPerInput most calibration tokens used, for each input of the widest layer: windows beyond are left out;
 *     0 uses all
 * @param seed of the rotations' signs
 */
public record ReparameterizationSettings(
        Method method,
        int terms,
        int rounds,
        boolean activationOrder,
        double damping,
        Incoherence incoherence,
        Refinement refinement,
        Targets targets,
        boolean biasCorrection,
        boolean sequential,
        int rowGroups,
        int columnsPerGroup,
        int tokensPerInput,
        long seed) {

    public static final int DEFAULT_TERMS = 3;
    public static final int DEFAULT_ROUNDS = 20;
    public static final double DEFAULT_DAMPING = 0.01;

    /**
     * What few calibration tokens say of an input's weak directions is mostly chance: ten times the paper's damping
     * keeps fits from relying on it.
     */
    private static final double RECIPE_DAMPING = 0.1;

    /** Of {@link #tokensPerInput}, where every further token costs more time than it brings: docs/results.md. */
    private static final int LAT_TOKENS_PER_INPUT = 12;

    private static final int ACC_TOKENS_PER_INPUT = 32;

    /** Methods that look at weights alone need inputs only to measure how far outputs are off. */
    private static final int MEASURING_TOKENS_PER_INPUT = LAT_TOKENS_PER_INPUT;

    private static final int MAX_TERMS = 3;

    /** As LUT-GEMM is commonly published. */
    private static final int LUT_GEMM_COLUMNS = 128;

    public ReparameterizationSettings {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(incoherence, "incoherence");
        Objects.requireNonNull(refinement, "refinement");
        Objects.requireNonNull(targets, "targets");
        if (terms < 1 || terms > MAX_TERMS) {
            throw new IllegalArgumentException(
                    "a scale of " + terms + " powers of two is not possible; 1 to " + MAX_TERMS + " are");
        }
        if (rounds < 0 || rowGroups < 1 || columnsPerGroup < 0 || tokensPerInput < 0) {
            throw new IllegalArgumentException(rounds + " rounds, " + rowGroups + " row groups, groups of "
                    + columnsPerGroup + " columns and " + tokensPerInput
                    + " tokens an input: at least 0, 1, 0 and 0 are needed");
        }
        if (!(damping > 0)) {
            throw new IllegalArgumentException(
                    "the damping must be above 0, not " + damping + "; the paper takes 0.01");
        }
    }

    /** The default recipe of a method; baselines are as published. */
    public static ReparameterizationSettings of(Method method) {
        ReparameterizationSettings paper = paper(method);
        if (!method.shiftsAndAdds()) {
            return paper;
        }
        return paper.withDamping(RECIPE_DAMPING)
                .withIncoherence(Incoherence.ROTATED)
                .withRefinement(new Refinement(3, 4))
                .withTargets(Targets.ofOriginal(0.5))
                .withBiasCorrection(true)
                .withSequential(true)
                .withTokensPerInput(method == Method.LAT ? LAT_TOKENS_PER_INPUT : ACC_TOKENS_PER_INPUT);
    }

    /** The published method, without rotation; baselines as published too, OPTQ without activation order. */
    public static ReparameterizationSettings paper(Method method) {
        return new ReparameterizationSettings(
                method,
                DEFAULT_TERMS,
                DEFAULT_ROUNDS,
                method.shiftsAndAdds(),
                DEFAULT_DAMPING,
                Incoherence.NONE,
                Refinement.NONE,
                Targets.WEIGHTS,
                false,
                false,
                1,
                method == Method.LUT_GEMM ? LUT_GEMM_COLUMNS : 0,
                method == Method.RTN || method == Method.LUT_GEMM ? MEASURING_TOKENS_PER_INPUT : 0,
                0);
    }

    /** Which weights of a matrix of {@code outputs} rows share a scale. */
    GroupShape groups(int outputs) {
        return method == Method.LAT ? GroupShape.blockWise(outputs) : GroupShape.columnWise(outputs, rowGroups);
    }

    public ReparameterizationSettings withTerms(int value) {
        return with(copy -> copy.terms = value);
    }

    public ReparameterizationSettings withRounds(int value) {
        return with(copy -> copy.rounds = value);
    }

    public ReparameterizationSettings withActivationOrder(boolean value) {
        return with(copy -> copy.activationOrder = value);
    }

    public ReparameterizationSettings withDamping(double value) {
        return with(copy -> copy.damping = value);
    }

    public ReparameterizationSettings withIncoherence(Incoherence value) {
        return with(copy -> copy.incoherence = value);
    }

    public ReparameterizationSettings withRefinement(Refinement value) {
        return with(copy -> copy.refinement = value);
    }

    public ReparameterizationSettings withTargets(Targets value) {
        return with(copy -> copy.targets = value);
    }

    public ReparameterizationSettings withBiasCorrection(boolean value) {
        return with(copy -> copy.biasCorrection = value);
    }

    public ReparameterizationSettings withSequential(boolean value) {
        return with(copy -> copy.sequential = value);
    }

    public ReparameterizationSettings withRowGroups(int value) {
        return with(copy -> copy.rowGroups = value);
    }

    public ReparameterizationSettings withColumnsPerGroup(int value) {
        return with(copy -> copy.columnsPerGroup = value);
    }

    public ReparameterizationSettings withTokensPerInput(int value) {
        return with(copy -> copy.tokensPerInput = value);
    }

    public ReparameterizationSettings withSeed(long value) {
        return with(copy -> copy.seed = value);
    }

    private ReparameterizationSettings with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.settings();
    }

    /** The same settings, open to one change. */
    private static final class Copy {

        private final Method method;
        private int terms;
        private int rounds;
        private boolean activationOrder;
        private double damping;
        private Incoherence incoherence;
        private Refinement refinement;
        private Targets targets;
        private boolean biasCorrection;
        private boolean sequential;
        private int rowGroups;
        private int columnsPerGroup;
        private int tokensPerInput;
        private long seed;

        Copy(ReparameterizationSettings of) {
            method = of.method;
            terms = of.terms;
            rounds = of.rounds;
            activationOrder = of.activationOrder;
            damping = of.damping;
            incoherence = of.incoherence;
            refinement = of.refinement;
            targets = of.targets;
            biasCorrection = of.biasCorrection;
            sequential = of.sequential;
            rowGroups = of.rowGroups;
            columnsPerGroup = of.columnsPerGroup;
            tokensPerInput = of.tokensPerInput;
            seed = of.seed;
        }

        ReparameterizationSettings settings() {
            return new ReparameterizationSettings(
                    method,
                    terms,
                    rounds,
                    activationOrder,
                    damping,
                    incoherence,
                    refinement,
                    targets,
                    biasCorrection,
                    sequential,
                    rowGroups,
                    columnsPerGroup,
                    tokensPerInput,
                    seed);
        }
    }
}
