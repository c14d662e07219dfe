package io.shiftadd.inference;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.TensorView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The sample models of the repository and what the reference implementation computes from them. */
public final class Samples {

    private Samples() {}

    public static Path model(String name) {
        return root().resolve("samples").resolve(name);
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(at.resolve("samples"))) {
            at = at.getParent();
        }
        return at;
    }

    /** A chat template as its family has it, by the name of its file. */
    public static String template(String name) throws IOException {
        return Files.readString(
                root().resolve("shared-kernels/jinja/src/test/resources/chat-templates/" + name + ".jinja"));
    }

    /** What lies beside the repository on machines that have it; tests that need it skip where it is not. */
    public static Path shared(String name) {
        return root().resolve("../shared").resolve(name).normalize();
    }

    /** Prompts of the reference, and the logits after each of their tokens. */
    public static Reference reference(String name) {
        return referenceIn(root().resolve("samples/references/" + name + ".safetensors"));
    }

    public static Reference referenceIn(Path file) {
        return new Reference(file);
    }

    /** Tensors {@code input_ids.i}, {@code logits.i} and {@code greedy}. */
    public static final class Reference {

        private final Path file;

        private Reference(Path file) {
            this.file = file;
        }

        public int count() {
            try (Checkpoint tensors = Checkpoint.open(file)) {
                return (int) tensors.names().stream()
                        .filter(name -> name.startsWith("input_ids."))
                        .count();
            }
        }

        public int[] ids(int i) {
            return ints("input_ids." + i);
        }

        /** Forty tokens continuing prompt 0. */
        public int[] greedy() {
            int[] whole = ints("greedy");
            return Arrays.copyOfRange(whole, ids(0).length, whole.length);
        }

        private int[] ints(String name) {
            try (Checkpoint tensors = Checkpoint.open(file)) {
                return tensors.tensor(name).toIntArray();
            }
        }

        /** Natural-log probability of each token of prompt i but the first. */
        public double[] logProbabilities(int i) {
            int[] ids = ids(i);
            try (Checkpoint tensors = Checkpoint.open(file)) {
                TensorView view = tensors.tensor("logits." + i);
                float[] logits = view.toFloatArray();
                int vocabulary = logits.length / ids.length;
                double[] result = new double[ids.length - 1];
                for (int p = 0; p < result.length; p++) {
                    double sum = 0;
                    for (int v = 0; v < vocabulary; v++) {
                        sum += Math.exp(logits[p * vocabulary + v]);
                    }
                    result[p] = logits[p * vocabulary + ids[p + 1]] - Math.log(sum);
                }
                return result;
            }
        }
    }
}
