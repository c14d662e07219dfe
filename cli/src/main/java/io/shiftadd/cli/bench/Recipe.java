package io.shiftadd.cli.bench;

import io.shiftadd.cli.CommandFailure;
import io.shiftadd.quantize.reparameterization.Incoherence;
import io.shiftadd.quantize.reparameterization.Method;
import io.shiftadd.quantize.reparameterization.Refinement;
import io.shiftadd.quantize.reparameterization.ReparameterizationSettings;
import io.shiftadd.quantize.reparameterization.Targets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A method as the command line names it: {@code acc} in this project's default form, {@code acc-paper} as published,
 * {@code acc:damping=0.1:targets=none} with parts of it changed.
 *
 * @param label as it was named
 * @param headBits of the packed head; 0 leaves it as it is
 * @param tuneSteps of self-distillation after the fits; 0 for none
 * @param latentStep of the tuning, or 0 for its default
 */
record Recipe(String label, ReparameterizationSettings settings, int headBits, int tuneSteps, float latentStep) {

    static final String PAPER = "-paper";

    private static final String REMEDY = "Methods are acc, lat, rtn, optq, lut-gemm, acc-paper and lat-paper; parts of"
            + " one are changed as in acc:damping=0.1:order=true:rotation=none:refit=3x4:targets=0.5:bias=true:"
            + "sequential=true:rows=1:columns=128:terms=3:rounds=20:tokens=20:head=4:tune=256:step=0.02.";

    /** @param tokensPerInput as on the command line; null leaves the method's default */
    static Recipe of(String label, long seed, @Nullable Integer tokensPerInput) {
        String[] parts = label.split(":");
        boolean paper = parts[0].endsWith(PAPER);
        String name = paper ? parts[0].substring(0, parts[0].length() - PAPER.length()) : parts[0];
        try {
            Method method = Method.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
            ReparameterizationSettings settings =
                    paper ? ReparameterizationSettings.paper(method) : ReparameterizationSettings.of(method);
            settings = settings.withSeed(seed);
            if (tokensPerInput != null) {
                settings = settings.withTokensPerInput(tokensPerInput);
            }
            int headBits = 0;
            int tuneSteps = 0;
            float latentStep = 0;
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                String key = equals < 0 ? parts[i] : parts[i].substring(0, equals);
                String value = parts[i].substring(equals + 1);
                switch (key) {
                    case "head" -> headBits = Integer.parseInt(value);
                    case "tune" -> tuneSteps = Integer.parseInt(value);
                    case "step" -> latentStep = Float.parseFloat(value);
                    default -> settings = changed(settings, key, value);
                }
            }
            return new Recipe(label, settings, headBits, tuneSteps, latentStep);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("there is no method '" + label + "': " + e.getMessage(), REMEDY, e);
        }
    }

    private static ReparameterizationSettings changed(ReparameterizationSettings of, String key, String value) {
        return switch (key) {
            case "terms" -> of.withTerms(Integer.parseInt(value));
            case "rounds" -> of.withRounds(Integer.parseInt(value));
            case "order" -> of.withActivationOrder(Boolean.parseBoolean(value));
            case "damping" -> of.withDamping(Double.parseDouble(value));
            case "rotation" -> of.withIncoherence(Incoherence.valueOf(value.toUpperCase(Locale.ROOT)));
            case "refit" -> of.withRefinement(refinement(value));
            case "targets" ->
                of.withTargets(value.equals("none") ? Targets.WEIGHTS : Targets.ofOriginal(Double.parseDouble(value)));
            case "bias" -> of.withBiasCorrection(Boolean.parseBoolean(value));
            case "sequential" -> of.withSequential(Boolean.parseBoolean(value));
            case "rows" -> of.withRowGroups(Integer.parseInt(value));
            case "columns" -> of.withColumnsPerGroup(Integer.parseInt(value));
            case "tokens" -> of.withTokensPerInput(Integer.parseInt(value));
            default -> throw new IllegalArgumentException("'" + key + "' is no part of a method");
        };
    }

    /** {@code passes x sweeps}. */
    private static Refinement refinement(String value) {
        String[] parts = value.split("x");
        if (parts.length != 2) {
            throw new IllegalArgumentException("a refinement is written 3x4, not " + value);
        }
        return new Refinement(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }
}
