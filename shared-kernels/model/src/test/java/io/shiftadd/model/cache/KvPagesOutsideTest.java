package io.shiftadd.model.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that were written out and read again hold the same bits. */
class KvPagesOutsideTest {

    private static final int LAYERS = 3;
    private static final int KV_HEADS = 2;
    /** No multiple of the padding. */
    private static final int HEAD_DIM = 20;

    private static KvCache filled(KvCache.Precision precision, int positions) {
        KvCache cache = new KvCache(LAYERS, KV_HEADS, HEAD_DIM, 4 * KvCache.PAGE, precision);
        Random random = new Random(7);
        float[] keys = new float[HEAD_DIM];
        float[] values = new float[HEAD_DIM];
        for (int layer = 0; layer < LAYERS; layer++) {
            cache.layer(layer).reserve(0, positions);
            for (int position = 0; position < positions; position++) {
                for (int head = 0; head < KV_HEADS; head++) {
                    for (int d = 0; d < HEAD_DIM; d++) {
                        keys[d] = (float) random.nextGaussian();
                        values[d] = (float) random.nextGaussian();
                    }
                    cache.layer(layer).put(position, head, keys, 0, values, 0);
                }
            }
        }
        cache.advance(positions);
        return cache;
    }

    private static ByteBuffer page(KvCache cache, int page) {
        ByteBuffer out = ByteBuffer.allocate(cache.pageBytes()).order(ByteOrder.LITTLE_ENDIAN);
        cache.writePage(page, out);
        return out.flip();
    }

    @ParameterizedTest
    @EnumSource(KvCache.Precision.class)
    void pagesReadAreThoseWritten(KvCache.Precision precision) {
        KvCache cache = filled(precision, 2 * KvCache.PAGE + 5);
        KvCache read = new KvCache(LAYERS, KV_HEADS, HEAD_DIM, 2 * KvCache.PAGE, precision);
        for (int page = 0; page < 2; page++) {
            ByteBuffer written = page(cache, page);
            assertThat(written.remaining()).isEqualTo(cache.pageBytes());
            read.readPage(written);
            assertThat(written.hasRemaining()).isFalse();
        }
        assertThat(read.length()).isEqualTo(2 * KvCache.PAGE);
        for (int page = 0; page < 2; page++) {
            assertThat(page(read, page)).isEqualTo(page(cache, page));
        }
        float[] scratch = new float[HEAD_DIM * KvCache.PAGE * 2];
        float[] other = new float[HEAD_DIM * KvCache.PAGE * 2];
        int at = cache.layer(1).keyOffset(1, 1);
        assertThat(read.layer(1).keys(1, 1, scratch)[at + 3])
                .isEqualTo(cache.layer(1).keys(1, 1, other)[at + 3]);
    }

    @ParameterizedTest
    @EnumSource(KvCache.Precision.class)
    void onlyFullPagesGoOutAndOnlyWholeOnesComeIn(KvCache.Precision precision) {
        KvCache cache = filled(precision, KvCache.PAGE + 5);
        assertThatThrownBy(() -> page(cache, 1)).hasMessageContaining("no full page 1");
        assertThatThrownBy(() -> cache.readPage(page(cache, 0))).hasMessageContaining("cannot go on");
        KvCache empty = new KvCache(LAYERS, KV_HEADS, HEAD_DIM, KvCache.PAGE, precision);
        assertThatThrownBy(() -> empty.readPage(page(cache, 0).limit(10))).hasMessageContaining("of 10 bytes");
    }
}
