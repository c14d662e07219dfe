package io.shiftadd.model.family;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a family names the parts of a decoder block that it has, relative to the block. Immutable. */
public final class BlockNames {

    private final Map<BlockPart, String> names;

    private BlockNames(Map<BlockPart, String> names) {
        this.names = Collections.unmodifiableMap(new EnumMap<>(names));
    }

    /** As LLaMA and its descendants name them. */
    static BlockNames decoder() {
        return new BlockNames(Map.of(
                BlockPart.ATTENTION_NORM, "input_layernorm",
                BlockPart.QUERY, "self_attn.q_proj",
                BlockPart.KEY, "self_attn.k_proj",
                BlockPart.VALUE, "self_attn.v_proj",
                BlockPart.OUTPUT, "self_attn.o_proj",
                BlockPart.FEED_FORWARD_NORM, "post_attention_layernorm",
                BlockPart.GATE, "mlp.gate_proj",
                BlockPart.UP, "mlp.up_proj",
                BlockPart.DOWN, "mlp.down_proj"));
    }

    /** Without a gate, with one layer for queries, keys and values, and one norm before each half. */
    static BlockNames plain(
            String attentionNorm, String projection, String output, String feedForwardNorm, String up, String down) {
        return new BlockNames(Map.of(
                BlockPart.ATTENTION_NORM, attentionNorm,
                BlockPart.QUERY_KEY_VALUE, projection,
                BlockPart.OUTPUT, output,
                BlockPart.FEED_FORWARD_NORM, feedForwardNorm,
                BlockPart.UP, up,
                BlockPart.DOWN, down));
    }

    BlockNames with(BlockPart part, String name) {
        Map<BlockPart, String> changed = new EnumMap<>(names);
        changed.put(part, name);
        return new BlockNames(changed);
    }

    BlockNames without(BlockPart... parts) {
        Map<BlockPart, String> changed = new EnumMap<>(names);
        List.of(parts).forEach(changed::remove);
        return new BlockNames(changed);
    }

    /** With norms on queries and keys, as all families call them. */
    BlockNames withQueryKeyNorms() {
        return with(BlockPart.QUERY_NORM, "self_attn.q_norm").with(BlockPart.KEY_NORM, "self_attn.k_norm");
    }

    /** The name of a part, or null where the family has none. */
    @Nullable
    public String get(BlockPart part) {
        return names.get(part);
    }

    /** The name of a part that every family has. */
    public String required(BlockPart part) {
        return Objects.requireNonNull(names.get(part), part.name());
    }

    /** The layers of queries, keys and values, or the one for all three. */
    public List<String> projections() {
        String one = names.get(BlockPart.QUERY_KEY_VALUE);
        return one != null
                ? List.of(one)
                : List.of(required(BlockPart.QUERY), required(BlockPart.KEY), required(BlockPart.VALUE));
    }

    /** All parts that the family has. */
    Map<BlockPart, String> all() {
        return names;
    }
}
