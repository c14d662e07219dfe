package io.shiftadd.model;

import io.shiftadd.kernel.KernelContext;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Rotates queries and keys to their positions, and stores keys and values in the caches. */
final class KeyValueWriter {

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
    static final class Task implements KernelContext.ChunkTask {

        private final BatchLayout layout;
        private @Nullable AttentionShape shape;
        private @Nullable TokenBatch batch;
        private float[] queries = Workspace.NONE;
        private float[] keys = Workspace.NONE;
        private float[] values = Workspace.NONE;

        Task(BatchLayout layout) {
            this.layout = layout;
        }

        void run(
                AttentionShape shape,
                TokenBatch batch,
                float[] queries,
                float[] keys,
                float[] values,
                KernelContext context) {
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
            TokenChunks.run(batch.tokens(), shape.projectedWidth(), context, this);
            this.batch = null;
        }

        @Override
        public void run(int chunk, int worker) {
            AttentionShape s = shape;
            TokenBatch tokens = batch;
            if (s == null || tokens == null) {
                return;
            }
            Rope rope = s.rope();
            int end = TokenChunks.end(chunk, layout.tokens(), s.projectedWidth());
            for (int t = TokenChunks.begin(chunk, s.projectedWidth()); t < end; t++) {
                int position = layout.position(t);
                KvCache cache = tokens.segments().get(layout.segment(t)).cache();
                if (rope != null) {
                    rotate(s, rope, t, position, layout.sequenceEnd(t));
                }
                KvPages pages = cache.layer(s.layer());
                for (int h = 0; h < s.kvHeads(); h++) {
                    pages.put(
                            position,
                            h,
                            keys,
                            s.keyView().at(t, h),
                            values,
                            s.valueView().at(t, h));
                }
            }
        }

        private void rotate(AttentionShape s, Rope rope, int t, int position, int sequenceEnd) {
            float[] angles;
            int offset = 0;
            if (rope.dependsOnLength(sequenceEnd)) {
                angles = new float[2 * rope.half()];
                rope.compute(position, sequenceEnd, angles);
            } else {
                angles = rope.table(position);
                offset = rope.offset(position);
            }
            for (int h = 0; h < s.heads(); h++) {
                KeyValueWriter.rotate(queries, s.queryView().at(t, h), angles, offset, rope.half());
            }
            for (int h = 0; h < s.kvHeads(); h++) {
                KeyValueWriter.rotate(keys, s.keyView().at(t, h), angles, offset, rope.half());
            }
        }
    }
}
