package io.shiftadd.cli.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how a model is reparameterized. What is not given is the platform's default. */
public final class RecipeOptions {

    private static final int DEFAULT_BITS = 3;

    @Option(names = "--bits", paramLabel = "<bits>", description = "Bits of every weight: 2, 3 or 4. Default: 3")
    private @Nullable Integer bits;

    @Option(
            names = "--mean-bits",
            paramLabel = "<bits>",
            description = "Instead: mean bits, such as 2.4, spread over the layers where they help")
    private @Nullable Double meanBits;

    @Option(
            names = "--max-perplexity-increase",
            paramLabel = "<share>",
            description = "Instead: the smallest model found whose perplexity rises by no more, 0.1 for a tenth")
    private @Nullable Double increase;

    @Option(
            names = "--preset",
            paramLabel = "<preset>",
            description = "How much it is given: fast, balanced or best (tuned). Default: balanced")
    private @Nullable String preset;

    @Option(names = "--method", paramLabel = "<method>", description = "acc (accuracy) or lat (latency). Default: acc")
    private @Nullable String method;

    @Option(
            names = "--tune",
            paramLabel = "<steps>",
            arity = "0..1",
            fallbackValue = "256",
            description = "Trains the result afterwards until it writes what the original would; 256 steps, or so many")
    private @Nullable Integer tune;

    @Option(
            names = "--head-bits",
            paramLabel = "<bits>",
            description = "Bits of the head, 4 to 8; 0 leaves it as it is. Default: 6 where it is a large part")
    private @Nullable Integer headBits;

    @Option(names = "--samples", paramLabel = "<n>", description = "Sequences to calibrate with")
    private @Nullable Integer samples;

    @Option(names = "--sequence-length", paramLabel = "<tokens>", description = "Tokens of each")
    private @Nullable Integer sequenceLength;

    @Option(
            names = "--text",
            paramLabel = "<text>",
            description = "A registered text, or a file, to calibrate with. Default: text that the model writes itself")
    private @Nullable String text;

    /** Whether any of them is given. */
    public boolean isAsked() {
        return !settings().isEmpty() || text != null;
    }

    @Nullable
    String text() {
        return text;
    }

    /** Fields of a job's request. */
    Map<String, Object> request() {
        Map<String, Object> request = settings();
        if (bits == null && meanBits == null && increase == null) {
            request.put("bits", DEFAULT_BITS);
        }
        return request;
    }

    private Map<String, Object> settings() {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("bits", bits);
        given.put("meanBits", meanBits);
        given.put("maxPerplexityIncrease", increase);
        given.put("preset", preset);
        given.put("method", method);
        given.put("headBits", headBits);
        given.put("samples", samples);
        given.put("sequenceLength", sequenceLength);
        given.put("tune", tune == null ? null : Map.of("steps", tune));
        Map<String, Object> settings = new TreeMap<>();
        given.forEach((field, value) -> {
            if (value != null) {
                settings.put(field, value);
            }
        });
        return settings;
    }
}
