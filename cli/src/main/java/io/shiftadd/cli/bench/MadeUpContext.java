package io.shiftadd.cli.bench;

import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.KvPages;
import io.shiftadd.model.family.ModelConfig;
import java.util.SplittableRandom;

/** Keys and values of tokens that there never were: normally distributed, other ones for each position and head. */
final class MadeUpContext {

    /** Vectors are taken from somewhere in it; drawing each number anew takes longer than storing it. */
    private static final int POOL = 1 << 16;

    private final ModelConfig config;
    private final SplittableRandom random;
    private final float[] pool = new float[POOL];

    MadeUpContext(ModelConfig config, long seed) {
        this.config = config;
        random = new SplittableRandom(seed);
        for (int i = 0; i < POOL; i++) {
            pool[i] = (float) random.nextGaussian();
        }
    }

    /** @param cache empty, with room for so many positions */
    void fill(KvCache cache, int positions) {
        int last = POOL - config.headDim();
        for (int layer = 0; layer < config.layers(); layer++) {
            KvPages pages = cache.layer(layer);
            pages.reserve(0, positions);
            for (int position = 0; position < positions; position++) {
                for (int head = 0; head < config.kvHeads(); head++) {
                    pages.put(position, head, pool, random.nextInt(last), pool, random.nextInt(last));
                }
            }
        }
        cache.advance(positions);
    }
}
