package io.shiftadd.model.family;

import io.shiftadd.format.gguf.GgufParameters;
import io.shiftadd.model.family.ModelConfig.ExpertSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What mixtures of experts have in common. */
final class ExpertKeys {

    private static final int MAX_EXPERTS = 1 << 12;
    private static final String PER_TOKEN = "num_experts_per_tok";

    /** Transformers 5 writes the second where earlier versions wrote the first. */
    static final Set<String> COUNTS = Set.of("num_experts", "num_local_experts");

    private ExpertKeys() {}

    /**
     * @param width inner width of an expert
     * @param sparse which blocks have experts
     */
    static ExpertSettings read(
            ConfigKeys keys, int count, int perToken, boolean normalised, int width, int layers, IntPredicate sparse) {
        String key = keys.spelling("num_experts", "num_local_experts");
        int experts = keys.integer(key, count, 1, MAX_EXPERTS);
        int chosen = keys.integer(PER_TOKEN, perToken, 1, MAX_EXPERTS);
        if (chosen > experts) {
            throw keys.wrong(PER_TOKEN, "at most " + key + " = " + experts);
        }
        List<Boolean> blocks = IntStream.range(0, layers).mapToObj(sparse::test).toList();
        return new ExpertSettings(experts, chosen, normalised, width, blocks);
    }

    /** With experts beside, or instead of, the one feed-forward. */
    static BlockNames names(BlockNames block, String router, String gate, String up, String down) {
        return block.with(BlockPart.ROUTER, router)
                .with(BlockPart.EXPERT_GATE, gate)
                .with(BlockPart.EXPERT_UP, up)
                .with(BlockPart.EXPERT_DOWN, down);
    }

    /** As Qwen and OLMo name them. */
    static BlockNames names(BlockNames block) {
        String expert = "mlp.experts.#.";
        return names(block, "mlp.gate", expert + "gate_proj", expert + "up_proj", expert + "down_proj");
    }

    /** As Mixtral names them. */
    static BlockNames mixtralNames(BlockNames block) {
        String expert = "block_sparse_moe.experts.#.";
        return names(block, "block_sparse_moe.gate", expert + "w1", expert + "w3", expert + "w2");
    }

    static void putCounts(GgufParameters p, Map<String, Object> config, String count) {
        config.put(count, p.required("expert_count"));
        config.put(PER_TOKEN, p.required("expert_used_count"));
    }
}
