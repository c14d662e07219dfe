package io.shiftadd.quantize.backward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.attention.AttentionShape;
import io.shiftadd.model.attention.HeadView;
import io.shiftadd.model.family.Activation;
import io.shiftadd.model.family.ModelConfig.NormSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of whole tiny models of each form that a family has, against central differences in double precision. */
@DisplayName("The gradient of a model's loss")
class ModelPassTest {

    private static final int HIDDEN = 8;
    private static final int INNER = 10;
    private static final int HEAD_DIM = 4;
    private static final int VOCABULARY = 11;
    private static final int SEQUENCES = 2;
    private static final int LENGTH = 7;

    /** How the families' models differ, as far as gradients go. */
    enum Form {
        OPT,
        OPT_350M,
        BLOOM,
        BLOOM_RESIDUAL_FROM_NORM,
        LLAMA,
        MISTRAL,
        GEMMA2,
        QWEN2,
        QWEN3,
        OLMO2,
        GPT_NEOX,
        GRANITE,
        PHI3;

        boolean layerNorm() {
            return switch (this) {
                case OPT, OPT_350M, BLOOM, BLOOM_RESIDUAL_FROM_NORM, GPT_NEOX -> true;
                default -> false;
            };
        }

        boolean fused() {
            return this == BLOOM || this == BLOOM_RESIDUAL_FROM_NORM || this == GPT_NEOX;
        }

        boolean alibi() {
            return this == BLOOM || this == BLOOM_RESIDUAL_FROM_NORM;
        }

        boolean rotary() {
            return !alibi() && this != OPT && this != OPT_350M;
        }

        Activation activation() {
            return switch (this) {
                case OPT_350M -> Activation.QUICK_GELU;
                case OPT -> Activation.GELU;
                case MISTRAL -> Activation.RELU_SQUARED;
                case BLOOM, BLOOM_RESIDUAL_FROM_NORM, GEMMA2, GPT_NEOX -> Activation.GELU_TANH;
                default -> Activation.SILU;
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void equalsCentralDifferencesForEveryParameter(Form form) {
        Random random = new Random(form.ordinal() + 7);
        List<TrainedBlock> teacher = blocks(form, random);
        List<TrainedBlock> student = blocks(form, random);
        TrainedHead teacherHead = head(form, random);
        TrainedHead studentHead = head(form, random);
        float[] embedded = GradientCheck.random(random, SEQUENCES * LENGTH * HIDDEN, 1);
        for (boolean keepAll : new boolean[] {true, false}) {
            DoubleModel reference = new DoubleModel();
            double[] input = GradientCheck.wide(embedded);
            double[] teacherHidden = reference.blocks(teacher, input.clone(), SEQUENCES, LENGTH);
            DoubleSupplier loss = () -> reference.loss(
                    teacherHead, teacherHidden, studentHead, reference.blocks(student, input, SEQUENCES, LENGTH));
            try (KernelContext context = KernelContext.create(2)) {
                ModelPass pass = new ModelPass(context, keepAll);
                double value = pass.run(
                        teacher,
                        teacherHead,
                        embedded.clone(),
                        student,
                        studentHead,
                        embedded.clone(),
                        SEQUENCES,
                        LENGTH);
                assertThat(value).isCloseTo(loss.getAsDouble(), within(1e-5));
                GradientCheck.check("the input", loss, input, pass.inputGradient());
                checkParameters(student, studentHead, reference, loss);
            }
        }
    }

    private static void checkParameters(
            List<TrainedBlock> student, TrainedHead head, DoubleModel reference, DoubleSupplier loss) {
        for (int i = 0; i < student.size(); i++) {
            for (TrainedLinear linear : student.get(i).linears()) {
                PlainLayer layer = (PlainLayer) linear;
                String what = "a layer [" + layer.outputs() + ", " + layer.inputs() + "] of block " + i;
                GradientCheck.check(what, loss, reference.of(layer.weights), layer.weightGradient);
                if (layer.bias != null && layer.biasGradient != null) {
                    GradientCheck.check("the bias of " + what, loss, reference.of(layer.bias), layer.biasGradient);
                }
            }
            for (TrainedNorm norm : student.get(i).norms()) {
                check(norm, reference, loss);
            }
        }
        if (head.norm() != null) {
            check(head.norm(), reference, loss);
        }
    }

    private static void check(TrainedNorm norm, DoubleModel reference, DoubleSupplier loss) {
        GradientCheck.check("a norm", loss, reference.of(norm.weight()), norm.weightGradient());
        if (norm.bias() != null && norm.biasGradient() != null) {
            GradientCheck.check("a norm's bias", loss, reference.of(norm.bias()), norm.biasGradient());
        }
    }

    private static List<TrainedBlock> blocks(Form form, Random random) {
        List<TrainedBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            blocks.add(block(form, random, i));
        }
        return blocks;
    }

    private static TrainedBlock block(Form form, Random random, int index) {
        int heads = 2;
        int kvHeads = form == Form.LLAMA || form == Form.QWEN3 ? 1 : 2;
        int width = heads * HEAD_DIM;
        int keyWidth = kvHeads * HEAD_DIM;
        boolean biased = form.layerNorm();
        boolean projectionBias = biased || form == Form.QWEN2;
        List<TrainedLinear> projections = form.fused()
                ? List.of(new PlainLayer(random, 3 * width, HIDDEN, true))
                : List.of(
                        new PlainLayer(random, width, HIDDEN, projectionBias),
                        new PlainLayer(random, keyWidth, HIDDEN, projectionBias),
                        new PlainLayer(random, keyWidth, HIDDEN, projectionBias));
        boolean gated = !form.layerNorm();
        boolean outputNorms = form == Form.GEMMA2 || form == Form.OLMO2;
        boolean inputNorms = form != Form.OLMO2;
        boolean headNorms = form == Form.QWEN3 || form == Form.OLMO2;
        int normWidth = form == Form.OLMO2 ? width : HEAD_DIM;
        return new TrainedBlock(
                shape(form, heads, kvHeads, index),
                projections,
                new PlainLayer(random, HIDDEN, width, biased),
                gated && form != Form.PHI3 ? new PlainLayer(random, INNER, HIDDEN, false) : null,
                new PlainLayer(random, form == Form.PHI3 ? 2 * INNER : INNER, HIDDEN, biased),
                new PlainLayer(random, HIDDEN, INNER, biased),
                inputNorms ? norm(form, random, HIDDEN) : null,
                outputNorms ? norm(form, random, HIDDEN) : null,
                inputNorms ? norm(form, random, HIDDEN) : null,
                outputNorms ? norm(form, random, HIDDEN) : null,
                headNorms ? norm(form, random, normWidth) : null,
                headNorms ? norm(form, random, normWidth) : null);
    }

    private static BlockShape shape(Form form, int heads, int kvHeads, int index) {
        int width = heads * HEAD_DIM;
        int keyWidth = kvHeads * HEAD_DIM;
        AttentionShape attention = new AttentionShape(
                index,
                true,
                heads,
                kvHeads,
                HEAD_DIM,
                0.5f,
                form == Form.GEMMA2 ? 1.5f : 0,
                form == Form.MISTRAL ? 3 : Integer.MAX_VALUE,
                form.alibi() ? new float[] {0.25f, 0.0625f} : null,
                null,
                null,
                null,
                view(form, width, 0),
                view(form, keyWidth, HEAD_DIM),
                view(form, keyWidth, 2 * HEAD_DIM));
        return new BlockShape(
                HIDDEN,
                INNER,
                attention,
                form.rotary() ? rotary(form == Form.GPT_NEOX ? 1 : HEAD_DIM / 2) : null,
                form.activation(),
                form != Form.OPT_350M,
                form == Form.BLOOM_RESIDUAL_FROM_NORM,
                form == Form.GRANITE ? 0.22f : 1,
                form == Form.GPT_NEOX,
                form == Form.PHI3,
                form == Form.OLMO2);
    }

    private static HeadView view(Form form, int width, int offset) {
        return form.fused() ? new HeadView(3 * width, 3 * HEAD_DIM, offset) : new HeadView(width, HEAD_DIM, 0);
    }

    private static RotaryTable rotary(int half) {
        float[] cosines = new float[LENGTH * half];
        float[] sines = new float[LENGTH * half];
        for (int position = 0; position < LENGTH; position++) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(10, -i);
                cosines[position * half + i] = (float) Math.cos(angle);
                sines[position * half + i] = (float) Math.sin(angle);
            }
        }
        return new RotaryTable(half, cosines, sines);
    }

    private static TrainedNorm norm(Form form, Random random, int width) {
        float[] weight = GradientCheck.random(random, width, 0.2);
        for (int i = 0; i < width; i++) {
            weight[i] += 1;
        }
        NormSettings.Kind kind = form.layerNorm() ? NormSettings.Kind.LAYER : NormSettings.Kind.RMS;
        float @Nullable [] bias = form.layerNorm() ? GradientCheck.random(random, width, 0.2) : null;
        return new TrainedNorm(new NormSettings(kind, 1e-5f, true, false), weight, bias);
    }

    private static TrainedHead head(Form form, Random random) {
        boolean narrow = form == Form.OPT_350M;
        int embedding = narrow ? 6 : HIDDEN;
        return new TrainedHead(
                narrow ? null : norm(form, random, HIDDEN),
                narrow ? GradientCheck.random(random, embedding * HIDDEN, 0.5) : null,
                GradientCheck.random(random, VOCABULARY * embedding, 0.5),
                HIDDEN,
                embedding,
                VOCABULARY,
                form == Form.GRANITE ? 0.125f : 1,
                form == Form.GEMMA2 ? 3 : 0);
    }
}
