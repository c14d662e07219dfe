package io.shiftadd.inference.generation.warmup;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.TensorView;
import io.shiftadd.kernel.LinearLayer;
import io.shiftadd.kernel.PackedLinear;
import io.shiftadd.kernel.coding.ApotScales;
import io.shiftadd.kernel.coding.BinaryCoding;
import io.shiftadd.kernel.coding.GroupShape;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.model.CausalLanguageModel;
import io.shiftadd.model.DecoderBlock;
import io.shiftadd.model.family.ModelConfig;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A small model of random weights that needs no file: float layers, packed ones by column, rotated, and packed ones by
 * block.
 */
public final class MadeUpModel {

    static final int VOCABULARY = 512;
    static final int WIDTH = 192;
    static final int CONTEXT = 256;

    private static final int INNER_WIDTH = 512;
    private static final int BLOCKS = 3;
    private static final int BITS = 3;
    private static final int TERMS = 3;
    private static final float SCALE = 0.02f;
    private static final String CONFIG = """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "rms_norm_eps": 1e-5,
             "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
             "num_attention_heads": 6, "num_key_value_heads": 6, "max_position_embeddings": %d,
             "tie_word_embeddings": true, "torch_dtype": "float16"}""".formatted(VOCABULARY, WIDTH, INNER_WIDTH, BLOCKS, CONTEXT);

    private final SplittableRandom random = new SplittableRandom(0);
    private final Map<String, TensorView> tensors = new HashMap<>();

    private MadeUpModel() {}

    public static CausalLanguageModel create() {
        return new MadeUpModel().build();
    }

    private CausalLanguageModel build() {
        add("model.embed_tokens", VOCABULARY, WIDTH);
        add("model.norm", WIDTH);
        for (int i = 0; i < BLOCKS; i++) {
            String block = "model.layers." + i + ".";
            add(block + "input_layernorm", WIDTH);
            add(block + "post_attention_layernorm", WIDTH);
            for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "o_proj"}) {
                add(block + "self_attn." + projection, WIDTH, WIDTH);
            }
            add(block + "mlp.gate_proj", INNER_WIDTH, WIDTH);
            add(block + "mlp.up_proj", INNER_WIDTH, WIDTH);
            add(block + "mlp.down_proj", WIDTH, INNER_WIDTH);
        }
        ModelConfig config = ModelConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "the made-up model");
        CausalLanguageModel model = CausalLanguageModel.of(config, new InMemory(tensors));
        Map<String, LinearLayer> packed = new HashMap<>();
        pack(model.block(1), false, packed);
        pack(model.block(2), true, packed);
        return model.with(packed);
    }

    private void add(String layer, long... shape) {
        String name = layer + ".weight";
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        short[] halves = new short[count];
        for (int i = 0; i < count; i++) {
            halves[i] = Float.floatToFloat16((float) random.nextDouble(-SCALE, SCALE));
        }
        tensors.put(name, new TensorView(name, DType.F16, shape, MemorySegment.ofArray(halves)));
    }

    private void pack(DecoderBlock block, boolean blockWise, Map<String, LinearLayer> packed) {
        for (String name : block.linearNames()) {
            int outputs = block.linear(name).outputs();
            int inputs = block.linear(name).inputs();
            GroupShape groups = blockWise ? GroupShape.blockWise(outputs) : GroupShape.columnWise(outputs);
            float[] alphas = new float[BITS * groups.rowGroups(outputs) * groups.columnGroups(inputs)];
            Arrays.fill(alphas, SCALE / BITS);
            ApotScales scales =
                    ApotScales.round(alphas, BITS, groups.rowGroups(outputs), groups.columnGroups(inputs), TERMS);
            byte[] codes = new byte[outputs * inputs];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) random.nextInt(1 << BITS);
            }
            BinaryCoding coding = new BinaryCoding(outputs, inputs, BITS, groups, scales, codes);
            HadamardRotation input = blockWise ? null : HadamardRotation.random(inputs, 0);
            HadamardRotation output = blockWise ? null : HadamardRotation.random(outputs, 1);
            packed.put(name, PackedLinear.pack(coding, null, input, output));
        }
    }

    private record InMemory(Map<String, TensorView> tensors) implements Checkpoint {

        @Override
        public Set<String> names() {
            return tensors.keySet();
        }

        @Override
        public TensorView tensor(String name) {
            TensorView tensor = tensors.get(name);
            if (tensor == null) {
                throw Checkpoint.missing(name, Path.of("made-up"), tensors.size());
            }
            return tensor;
        }

        @Override
        public Map<String, String> metadata() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
