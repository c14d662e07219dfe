package io.shiftadd.inference.generation.sampling;

import io.shiftadd.model.Logits;
import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokens of one choice. What it draws depends on its settings, its seed and the logits it is given, on
 * nothing else that runs beside it.
 */
public final class Sampler {

    private final SamplingSettings settings;
    private final SplittableRandom random;
    private final TokenCounts counts = new TokenCounts();

    /** @param seed of this choice alone: {@link SplittableRandom} spreads neighbouring seeds well */
    public Sampler(SamplingSettings settings, long seed, int[] prompt) {
        this.settings = settings;
        this.random = new SplittableRandom(seed);
        if (settings.countsTokens()) {
            counts.addPrompt(prompt);
        }
    }

    /**
     * @param logits the raw logits of one position in {@code [0, vocabulary)}; overwritten
     * @param allowed ids that may be chosen; null = all
     * @param scratch of the calling thread
     */
    public int sample(float[] logits, int vocabulary, @Nullable BitSet allowed, SamplingScratch scratch) {
        for (Map.Entry<Integer, Float> bias : settings.bias().entrySet()) {
            logits[bias.getKey()] += bias.getValue();
        }
        if (settings.countsTokens()) {
            counts.penalize(logits, settings);
        }
        int token = settings.temperature() == 0
                ? mostProbable(logits, vocabulary, allowed)
                : draw(logits, vocabulary, allowed, scratch);
        if (settings.countsTokens()) {
            counts.addGenerated(token);
        }
        return token;
    }

    private static int mostProbable(float[] logits, int vocabulary, @Nullable BitSet allowed) {
        if (allowed == null) {
            return Logits.largest(logits, 0, vocabulary);
        }
        int best = -1;
        for (int v = first(allowed); v >= 0 && v < vocabulary; v = next(allowed, v)) {
            if (best < 0 || logits[v] > logits[best]) {
                best = v;
            }
        }
        if (best < 0) {
            throw new NothingAllowedException();
        }
        return best;
    }

    private int draw(float[] logits, int vocabulary, @Nullable BitSet allowed, SamplingScratch scratch) {
        int best = mostProbable(logits, vocabulary, allowed);
        double max = logits[best];
        double sum = 0;
        int count = 0;
        int[] ids = scratch.ids(vocabulary);
        double[] weights = scratch.weights(vocabulary);
        for (int v = first(allowed); v >= 0 && v < vocabulary; v = next(allowed, v)) {
            double weight = Math.exp((logits[v] - max) / settings.temperature());
            // The most probable token weighs 1, so min-p compares with the weight itself.
            if (weight > 0 && weight >= settings.minP()) {
                ids[count] = v;
                weights[count++] = weight;
                sum += weight;
            }
        }
        if (settings.topK() > 0 && settings.topK() < count || settings.topP() < 1) {
            return drawFromMostProbable(ids, weights, count, sum, scratch);
        }
        return drawFrom(ids, weights, count, sum);
    }

    private int drawFromMostProbable(int[] ids, double[] weights, int count, double sum, SamplingScratch scratch) {
        int kept = dropTail(ids, weights, count, sum);
        scratch.sortDescending(kept);
        if (settings.topK() > 0 && settings.topK() < count) {
            kept = Math.min(kept, settings.topK());
            sum = sumOf(weights, kept);
        }
        double nucleus = 0;
        int chosen = 0;
        while (chosen < kept && (chosen == 0 || nucleus < settings.topP() * sum)) {
            nucleus += weights[chosen++];
        }
        return drawFrom(ids, weights, chosen, nucleus);
    }

    /**
     * Tokens that together weigh less than {@code 1 − topP} of the sum cannot be in the nucleus; those below an equal
     * share of that are such, which spares sorting them. Only when top-k does not need the exact order of all.
     */
    private int dropTail(int[] ids, double[] weights, int count, double sum) {
        if (settings.topK() > 0 || settings.topP() >= 1) {
            return count;
        }
        double least = Math.min(1, (1 - settings.topP()) * sum / count);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= least) {
                ids[kept] = ids[i];
                weights[kept++] = weights[i];
            }
        }
        return kept;
    }

    private int drawFrom(int[] ids, double[] weights, int count, double sum) {
        double target = random.nextDouble() * sum;
        for (int i = 0; i < count - 1; i++) {
            target -= weights[i];
            if (target < 0) {
                return ids[i];
            }
        }
        return ids[count - 1];
    }

    private static double sumOf(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }

    private static int first(@Nullable BitSet allowed) {
        return allowed == null ? 0 : allowed.nextSetBit(0);
    }

    private static int next(@Nullable BitSet allowed, int v) {
        return allowed == null ? v + 1 : allowed.nextSetBit(v + 1);
    }
}
