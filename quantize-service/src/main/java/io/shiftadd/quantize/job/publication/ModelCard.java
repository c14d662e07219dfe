package io.shiftadd.quantize.job.publication;

import io.shiftadd.cost.Quantity;
import io.shiftadd.job.JobSettings;
import io.shiftadd.job.Method;
import io.shiftadd.job.Tuning;
import io.shiftadd.quantize.job.run.ModelMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The README.md of an artifact, as model cards of the Hub are: what it was made from and how, what it lost, how it is
 * served. It says nothing of when, where and by whom, nor the result's name, so that the same job gives the same bytes.
 *
 * @param base the original: owner and name on the Hub where it came from there, its name in the registry otherwise
 * @param classifies whether it is a model of images
 * @param license what the original's card says of its licence and languages, by its keys
 * @param hasLicense whether the original's LICENSE lies beside
 * @param bits of a weight, without scales
 * @param facts {@link PackedFacts#metrics()}
 * @param measured metrics of the evaluation
 * @param measure what it was measured on, e.g. {@code 32 windows of 512 tokens}
 */
record ModelCard(
        String base,
        boolean classifies,
        Map<String, Object> license,
        boolean hasLicense,
        JobSettings settings,
        double bits,
        Map<String, Double> facts,
        Map<String, Double> measured,
        String measure) {

    static final String FILE = "README.md";

    private static final String METHOD = """
            The weights of its linear layers are binary matrices whose scales are sums of powers of two, by
            [ShiftAddLLM](https://arxiv.org/abs/2406.05981): what remains of a product are shifts, look-ups and additions.
            """;

    private static final String BASELINE = """
            The weights of its linear layers were rounded by a baseline that ShiftAddLLM is compared with; its scales are
            floats.
            """;

    String text() {
        StringBuilder card = new StringBuilder(frontMatter());
        card.append("\n# ").append(title()).append("\n\n");
        card.append(settings.methodOrDefault().shiftsAndAdds() ? METHOD : BASELINE);
        card.append("\n## What it lost\n\n| | original | this model |\n| --- | --- | --- |\n");
        losses().forEach(row -> card.append(row).append('\n'));
        card.append("\nMeasured on ").append(measure).append(", through the kernels that serve it.\n");
        card.append("\n## How it was made\n\n| setting | |\n| --- | --- |\n");
        recipe().forEach(row -> card.append(row).append('\n'));
        card.append("\n`quantization_config` in `config.json` has the bits of each layer.\n");
        card.append(serving());
        card.append("\n## Licence\n\n").append(licenseText()).append('\n');
        return card.toString();
    }

    private String title() {
        return "%s in %s bits".formatted(plain(base), Quantity.bits(bits));
    }

    private String frontMatter() {
        StringBuilder yaml = new StringBuilder("---\n");
        license.forEach((key, value) ->
                yaml.append(key).append(": ").append(yaml(value)).append('\n'));
        yaml.append("base_model: ").append(quoted(base)).append("\nbase_model_relation: quantized\n");
        yaml.append("library_name: shiftadd\npipeline_tag: ")
                .append(classifies ? "image-classification" : "text-generation");
        yaml.append("\ntags:\n- shiftadd\n- quantized\n- ").append(quoted(method().word()));
        return yaml.append("\n---\n").toString();
    }

    private Method method() {
        return settings.methodOrDefault();
    }

    private static String yaml(Object value) {
        return value instanceof List<?> list
                ? "["
                        + String.join(
                                ", ",
                                list.stream()
                                        .map(each -> quoted(each.toString()))
                                        .toList()) + "]"
                : quoted(value.toString());
    }

    /** A text of YAML; what JSON has for one is one. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted(c));
            } else {
                quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }

    /** What would begin something of Markdown stands for itself. */
    private static String plain(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }

    private List<String> losses() {
        List<String> rows = new ArrayList<>();
        compare(
                rows,
                "perplexity",
                Quantity::perplexity,
                ModelMetrics.PERPLEXITY_ORIGINAL,
                ModelMetrics.PERPLEXITY_REPARAMETERIZED);
        compare(
                rows,
                "right classes",
                Quantity::share,
                ModelMetrics.ACCURACY_ORIGINAL,
                ModelMetrics.ACCURACY_REPARAMETERIZED);
        Double divergence = measured.get(ModelMetrics.DIVERGENCE);
        if (divergence != null) {
            rows.add("| KL divergence from the original, nats a token | | %s |"
                    .formatted(String.format(Locale.ROOT, "%.4f", divergence)));
        }
        Double agreement = measured.get(ModelMetrics.AGREEMENT);
        if (agreement != null) {
            rows.add("| same most likely %s | | %s |"
                    .formatted(classifies ? "class" : "token", Quantity.share(agreement)));
        }
        String energy = classifies ? PackedFacts.ENERGY_OF_IMAGE : PackedFacts.ENERGY_OF_TOKEN;
        rows.add("| linear layers | %s | %s |".formatted(bytes("layer_bytes_fp16"), bytes("layer_bytes_packed")));
        rows.add("| bits of a weight, scales included | 16 | %s |".formatted(Quantity.bits(fact("bits_per_weight"))));
        rows.add("| %s | %s | %s |"
                .formatted(
                        "energy of " + (classifies ? "an image" : "a token") + ", estimated",
                        Quantity.energy(fact(energy + PackedFacts.ORIGINAL)),
                        Quantity.energy(fact(energy + PackedFacts.REPARAMETERIZED))));
        return rows;
    }

    private void compare(
            List<String> rows, String what, DoubleFunction<String> words, String original, String reparameterized) {
        Double before = measured.get(original);
        Double after = measured.get(reparameterized);
        if (before != null && after != null) {
            rows.add("| %s | %s | %s |".formatted(what, words.apply(before), words.apply(after)));
        }
    }

    private List<String> recipe() {
        List<String> rows = new ArrayList<>();
        row(rows, "method", method().word());
        row(rows, "mean bits of a weight", Quantity.bits(bits));
        row(rows, "bits of the head", settings.headBits());
        row(rows, "terms of a scale", settings.terms());
        row(rows, "rounds of a fit", settings.rounds());
        row(
                rows,
                "rotation",
                settings.rotation() == null ? null : settings.rotation().word());
        row(rows, "calibration", settings.calibrationWindows() + (classifies ? " images" : " sequences"));
        Tuning tune = settings.tune();
        row(
                rows,
                "tuned",
                tune == null
                        ? null
                        : "by self-distillation, on " + tune.textOrDefault().word() + " text");
        row(rows, "seed", settings.seed());
        return rows;
    }

    private static void row(List<String> rows, String name, @Nullable Object value) {
        if (value != null) {
            rows.add("| %s | %s |".formatted(name, value));
        }
    }

    private String serving() {
        return classifies ? """

                ## How to serve it

                    ./shiftadd up
                    ./shiftadd pull <this directory>

                Then `POST /v1/images/classifications` with its name as `model`.
                """ : """

                ## How to serve it

                    ./shiftadd run <this directory>

                Then any OpenAI client finds it at `http://127.0.0.1:8082/v1`. Other engines do not read packed layers.
                """;
    }

    private String licenseText() {
        String of = "The licence of the original holds for this model, too";
        if (hasLicense) {
            return of + "; it lies beside, as the original had it.";
        }
        return license.containsKey("license")
                ? of + "."
                : of + ". The original's files do not say which that is: see where it came from.";
    }

    private String bytes(String name) {
        return Quantity.bytes(fact(name));
    }

    private double fact(String name) {
        return facts.getOrDefault(name, 0.0);
    }
}
