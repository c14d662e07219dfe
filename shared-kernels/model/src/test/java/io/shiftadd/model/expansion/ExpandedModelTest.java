package io.shiftadd.model.expansion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FloatTensor;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.gguf.GgmlType;
import io.shiftadd.format.gguf.GgufRenaming;
import io.shiftadd.format.gguf.GgufWriter;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.PackedLinearFormat;
import io.shiftadd.kernel.RowwiseLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.coding.RowwiseCoding;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.Layouts;
import io.shiftadd.model.Verification;
import io.shiftadd.model.family.ModelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpandedModelTest {

    private static final double LIMIT = 1e-4;

    @TempDir
    private Path directory;

    static List<String> layouts() {
        return Layouts.names();
    }

    /** Either it answers as the original does, or it was refused: nothing is written that is another model. */
    @ParameterizedTest
    @MethodSource("layouts")
    void aGgufFileIsTheModelOrThereIsNone(String layout) {
        Path file = directory.resolve("model.gguf");
        ModelConfig config;
        try {
            config = writeGguf(Layouts.directory(layout), file);
            GgufDescription.requireSame(config, file, layout);
        } catch (FormatException refused) {
            assertThat(refused).hasMessageContaining("GGUF").hasMessageContaining("safetensors");
            return;
        }
        try (CausalLanguageModel model = CausalLanguageModel.open(file);
                Checkpoint expected = Checkpoint.open(Layouts.directory(layout).resolve("reference.safetensors"));
                KernelContext context = KernelContext.create(2)) {
            Verification.Report report = Verification.run(model, expected, context);
            assertThat(report.maxRelative()).as(report.toString()).isLessThan(LIMIT);
        }
    }

    @Test
    void familiesThatGgufHasAreWritten() {
        Set<String> written = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (String layout : Layouts.names()) {
            try {
                Path file = directory.resolve(layout + ".gguf");
                ModelConfig config = writeGguf(Layouts.directory(layout), file);
                GgufDescription.requireSame(config, file, layout);
                written.add(config.family().modelType());
            } catch (FormatException e) {
                refused.add(ModelConfig.read(Layouts.directory(layout)).family().modelType());
            }
        }
        refused.removeAll(written);
        // GGUF has no OPT, ternary codes are not expanded, and the layouts of Gemma 2 have scales that it cannot say
        assertThat(refused).containsExactly("bitnet", "gemma2", "opt");
    }

    private static ModelConfig writeGguf(Path original, Path file) {
        try (ExpandedModel model = ExpandedModel.open(original)) {
            ModelConfig config = model.config();
            if (!model.others().isEmpty()) {
                throw new FormatException("ternary codes", "test", "GGUF has none of them", "take safetensors");
            }
            GgufDescription description = GgufDescription.of(config, "test");
            GgufWriter writer = new GgufWriter().putAll(description.metadata());
            List<FloatTensor> tensors = new ArrayList<>(
                    new GgufRenaming(description.architecture(), config.heads(), config.kvHeads(), "test")
                            .of(model.tensors()));
            tensors.addAll(description.tensors());
            tensors.forEach(tensor -> writer.add(tensor, GgmlType.F32));
            writer.write(file);
            return config;
        }
    }

    /** Also where weights are stored transposed, layers are joined, or have biases. */
    @ParameterizedTest
    @ValueSource(strings = {"llama-gqa-sharded", "gpt2", "bloom", "opt-350m", "qwen2", "phi3", "gpt-neox", "mixtral"})
    void aPackedLayerIsTheMatrixThatItStandsFor(String layout) {
        Path original = Layouts.directory(layout);
        Path file = directory.resolve("model.safetensors");
        Random random = new Random(5);
        Map<String, float[]> dense = new HashMap<>();
        ModelConfig config = ModelConfig.read(original);
        String head = config.family().definition().names().head();
        try (CausalLanguageModel model = CausalLanguageModel.open(original);
                Checkpoint checkpoint = Checkpoint.open(original)) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            Set<String> replaced = new TreeSet<>();
            for (int block = 0; block < model.blockCount(); block++) {
                for (String name : model.block(block).linearNames()) {
                    LinearLayer layer = model.block(block).linear(name);
                    LinearLayer packed = packed(
                            layer.outputs(), layer.inputs(), model.block(block).bias(name), random);
                    PackedLinearFormat.write(name, packed, DType.F32, writer);
                    dense.put(name, matrix(packed));
                    replaced.add(name + ".weight");
                    replaced.add(name + ".bias");
                }
            }
            checkpoint.names().stream()
                    .filter(name -> !replaced.contains(name) && !name.startsWith(head + "."))
                    .forEach(name -> writer.add(checkpoint.tensor(name)));
            PackedLinear packedHead = binary(config.vocabularySize(), config.embeddingSize(), null, random);
            PackedLinearFormat.write("lm_head", packedHead, DType.F32, writer);
            dense.put(head, packedHead.toDense());
            writer.write(file);
        }
        copyConfig(original);
        try (ExpandedModel model = ExpandedModel.open(directory);
                Checkpoint checkpoint = Checkpoint.open(original)) {
            assertThat(model.hasHead()).isTrue();
            assertThat(model.others()).isEmpty();
            List<FloatTensor> tensors = model.tensors();
            assertThat(tensors).extracting(FloatTensor::name).containsAll(checkpoint.names());
            for (FloatTensor tensor : tensors) {
                String layer = tensor.name().replaceFirst("\\.weight$", "");
                if (checkpoint.contains(tensor.name())) {
                    assertThat(tensor.shape())
                            .isEqualTo(checkpoint.type(tensor.name()).shape());
                }
                if (dense.containsKey(layer)) {
                    boolean transposed = config.block().transposed() && !layer.equals(head);
                    assertThat(tensor.values())
                            .as(tensor.name())
                            .containsExactly(
                                    transposed ? transposed(dense.get(layer), tensor) : dense.get(layer), within(0f));
                } else {
                    assertThat(tensor.values())
                            .as(tensor.name())
                            .containsExactly(checkpoint.tensor(tensor.name()).toFloatArray(), within(0f));
                }
            }
        }
    }

    private static float[] transposed(float[] dense, FloatTensor tensor) {
        int inputs = (int) tensor.rowCount();
        float[] transposed = new float[dense.length];
        for (int i = 0; i < dense.length; i++) {
            transposed[i % inputs * tensor.rowLength() + i / inputs] = dense[i];
        }
        return transposed;
    }

    private void copyConfig(Path original) {
        try {
            Files.copy(original.resolve("config.json"), directory.resolve("config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] matrix(LinearLayer layer) {
        return layer instanceof RowwiseLinear rowwise ? rowwise.toDense() : ((PackedLinear) layer).toDense();
    }

    /** Of both kinds by turns. */
    private static LinearLayer packed(int outputs, int inputs, float[] bias, Random random) {
        return random.nextBoolean() ? binary(outputs, inputs, bias, random) : rowwise(outputs, inputs, bias, random);
    }

    private static PackedLinear binary(int outputs, int inputs, float[] bias, Random random) {
        GroupShape groups = new GroupShape(outputs, 1);
        byte[] terms = new byte[2 * inputs];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = (byte) (64 - 3 - random.nextInt(3));
        }
        ApotScales scales = new ApotScales(2, groups.rowGroups(outputs), groups.columnGroups(inputs), 1, terms);
        return PackedLinear.pack(
                new BinaryCoding(outputs, inputs, 2, groups, scales, codes(outputs * inputs, random)),
                bias,
                null,
                null);
    }

    private static RowwiseLinear rowwise(int outputs, int inputs, float[] bias, Random random) {
        float[] scales = new float[2 * outputs];
        float[] offsets = new float[outputs];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = 0.25f * (1 + random.nextInt(7));
            offsets[i % outputs] = 0.125f * random.nextInt(5);
        }
        return RowwiseLinear.pack(
                new RowwiseCoding(outputs, inputs, 2, inputs, scales, offsets, codes(outputs * inputs, random)), bias);
    }

    private static byte[] codes(int count, Random random) {
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) random.nextInt(4);
        }
        return codes;
    }

    @Test
    void aFamilyThatGgufDoesNotHaveIsRefusedByName() {
        assertThatThrownBy(() -> writeGguf(Layouts.directory("opt-no-bias"), directory.resolve("model.gguf")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("is of the family opt")
                .hasMessageContaining("llama");
    }
}
