package io.shiftadd.kernel;

import io.shiftadd.kernel.loops.RowLookUp;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.rotation.HadamardRotation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass through packed layers that share an input, as up to four parallel regions: rotate the input, build the
 * tables that all rows of a layer share, look up the rows, rotate the outputs back. Where row groups have tables of
 * their own, the thread that looks them up builds them first.
 *
 * <p>Fields hold the state of the pass, so that a call allocates nothing.
 */
final class PackedForward implements KernelContext.ChunkTask {

    private enum Phase {
        ROTATE,
        TABLES,
        ROWS,
        ROTATE_BACK
    }

    /** Layers of one pass: q, k, v and room to spare. */
    static final int MAX_LAYERS = 8;

    /** Tables of the tokens in work stay in the second-level cache. */
    private static final int TABLE_BUDGET_BYTES = 768 * 1024;

    private static final int MAX_TOKENS = 16;

    private final KernelContext context;
    private final LayerPass[] passes = new LayerPass[MAX_LAYERS];
    private final LayerPass.OwnTables[] ownTables;
    private int layers;
    private Phase phase = Phase.ROTATE;
    private int tokens;

    PackedForward(KernelContext context) {
        this.context = context;
        ownTables = new LayerPass.OwnTables[context.threads()];
        Arrays.setAll(ownTables, _ -> new LayerPass.OwnTables());
        Arrays.setAll(passes, _ -> new LayerPass(context, ownTables));
    }

    void run(PackedLinear layer, float[] x, float[] y, int tokenCount) {
        layers = 1;
        passes[0].begin(layer, y);
        run(x, tokenCount);
    }

    void run(List<? extends LinearLayer> packed, float[] x, List<float[]> ys, int tokenCount) {
        layers = packed.size();
        for (int i = 0; i < layers; i++) {
            passes[i].begin((PackedLinear) packed.get(i), ys.get(i));
        }
        run(x, tokenCount);
    }

    private void run(float[] x, int tokenCount) {
        int tableBytes = 0;
        for (int i = 0; i < layers; i++) {
            tableBytes += passes[i].tableLayout().tokenStride();
        }
        int fitting = Math.clamp(TABLE_BUDGET_BYTES / Math.max(tableBytes, 1), 1, MAX_TOKENS);
        // Whole groups of tokens, even if their tables are a little too large for the budget.
        int block = Math.max(fitting / RowLookUp.TOKENS, 1) * RowLookUp.TOKENS;
        for (int first = 0; first < tokenCount; first += block) {
            tokens = Math.min(block, tokenCount - first);
            runBlock(x, first);
        }
        for (int i = 0; i < layers; i++) {
            passes[i].end();
        }
    }

    private void runBlock(float[] x, int firstToken) {
        for (LayerPass.OwnTables own : ownTables) {
            own.forget();
        }
        int rotated = 0;
        int tableBytes = 0;
        int steps = 0;
        for (int i = 0; i < layers; i++) {
            LayerPass pass = passes[i];
            pass.beginBlock(firstToken, tokens);
            HadamardRotation rotation = pass.layer().inputRotation();
            LayerPass same = rotation == null ? null : earlier(i, rotation);
            if (rotation == null) {
                pass.readInput(x, firstToken * pass.layer().inputs());
            } else if (same != null) {
                pass.readInputOf(same);
            } else {
                pass.rotateInput(x, rotated);
                rotated += tokens * rotation.width();
            }
            pass.placeTables(tableBytes, steps);
            tableBytes += pass.sharedTableBytes();
            steps += pass.sharedSteps();
        }
        Scratch shared = context.sharedScratch();
        float[] rotatedInputs = shared.floats(Slot.ROTATED_INPUT, rotated);
        byte[] tables = shared.bytes(Slot.TABLES, tableBytes);
        float[] tableSteps = shared.floats(Slot.STEPS, steps);
        for (int i = 0; i < layers; i++) {
            passes[i].useShared(rotatedInputs, tables, tableSteps);
        }
        region(Phase.ROTATE);
        region(Phase.TABLES);
        region(Phase.ROWS);
        region(Phase.ROTATE_BACK);
    }

    private @Nullable LayerPass earlier(int before, HadamardRotation rotation) {
        for (int i = 0; i < before; i++) {
            if (rotation.equals(passes[i].layer().inputRotation())) {
                return passes[i];
            }
        }
        return null;
    }

    private void region(Phase next) {
        phase = next;
        int chunks = 0;
        int together = 1;
        for (int i = 0; i < layers; i++) {
            chunks += chunks(passes[i]);
            if (phase == Phase.ROWS) {
                together = Math.max(together, passes[i].rowChunksTogether());
            }
        }
        if (chunks > 0) {
            context.parallelFor(chunks, together, this);
        }
    }

    private int chunks(LayerPass pass) {
        return switch (phase) {
            case ROTATE -> pass.rotations();
            case TABLES -> pass.tableChunks();
            case ROWS -> pass.rowChunks();
            case ROTATE_BACK -> pass.backRotations();
        };
    }

    @Override
    public void run(int chunk, int worker) {
        run(chunk, chunk + 1, worker);
    }

    @Override
    public void run(int first, int end, int worker) {
        int layer = 0;
        int before = 0;
        for (int chunk = first; chunk < end; ) {
            int size = chunks(passes[layer]);
            if (chunk < before + size) {
                int until = Math.min(end, before + size);
                run(passes[layer], chunk - before, until - before, worker);
                chunk = until;
            }
            before += size;
            layer++;
        }
    }

    private void run(LayerPass pass, int first, int end, int worker) {
        if (phase == Phase.ROWS) {
            pass.lookUpRows(first, end, worker);
            return;
        }
        for (int chunk = first; chunk < end; chunk++) {
            switch (phase) {
                case ROTATE -> pass.rotate(chunk);
                case TABLES -> pass.buildSharedTables(chunk, worker);
                case ROTATE_BACK -> pass.rotateBack(chunk);
                case ROWS -> throw new AssertionError(phase);
            }
        }
    }
}
