package io.shiftadd.cli.bench;

/**
 * Formats of llama.cpp that models are written in for comparison: which tensors have which type, as its quantizer
 * chooses.
 */
enum PeerFormat {
    Q2_K(2, Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q6_K),
    TQ2_0(2, Type.TQ2_0, Type.TQ2_0, Type.TQ2_0, Type.Q6_K),
    Q3_K_M(3, Type.Q3_K, Type.Q4_K, Type.Q4_K, Type.Q6_K),
    Q4_0(4, Type.Q4_0, Type.Q4_0, Type.Q4_0, Type.Q6_K);

    /**
     * A tensor's type.
     *
     * @param scaleAt where the float16 scale of a block lies
     * @param scales how many there are, one after the other
     */
    record Type(int id, int blockWeights, int blockBytes, int scaleAt, int scales) {
        static final Type F32 = new Type(0, 1, Float.BYTES, 0, 0);
        static final Type Q4_0 = new Type(2, 32, 18, 0, 1);
        static final Type Q2_K = new Type(10, 256, 84, 80, 2);
        static final Type Q3_K = new Type(11, 256, 110, 108, 1);
        static final Type Q4_K = new Type(12, 256, 144, 0, 2);
        static final Type Q6_K = new Type(14, 256, 210, 208, 1);
        static final Type TQ2_0 = new Type(35, 256, 66, 64, 1);

        long bytes(long weights) {
            return weights / blockWeights * blockBytes;
        }
    }

    private final int bits;
    private final Type most;
    private final Type sensitive;
    private final Type values;
    private final Type head;

    PeerFormat(int bits, Type most, Type sensitive, Type values, Type head) {
        this.bits = bits;
        this.most = most;
        this.sensitive = sensitive;
        this.values = values;
        this.head = head;
    }

    /** Bits of ours that it is set beside. */
    int bits() {
        return bits;
    }

    /** Of the rows of the embedding, of which one is read a token. */
    Type embedding() {
        return most;
    }

    Type head() {
        return head;
    }

    Type of(String linear) {
        return switch (linear) {
            case "self_attn.v_proj" -> values;
            case "self_attn.o_proj", "mlp.down_proj" -> sensitive;
            default -> most;
        };
    }
}
