package io.shiftadd.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.family.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockStagesTest {

    private static final int[] IDS = new Random(5).ints(15, 3, 96).toArray();

    static List<String> layouts() {
        return Layouts.names();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void allStagesInTheirOrderDoWhatTheBlockDoes(String layout) {
        try (CausalLanguageModel model = CausalLanguageModel.open(Layouts.directory(layout));
                KernelContext context = KernelContext.create(1)) {
            float[] expected = new float[IDS.length * model.config().hiddenSize()];
            model.embed(TokenBatch.of(model.newCache(IDS.length), IDS), expected);
            for (int i = 0; i < model.blockCount(); i++) {
                float[] staged = expected.clone();
                TokenBatch whole = TokenBatch.of(model.newCache(IDS.length), IDS);
                model.block(i).forward(expected, whole, context, null);
                run(model.block(i).stages(), staged, TokenBatch.of(model.newCache(IDS.length), IDS), context);
                assertThat(staged).isEqualTo(expected);
            }
        }
    }

    private static void run(BlockStages stages, float[] hidden, TokenBatch batch, KernelContext context) {
        List<String> seen = new ArrayList<>();
        float[] input = new float[batch.tokens() * stages.width(0)];
        stages.begin(hidden, input, batch, context);
        for (int stage = 0; stage < stages.count(); stage++) {
            int next = stage + 1 < stages.count() ? stages.width(stage + 1) : 0;
            float[] output = new float[batch.tokens() * next];
            stages.run(stage, hidden, input, output, batch, context);
            seen.addAll(stages.linears(stage));
            input = output;
        }
        assertThat(seen).doesNotHaveDuplicates();
    }

    /** Every token is the input of as many experts as are chosen for it, and of no others. */
    @Test
    void anExpertSeesItsOwnTokensAlone() {
        try (CausalLanguageModel model = CausalLanguageModel.open(Layouts.directory("qwen3-moe"));
                KernelContext context = KernelContext.create(1)) {
            ModelConfig config = model.config();
            int width = config.hiddenSize();
            TokenBatch batch = TokenBatch.of(model.newCache(IDS.length), IDS);
            float[] hidden = new float[IDS.length * width];
            model.embed(batch, hidden);
            BlockStages stages = model.block(0).stages();
            int[] experts = new int[IDS.length];
            float[] input = new float[IDS.length * stages.width(0)];
            stages.begin(hidden, input, batch, context);
            for (int stage = 0; stage + 1 < stages.count(); stage++) {
                float[] next = new float[IDS.length * stages.width(stage + 1)];
                stages.run(stage, hidden, input, next, batch, context);
                input = next;
                boolean first = stage + 1 >= 2 && stages.linears(stage + 1).size() == 2;
                for (int t = 0; first && t < IDS.length; t++) {
                    boolean own = false;
                    for (int i = 0; i < width; i++) {
                        own |= input[t * width + i] != 0;
                    }
                    experts[t] += own ? 1 : 0;
                }
            }
            assertThat(experts).containsOnly(config.experts().orElseThrow().perToken());
        }
    }
}
