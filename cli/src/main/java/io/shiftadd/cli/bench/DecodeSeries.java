package io.shiftadd.cli.bench;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.CausalLanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A model at a number of threads: what each round of it took. Several streams and one take turns every few tokens, and
 * are compared within a round.
 */
final class DecodeSeries {

    private static final int WARM_UPS = 2;

    private final RandomModel random;
    private final KernelContext context;
    private final DecodeLoad load;
    private final DecodeRun together;
    private final DecodeRun alone;
    private final List<Round> rounds = new ArrayList<>();

    private double firstTokenSeconds;
    private DecodeRun.Decoded togetherDecoded = DecodeRun.Decoded.NOTHING;
    private DecodeRun.Decoded aloneDecoded = DecodeRun.Decoded.NOTHING;

    /** Seconds of a round, and what a plain read reached in it, in GB/s. */
    private record Round(
            double bandwidth, double firstToken, double together, double alone, double allocatedBytesPerToken) {}

    DecodeSeries(RandomModel random, CausalLanguageModel model, KernelContext context, DecodeLoad load) {
        this.random = random;
        this.context = context;
        this.load = load;
        together = new DecodeRun(model, context, load);
        alone = load.streams() == 1
                ? together
                : new DecodeRun(
                        model,
                        context,
                        new DecodeLoad(load.cachePrecision(), load.context(), load.madeUp(), load.decodedTokens(), 1));
    }

    KernelContext context() {
        return context;
    }

    /** Runs until the forward pass is compiled. */
    void warmUp() {
        for (int i = 0; i < WARM_UPS; i++) {
            together.run(load.decodedTokens());
            alone.run(load.decodedTokens());
        }
    }

    /** Whether the other one is the same model on the same threads, with another context perhaps. */
    boolean sameButContext(DecodeSeries other) {
        return random.equals(other.random) && context == other.context;
    }

    /** Begins a round: makes the contexts. */
    void begin() {
        firstTokenSeconds = together.begin(load.decodedTokens()) / 1e9;
        if (alone != together) {
            alone.begin(load.decodedTokens());
        }
        togetherDecoded = DecodeRun.Decoded.NOTHING;
        aloneDecoded = DecodeRun.Decoded.NOTHING;
    }

    /** Decodes so many tokens more of each stream. */
    void turn(int tokens) {
        togetherDecoded = togetherDecoded.plus(together.decode(tokens));
        aloneDecoded = alone == together ? togetherDecoded : aloneDecoded.plus(alone.decode(tokens));
    }

    /**
     * Ends a round.
     *
     * @param bandwidth of a plain read by as many threads within it, in GB/s
     */
    void end(double bandwidth) {
        rounds.add(new Round(
                bandwidth,
                firstTokenSeconds,
                togetherDecoded.nanos() / 1e9,
                aloneDecoded.nanos() / 1e9,
                togetherDecoded.allocatedBytes() / (double) load.decodedTokens()));
    }

    /**
     * Medians of the rounds: one moment in which others leave the memory alone is not what a token could have had.
     *
     * @param first of the series that took turns with this one, or this one
     * @param peakBytes of the process
     */
    DecodeFigures figures(DecodeSeries first, long peakBytes) {
        double decode = load.streams() * load.decodedTokens() / median(Round::together);
        double bandwidth = median(Round::bandwidth);
        double reached = together.bytesPerToken() * decode / load.streams() / 1e9;
        double firstToken = median(Round::firstToken);
        return new DecodeFigures(
                random.bits(),
                random.blockWise() ? DecodeFigures.Group.block : DecodeFigures.Group.column,
                context.threads(),
                load.streams(),
                decode,
                load.decodedTokens() / median(Round::alone),
                median(round -> load.streams() * round.alone / round.together),
                timesAsFastAs(first),
                load.context(),
                load.madeUp() ? null : load.context() / firstToken,
                together.bytesPerToken(),
                reached,
                bandwidth,
                reached / bandwidth,
                load.madeUp() ? null : firstToken * 1e3,
                (long) rounds.stream()
                        .mapToDouble(Round::allocatedBytesPerToken)
                        .min()
                        .orElseThrow(),
                peakBytes);
    }

    private double timesAsFastAs(DecodeSeries other) {
        double[] quotients = new double[rounds.size()];
        for (int i = 0; i < quotients.length; i++) {
            quotients[i] = other.rounds.get(i).together / rounds.get(i).together;
        }
        return median(quotients);
    }

    private double median(ToDoubleFunction<Round> value) {
        return median(rounds.stream().mapToDouble(value).toArray());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
