package io.shiftadd.cost;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.FormatException;
import io.shiftadd.format.TensorType;
import io.shiftadd.model.family.ModelConfig;
import io.shiftadd.model.family.VisionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a model takes, by its parts: of a language model for one token, of a model of images for one image, all of whose
 * tokens share one reading of the weights. Norms, activations and the embedding are not counted among the operations,
 * and attention stands by itself: they are the same before and after.
 *
 * @param layers linear layers of the decoder blocks
 * @param head the layer to the logits; where it is the embedding too, its bytes are not counted again
 * @param bytes of the tensors
 * @param parameters weights of the original model
 * @param expertShare which part of a block's experts a token goes through; 1 where there are none
 * @param tokens that go through the blocks at once: 1, or those of an image
 * @param attention between the tokens of an image; nothing for language models
 */
public record ModelCost(
        List<LayerCost> layers,
        LayerCost head,
        Bytes bytes,
        long parameters,
        double expertShare,
        int tokens,
        OperationCounts attention) {

    private static final String HEAD = "lm_head";
    private static final String LAYOUT = ".layout";
    private static final String WEIGHT = ".weight";
    private static final int LAYOUT_NUMBERS = 10;

    /** What makes a tensor one of a decoder block. */
    private static final Pattern BLOCK = Pattern.compile("(^|.*\\.)(layers|layer|h)\\.\\d+\\..*");

    private static final Pattern EMBEDDING =
            Pattern.compile("(^|.*\\.)((embed_tokens|word_embeddings|embed_positions|embed_in|wte|wpe)\\.weight"
                    + "|embeddings\\.[a-z].*)");
    private static final Pattern NORM = Pattern.compile(".*(norm|ln_)[^.]*\\.(weight|bias)");

    private static final Pattern EXPERT =
            Pattern.compile(".*\\.experts\\.\\d+\\..*|.*\\.layer\\.\\d+\\.(shift_)?(intermediate|output)\\.dense");

    /** Layers whose weights are signs times powers of two, as they are trained. */
    private static final Pattern SHIFTS = Pattern.compile(".*\\.shift_[a-z]+\\.[a-z0-9]+\\.weight");

    /** Stays in float, and is as little as a norm. */
    private static final Pattern ROUTER =
            Pattern.compile(".*\\.((mlp|block_sparse_moe)\\.gate|router|value_convolution)\\.weight");

    /** A packed one is {@link #HEAD} in all families. */
    private static final Pattern HEADS =
            Pattern.compile("(lm_head|embed_out|classifier|cls_classifier|distillation_classifier)\\..*");

    /** Ternary weights of originals are four to a byte. */
    private static final int TERNARY_PER_BYTE = 4;

    private static final Pattern PART =
            Pattern.compile(".*\\.(layout|planes|scales|row_scales|row_offsets|input_signs|output_signs)");

    /**
     * Bytes of all tensors by their use.
     *
     * @param planes of packed layers of the blocks
     * @param scales of packed layers of the blocks
     * @param rotations of packed layers of the blocks
     * @param denseLayers matrices of layers of the blocks that are not packed
     * @param head packed or not; 0 where it is the embedding
     * @param other biases, layouts and what has no other place
     */
    public record Bytes(
            long planes,
            long scales,
            long rotations,
            long denseLayers,
            long embeddings,
            long norms,
            long head,
            long other) {

        static final Bytes NONE = new Bytes(0, 0, 0, 0, 0, 0, 0, 0);

        public long total() {
            return planes + scales + rotations + denseLayers + embeddings + norms + head + other;
        }

        /** Of the blocks' linear layers as one pass reads them. */
        public long layers() {
            return planes + scales + rotations + denseLayers;
        }

        private Bytes plus(String tensor, int dimensions, long size) {
            long[] parts = {planes, scales, rotations, denseLayers, embeddings, norms, head, other};
            parts[place(tensor, dimensions)] += size;
            return new Bytes(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6], parts[7]);
        }

        private static int place(String tensor, int dimensions) {
            String part = tensor.substring(tensor.lastIndexOf('.') + 1);
            if (isHead(tensor)) {
                return 6;
            }
            if (EMBEDDING.matcher(tensor).matches()) {
                return 4;
            }
            return switch (part) {
                case "planes" -> 0;
                case "scales", "row_scales", "row_offsets" -> 1;
                case "input_signs", "output_signs" -> 2;
                default -> {
                    if (NORM.matcher(tensor).matches()) {
                        yield 5;
                    }
                    yield isBlockMatrix(tensor, dimensions) ? 3 : 7;
                }
            };
        }
    }

    public ModelCost {
        layers = List.copyOf(layers);
    }

    /**
     * Reads a model directory, an artifact or a GGUF file; weights are not touched.
     *
     * @throws FormatException when the files are no valid model
     */
    public static ModelCost of(Path location) {
        ModelConfig config = ModelConfig.read(location);
        try (Checkpoint checkpoint = Checkpoint.open(location)) {
            return of(config, checkpoint);
        }
    }

    private static ModelCost of(ModelConfig config, Checkpoint checkpoint) {
        Bytes bytes = Bytes.NONE;
        List<LayerCost> layers = new ArrayList<>();
        long parameters = 0;
        for (String name : checkpoint.names().stream().sorted().toList()) {
            TensorType tensor = checkpoint.type(name);
            int dimensions = tensor.shape().length;
            bytes = bytes.plus(name, dimensions, tensor.byteSize());
            if (!PART.matcher(name).matches()) {
                parameters += tensor.elementCount() * (isTernary(tensor) ? TERNARY_PER_BYTE : 1);
            }
            if (!isHead(name)) {
                if (name.endsWith(LAYOUT)) {
                    layers.add(packed(name.substring(0, name.length() - LAYOUT.length()), checkpoint));
                } else if (isBlockMatrix(name, dimensions)) {
                    LayerCost layer = dense(name, tensor, config.block().transposed());
                    layers.add(
                            SHIFTS.matcher(name).matches()
                                    ? LayerCost.shifts(layer.name(), layer.outputs(), layer.inputs(), layer.bytes())
                                    : layer);
                }
            }
        }
        LayerCost head = head(config, checkpoint);
        long packedWeights = layers.stream()
                .filter(layer -> layer.packing() != null)
                .mapToLong(LayerCost::weights)
                .sum();
        // a packed head beside the embedding that it was tied to adds no parameters
        long ofHead = head.packing() != null && !config.tiedEmbeddings() ? head.weights() : 0;
        boolean two = config.vision().map(VisionSettings::shiftExperts).orElse(false);
        double share = config.experts()
                .map(experts -> (double) experts.perToken() / experts.count())
                .orElse(two ? 0.5 : 1.0);
        int tokens = config.vision().map(VisionSettings::tokens).orElse(1);
        return new ModelCost(
                layers, head, bytes, parameters + packedWeights + ofHead, share, tokens, AttentionCost.of(config));
    }

    private static LayerCost head(ModelConfig config, Checkpoint checkpoint) {
        if (checkpoint.contains(HEAD + LAYOUT)) {
            return packed(HEAD, checkpoint);
        }
        List<String> originals = checkpoint.names().stream()
                .filter(name -> config.family().isHead(name) && name.endsWith(WEIGHT))
                .sorted()
                .toList();
        if (!originals.isEmpty()) {
            LayerCost one = dense(originals.getFirst(), checkpoint.type(originals.getFirst()), false);
            int count = originals.size();
            return LayerCost.dense(one.name(), one.outputs(), count * one.inputs(), count * one.bytes());
        }
        String embedding = checkpoint.names().stream()
                .filter(config.family()::isEmbedding)
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        "has neither a head nor an embedding",
                        "the checkpoint",
                        "a model of model_type " + config.family().modelType() + " has one",
                        "Use the weights that belong to this config.json."));
        return dense(embedding, checkpoint.type(embedding), false);
    }

    private static boolean isHead(String tensor) {
        return HEADS.matcher(tensor).matches();
    }

    private static boolean isTernary(TensorType tensor) {
        return tensor.dtype() == DType.U8 && tensor.shape().length == 2;
    }

    private static LayerCost dense(String name, TensorType tensor, boolean transposed) {
        int rows = Math.toIntExact(tensor.shape()[0] * (isTernary(tensor) ? TERNARY_PER_BYTE : 1));
        int columns = Math.toIntExact(tensor.shape()[1]);
        int outputs = transposed ? columns : rows;
        int inputs = transposed ? rows : columns;
        String layer = name.substring(0, name.length() - WEIGHT.length());
        return LayerCost.dense(layer, outputs, inputs, tensor.byteSize());
    }

    private static LayerCost packed(String name, Checkpoint checkpoint) {
        int[] layout = checkpoint.tensor(name + LAYOUT).toIntArray();
        if (layout.length != LAYOUT_NUMBERS) {
            throw new FormatException(
                    "has " + layout.length + " numbers",
                    "tensor '" + name + LAYOUT + "'",
                    "a packed layer has " + LAYOUT_NUMBERS,
                    "Make the artifact again with this version.");
        }
        long bytes = 0;
        for (String part : List.of("planes", "scales", "row_scales", "row_offsets", "input_signs", "output_signs")) {
            String tensor = name + "." + part;
            bytes += checkpoint.contains(tensor) ? checkpoint.type(tensor).byteSize() : 0;
        }
        return LayerCost.packed(name, layout[1], layout[2], bytes, LayerCost.Packing.of(layout));
    }

    private static boolean isBlockMatrix(String tensor, int dimensions) {
        return dimensions == 2
                && tensor.endsWith(WEIGHT)
                && !ROUTER.matcher(tensor).matches()
                && BLOCK.matcher(tensor).matches();
    }

    /** Whether any layer of the blocks is packed. */
    public boolean isPacked() {
        return layers.stream().anyMatch(layer -> layer.packing() != null);
    }

    /** Weights of the blocks' linear layers. */
    public long layerWeights() {
        return layers.stream().mapToLong(LayerCost::weights).sum();
    }

    /** Bits of the blocks' linear layers, weighted by their parameters; 16 for those that are not packed. */
    public double meanBits() {
        double sum = 0;
        for (LayerCost layer : layers) {
            sum += (double) layer.weights()
                    * (layer.packing() == null ? 16 : layer.packing().bits());
        }
        return sum / layerWeights();
    }

    /** Whether all is counted for an image, not for a token. */
    public boolean isOfImages() {
        return tokens > 1;
    }

    /** Of the blocks' linear layers with float16 weights, for one token or image. */
    public OperationCounts originalLayers() {
        return ofLayers(LayerCost::original);
    }

    /** Of the blocks' linear layers as they are stored. */
    public OperationCounts storedLayers() {
        return ofLayers(LayerCost::stored);
    }

    private OperationCounts ofLayers(Function<LayerCost, OperationCounts> counts) {
        OperationCounts experts = OperationCounts.NONE;
        OperationCounts others = OperationCounts.NONE;
        for (LayerCost layer : layers) {
            if (EXPERT.matcher(layer.name()).matches()) {
                experts = experts.plus(counts.apply(layer));
            } else {
                others = others.plus(counts.apply(layer));
            }
        }
        // among the tokens of an image there are some for each expert, which is read once
        double read = isOfImages() ? 1 : expertShare;
        return others.repeated(tokens, 1).plus(experts.repeated(tokens * expertShare, read));
    }

    /** Of the blocks' linear layers and the head with float16 weights: what is shown of a token or an image. */
    public OperationCounts original() {
        return originalLayers().plus(head.original());
    }

    /** Of the blocks' linear layers and the head as they are stored. */
    public OperationCounts stored() {
        return storedLayers().plus(head.stored());
    }

    /** Bytes of look-up tables of the layer that needs most. */
    public long tableBytes() {
        return Math.max(
                head.tableBytes(),
                layers.stream().mapToLong(LayerCost::tableBytes).max().orElse(0));
    }
}
