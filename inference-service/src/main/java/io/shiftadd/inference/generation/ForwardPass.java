package io.shiftadd.inference.generation;

import io.shiftadd.inference.generation.LogitsReader.Reading;
import io.shiftadd.inference.generation.Scheduler.Step;
import io.shiftadd.kernel.KernelContext;
import io.shiftadd.model.cache.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One forward pass over a step's tokens, and the logits of those positions that are asked for. Reuses its memory. */
final class ForwardPass {

    /** Floats of logits at a time: rows are computed in blocks of this size, so that large vocabularies fit. */
    private static final int LOGITS_AT_A_TIME = 1 << 22;

    private static final int LEAST_ROWS = 8;

    private final EngineModel model;
    private final int width;
    private final int vocabulary;
    private final int rowsAtATime;
    private float[] hidden = new float[0];
    private float[] rows = new float[0];
    private float[] logits = new float[0];

    /**
     * Told what was read from one position's logits, {@code logits[offset … offset + vocabulary)}, not to be changed.
     */
    interface ReadingConsumer {
        void accept(Sequence sequence, int position, float[] logits, int offset, Reading reading);
    }

    /** @param row of the hidden states, which is the sequence's position {@code position} */
    private record Wanted(Sequence sequence, int position, int row) {

        /** Whether the tokens up to the position are those of the sequence: a guess may turn out to be, or not. */
        boolean isOfSequence() {
            return position < sequence.length() && position < sequence.cache().length();
        }
    }

    ForwardPass(EngineModel model, int maxTokens) {
        this.model = model;
        this.width = model.hiddenSize();
        this.vocabulary = model.vocabularySize();
        this.rowsAtATime = Math.clamp(LOGITS_AT_A_TIME / vocabulary, LEAST_ROWS, maxTokens);
    }

    /** Advances the caches of all sequences of the step. */
    void run(Step step, KernelContext context) {
        int[] ids = new int[step.total()];
        List<TokenBatch.Segment> segments = new ArrayList<>(step.sequences().size());
        int at = 0;
        for (int i = 0; i < step.sequences().size(); i++) {
            Sequence sequence = step.sequences().get(i);
            sequence.copyPending(step.tokens()[i], ids, at);
            segments.add(new TokenBatch.Segment(sequence.cache(), step.tokens()[i]));
            at += step.tokens()[i];
        }
        if (hidden.length < step.total() * width) {
            hidden = new float[step.total() * width];
        }
        model.model().forward(new TokenBatch(ids, segments), hidden, context);
    }

    /** Adds the final-normed hidden states to the sums of those sequences that want them. */
    void addHidden(Step step, KernelContext context) {
        int row = 0;
        for (int i = 0; i < step.sequences().size(); i++) {
            double[] sum = step.sequences().get(i).hiddenSum;
            int count = step.tokens()[i];
            if (sum != null) {
                float[] part = Arrays.copyOfRange(hidden, row * width, (row + count) * width);
                model.model().normalize(part, count, part, context);
                for (int j = 0; j < part.length; j++) {
                    sum[j % width] += part[j];
                }
            }
            row += count;
        }
    }

    /** Computes the logits that the sequences of a step need, has them read, and hands on each sequence's in order. */
    void eachLogits(Step step, KernelContext context, LogitsReader reader, ReadingConsumer consumer) {
        List<Wanted> wanted = wanted(step);
        for (int from = 0; from < wanted.size(); from += rowsAtATime) {
            List<Wanted> block = wanted.subList(from, Math.min(wanted.size(), from + rowsAtATime));
            try {
                computeLogits(block, context);
            } catch (RuntimeException _) {
                readOneByOne(block, context, reader, consumer);
                continue;
            }
            readLogits(block, context, reader, consumer);
        }
    }

    private void readLogits(List<Wanted> block, KernelContext context, LogitsReader reader, ReadingConsumer consumer) {
        @Nullable Reading[] readings = new @Nullable Reading[block.size()];
        context.parallelFor(block.size(), (i, worker) -> {
            Wanted one = block.get(i);
            if (one.isOfSequence()) {
                readings[i] = reader.read(one.sequence(), one.position(), logits, i * vocabulary, worker);
            }
        });
        for (int i = 0; i < block.size(); i++) {
            Wanted one = block.get(i);
            Reading reading = readings[i];
            if (reading == null && one.isOfSequence()) {
                reading = reader.read(one.sequence(), one.position(), logits, i * vocabulary, 0);
            }
            if (reading != null) {
                consumer.accept(one.sequence(), one.position(), logits, i * vocabulary, reading);
            }
        }
    }

    /** Computes one position after the other, so that only those fail that make the computation fail. */
    private void readOneByOne(
            List<Wanted> block, KernelContext context, LogitsReader reader, ReadingConsumer consumer) {
        for (Wanted one : block) {
            List<Wanted> alone = List.of(one);
            if (!one.isOfSequence()) {
                continue;
            }
            try {
                computeLogits(alone, context);
            } catch (RuntimeException e) {
                consumer.accept(one.sequence(), one.position(), logits, 0, Reading.failed(e));
                continue;
            }
            readLogits(alone, context, reader, consumer);
        }
    }

    private static List<Wanted> wanted(Step step) {
        List<Wanted> wanted = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < step.sequences().size(); i++) {
            Sequence sequence = step.sequences().get(i);
            int count = step.tokens()[i];
            int first = sequence.cache().length() - count;
            if (sequence.writing != null) {
                boolean all = sequence.writing.request().scorePrompt()
                        && sequence.generated() == 0
                        && first < sequence.promptLength();
                for (int j = 0; j < count; j++) {
                    boolean last = first + j >= sequence.length() - 1;
                    if (last || all && first + j + 1 < sequence.promptLength()) {
                        wanted.add(new Wanted(sequence, first + j, row + j));
                    }
                }
            }
            row += count;
        }
        return wanted;
    }

    private void computeLogits(List<Wanted> block, KernelContext context) {
        int count = block.size();
        if (rows.length < count * width) {
            rows = new float[count * width];
        }
        if (logits.length < count * vocabulary) {
            logits = new float[count * vocabulary];
        }
        for (int i = 0; i < count; i++) {
            System.arraycopy(hidden, block.get(i).row() * width, rows, i * width, width);
        }
        model.model().logits(rows, count, logits, context);
    }
}
