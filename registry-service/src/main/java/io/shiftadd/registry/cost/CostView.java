package io.shiftadd.registry.cost;

import com.fasterxml.jackson.annotation.JsonValue;
import io.shiftadd.cost.LayerCost;
import io.shiftadd.cost.ModelCost;
import io.shiftadd.cost.Operation;
import io.shiftadd.cost.OperationCounts;
import io.shiftadd.cost.PriceList;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A model's costs as the API shows them. */
@Schema(
        name = "ModelCost",
        description =
                "What a model takes, and what its original would. Operations and energy are those of the linear layers"
                        + " and the head for one token; of a model of images for one image")
record CostView(
        UUID modelId,

        @Schema(description = "Whether its linear layers are packed")
        boolean packed,

        @Schema(description = "Weights of the original model", example = "3147456")
        long parameters,

        @Schema(description = "Weights of the decoder blocks' linear layers", example = "2359296")
        long layerWeights,

        @Schema(description = "Mean bits of these weights, scales left out", example = "3")
        double meanBits,

        @Schema(description = "Bits of these weights with everything that belongs to them", example = "3.17")
        double bitsPerLayerWeight,

        @Schema(description = "Bits of a parameter of the whole model, all in", example = "6.9")
        double bitsPerParameter,

        Bytes bytes,

        @Schema(description = "What operations and energy are counted for", example = "token")
        Unit unit,

        @Schema(
                description =
                        "Multiplications by weights that the original does for one of them and this model does not")
        double multiplicationsReplaced,

        @Schema(description = "The decoder blocks' linear layers")
        Comparison layers,

        @Schema(description = "The head, which makes the logits")
        Comparison head,

        @Schema(description = "Attention between the tokens of an image, the same before and after; null for a token")
        @Nullable
        Counts attention,

        @Schema(description = "What each operation is taken to cost")
        List<Price> prices) {

    private static final int FLOAT16_BYTES = 2;

    /** What operations are counted for. */
    @Schema(name = "CostUnit", description = "What operations are counted for")
    enum Unit {
        TOKEN,
        IMAGE;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Schema(name = "ModelBytes", description = "Bytes of a model by their use")
    record Bytes(
            @Schema(example = "884736") long planes,
            @Schema(example = "20736") long scales,

            @Schema(description = "Signs of the rotations", example = "3456")
            long rotations,

            @Schema(description = "Matrices of linear layers that are not packed", example = "0")
            long denseLayers,

            @Schema(example = "1572864") long embeddings,
            @Schema(example = "9984") long norms,

            @Schema(description = "0 where the embedding serves as the head", example = "0")
            long head,

            @Schema(description = "Biases and what has no other place", example = "1680")
            long other,

            @Schema(example = "2493456") long total,

            @Schema(description = "The decoder blocks' linear layers in float16", example = "4718592")
            long layersInFloat16,

            @Schema(
                    description = "Look-up tables of the layer that needs most, made anew for each token",
                    example = "6144")
            long tablesPerToken) {}

    @Schema(name = "CostComparison", description = "Costs of one token, or image")
    record Comparison(
            @Schema(description = "With float16 weights") Counts original,
            @Schema(description = "As they are stored") Counts stored) {}

    @Schema(name = "OperationCounts", description = "Operations of one token, or image")
    record Counts(
            @Schema(example = "8064") double fp16Multiplications,
            @Schema(example = "8064") double fp16Additions,
            @Schema(example = "1850000") double int32Additions,
            @Schema(example = "85000") double shifts,

            @Schema(description = "Bytes looked up in tables", example = "1769472")
            double lookUps,

            @Schema(description = "Bytes of weights from memory", example = "908928")
            double memoryBytes,

            @Schema(description = "Energy of all of them, estimated", example = "1.5E8")
            double picojoules,

            @Schema(
                    description = "Energy of the arithmetic alone, as of float32, as papers compare by",
                    example = "1.1E7")
            double arithmeticPicojoules) {

        static Counts of(OperationCounts counts) {
            return new Counts(
                    counts.of(Operation.FP16_MULTIPLY),
                    counts.of(Operation.FP16_ADD),
                    counts.of(Operation.INT32_ADD),
                    counts.of(Operation.INT32_SHIFT),
                    counts.of(Operation.LOOK_UP),
                    counts.of(Operation.DRAM_BYTE),
                    counts.picojoules(),
                    counts.picojoules(PriceList.ARITHMETIC));
        }
    }

    @Schema(name = "OperationPrice", description = "Energy of one operation in a 45 nm process")
    record Price(
            @Schema(example = "FP16_MULTIPLY") String operation,
            @Schema(example = "1.1") double picojoules,

            @Schema(description = "Where arithmetic alone is priced, as of float32", example = "3.7")
            double arithmeticPicojoules,

            @Schema(example = "M. Horowitz, ISSCC 2014") String source) {}

    static CostView of(UUID model, ModelCost cost) {
        LayerCost head = cost.head();
        OperationCounts original = cost.original();
        OperationCounts stored = cost.stored();
        return new CostView(
                model,
                cost.isPacked(),
                cost.parameters(),
                cost.layerWeights(),
                cost.meanBits(),
                (double) cost.bytes().layers() * Byte.SIZE / cost.layerWeights(),
                (double) cost.bytes().total() * Byte.SIZE / cost.parameters(),
                bytes(cost),
                cost.isOfImages() ? Unit.IMAGE : Unit.TOKEN,
                original.of(Operation.FP16_MULTIPLY) - stored.of(Operation.FP16_MULTIPLY),
                new Comparison(Counts.of(cost.originalLayers()), Counts.of(cost.storedLayers())),
                new Comparison(Counts.of(head.original()), Counts.of(head.stored())),
                cost.isOfImages() ? Counts.of(cost.attention()) : null,
                Arrays.stream(Operation.values())
                        .map(operation -> new Price(
                                operation.name(),
                                operation.picojoules(),
                                operation.picojoules(PriceList.ARITHMETIC),
                                operation.source()))
                        .toList());
    }

    private static Bytes bytes(ModelCost cost) {
        ModelCost.Bytes bytes = cost.bytes();
        return new Bytes(
                bytes.planes(),
                bytes.scales(),
                bytes.rotations(),
                bytes.denseLayers(),
                bytes.embeddings(),
                bytes.norms(),
                bytes.head(),
                bytes.other(),
                bytes.total(),
                cost.layerWeights() * FLOAT16_BYTES,
                cost.tableBytes());
    }
}
