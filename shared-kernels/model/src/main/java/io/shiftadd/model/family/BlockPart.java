package io.shiftadd.model.family;

/** The parts of a decoder block, of which a family has some. */
public enum BlockPart {
    /** Before attention, or after its residual addition. */
    ATTENTION_NORM("attn_norm"),
    QUERY("attn_q"),
    KEY("attn_k"),
    VALUE("attn_v"),
    /** One layer for all three. */
    QUERY_KEY_VALUE("attn_qkv"),
    QUERY_NORM("attn_q_norm"),
    KEY_NORM("attn_k_norm"),
    /** On what attention has mixed, before the output's layer. */
    MIXED_NORM("attn_sub_norm"),
    OUTPUT("attn_output"),
    OUTPUT_NORM("post_attention_norm"),
    /** Before feed-forward, or after its residual addition. */
    FEED_FORWARD_NORM("ffn_norm"),
    GATE("ffn_gate"),
    /** Where there is no gate's layer, it may have the gate's outputs, too. */
    UP("ffn_up"),
    /** Before {@link #DOWN}. */
    INNER_NORM("ffn_sub_norm"),
    DOWN("ffn_down"),
    /** Chooses experts; it stays in float. */
    ROUTER("ffn_gate_inp"),
    /** Of each expert, whose number a # in the original's name stands for. */
    EXPERT_GATE("ffn_gate_exps"),
    EXPERT_UP("ffn_up_exps"),
    EXPERT_DOWN("ffn_down_exps"),
    DOWN_NORM("post_ffw_norm"),
    /** What an element of a normalized query must exceed for its bit of the code. */
    QUERY_THRESHOLD("attn_q_threshold"),
    KEY_THRESHOLD("attn_k_threshold"),
    /** Of neighbouring tokens' values, added to what attention mixed. */
    VALUE_CONVOLUTION("attn_v_conv"),
    /** The feed-forward of powers of two, beside the dense one. */
    SHIFT_UP("ffn_shift_up"),
    SHIFT_DOWN("ffn_shift_down");

    private final String gguf;

    BlockPart(String gguf) {
        this.gguf = gguf;
    }

    /** What llama.cpp calls it in all families. */
    String gguf() {
        return gguf;
    }
}
