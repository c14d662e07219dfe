package io.shiftadd.model.attention;

import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.BatchLayout;
import io.shiftadd.model.cache.KvCache;
import io.shiftadd.model.cache.KvPages;
import io.shiftadd.model.cache.TokenBatch;
import io.shiftadd.model.layers.Norm;
import io.shiftadd.model.layers.TokenChunks;
import io.shiftadd.model.layers.VectorMath;
import java.util.List;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Rotates queries and keys to their positions, and stores keys and values in the caches. */
public final class KeyValueWriter {

    private static final float[] NONE = {};

    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;

    private KeyValueWriter() {}

    /** Rotates the vector at {@code at}: its halves are the two coordinates of {@code half} points. */
    private static void rotate(float[] x, int at, float[] angles, int offset, int half) {
        for (int i = 0; i < half; i += VectorMath.LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, half);
            FloatVector cos = FloatVector.fromArray(SPECIES, angles, offset + i, mask);
            FloatVector sin = FloatVector.fromArray(SPECIES, angles, offset + half + i, mask);
            FloatVector a = FloatVector.fromArray(SPECIES, x, at + i, mask);
            FloatVector b = FloatVector.fromArray(SPECIES, x, at + half + i, mask);
            a.mul(cos).sub(b.mul(sin)).intoArray(x, at + i, mask);
            b.mul(cos).add(a.mul(sin)).intoArray(x, at + half + i, mask);
        }
    }

    /** For all tokens of a batch, divided among the threads. */
    public static final class Task implements KernelContext.ChunkTask {

        private final BatchLayout layout;
        private @Nullable AttentionShape shape;
        private @Nullable TokenBatch batch;
        private float[] queries = NONE;
        private float[] keys = NONE;
        private float[] values = NONE;

        public Task(BatchLayout layout) {
            this.layout = layout;
        }

        /** Takes what is to be written, and makes room for it. */
        public void begin(AttentionShape shape, TokenBatch batch, float[] queries, float[] keys, float[] values) {
            this.shape = shape;
            this.batch = batch;
            this.queries = queries;
            this.keys = keys;
            this.values = values;
            List<TokenBatch.Segment> segments = batch.segments();
            for (int s = 0; s < segments.size(); s++) {
                TokenBatch.Segment segment = segments.get(s);
                KvCache cache = segment.cache();
                cache.layer(shape.layer()).reserve(cache.length(), cache.length() + segment.count());
            }
        }

        /** Rotates and stores all tokens. */
        void all(KernelContext context) {
            TokenChunks.run(layout.tokens(), shape().projectedWidth(), context, this);
        }

        /** Forgets the caller's batch. */
        public void end() {
            batch = null;
        }

        @Override
        public void run(int chunk, int worker) {
            int width = shape().projectedWidth();
            int end = TokenChunks.end(chunk, layout.tokens(), width);
            for (int t = TokenChunks.begin(chunk, width); t < end; t++) {
                write(t);
            }
        }

        private void write(int t) {
            AttentionShape s = shape();
            Rope rope = s.rope();
            float[] angles = NONE;
            int offset = 0;
            if (rope != null) {
                int position = layout.position(t);
                if (rope.dependsOnLength(layout.sequenceEnd(t))) {
                    angles = new float[2 * rope.half()];
                    rope.compute(position, layout.sequenceEnd(t), angles);
                } else {
                    angles = rope.table(position);
                    offset = rope.offset(position);
                }
            }
            for (int h = 0; h < s.kvHeads(); h++) {
                write(t, h, angles, offset);
            }
        }

        /** Rotates and stores what belongs to one key head of a token, whose angles depend on its position only. */
        void write(int t, int kvHead) {
            Rope rope = shape().rope();
            int position = layout.position(t);
            if (rope == null) {
                write(t, kvHead, NONE, 0);
            } else {
                write(t, kvHead, rope.table(position), rope.offset(position));
            }
        }

        private void write(int t, int kvHead, float[] angles, int offset) {
            AttentionShape s = shape();
            int key = s.keyView().at(t, kvHead);
            int half = s.rope() == null ? 0 : s.rope().half();
            for (int h = kvHead * s.group(); h < (kvHead + 1) * s.group(); h++) {
                prepare(s.queryNorm(), queries, s.queryView().at(t, h), angles, offset, half);
            }
            prepare(s.keyNorm(), keys, key, angles, offset, half);
            KvPages pages = batch().segments().get(layout.segment(t)).cache().layer(s.layer());
            pages.put(
                    layout.position(t), kvHead, keys, key, values, s.valueView().at(t, kvHead));
        }

        private static void prepare(@Nullable Norm norm, float[] x, int at, float[] angles, int offset, int half) {
            if (norm != null) {
                norm.apply(x, at, x, at);
            }
            if (half > 0) {
                rotate(x, at, angles, offset, half);
            }
        }

        private AttentionShape shape() {
            return Objects.requireNonNull(shape, "no pass is in progress");
        }

        private TokenBatch batch() {
            return Objects.requireNonNull(batch, "no pass is in progress");
        }
    }
}
