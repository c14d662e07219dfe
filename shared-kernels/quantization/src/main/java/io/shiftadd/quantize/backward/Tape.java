package io.shiftadd.quantize.backward;

import java.util.EnumMap;
import java.util.Map;

/** What a block's forward pass keeps for its backward pass; arrays are made when first asked for, and used again. */
final class Tape {

    enum Part {
        ATTENTION_INPUT,
        ATTENTION_NORMED,
        QUERY_RAW,
        KEY_RAW,
        QUERY,
        KEY,
        VALUE,
        LOG_SUMS,
        MIXED,
        ATTENTION_OUTPUT,
        ATTENTION_SUM,
        FEED_FORWARD_INPUT,
        FEED_FORWARD_NORMED,
        GATE,
        UP,
        INNER,
        FEED_FORWARD_OUTPUT,
        FEED_FORWARD_SUM
    }

    private final Map<Part, float[]> arrays = new EnumMap<>(Part.class);

    /** The part's array, of at least this size, with whatever was written into it last. */
    float[] array(Part part, int size) {
        float[] known = arrays.get(part);
        if (known == null || known.length < size) {
            known = new float[size];
            arrays.put(part, known);
        }
        return known;
    }
}
