package io.shiftadd.kernel;

import io.shiftadd.kernel.loops.RowLookUp;
import io.shiftadd.kernel.packed.RowPass;
import io.shiftadd.kernel.packed.Scratch;
import io.shiftadd.kernel.packed.Scratch.Slot;
import io.shiftadd.kernel.packed.TableLayout;
import io.shiftadd.kernel.packed.TablePass;
import io.shiftadd.kernel.rotation.HadamardRotation;
import io.shiftadd.kernel.tables.TableBuilder;
import io.shiftadd.kernel.tables.TableInput;
import org.jspecify.annotations.Nullable;

/** What one layer does in a {@link PackedForward}; reused from call to call. */
final class LayerPass {

    private static final float[] NONE = {};

    private final KernelContext context;
    private final Kernel kernel;

    /** For each worker the tables it built last, of whatever layer of the pass. */
    private final OwnTables[] ownTables;

    private @Nullable PackedLinear layer;
    private TableLayout tableLayout = new TableLayout(0, 0, 1);
    private boolean sharedTables;
    private int tilesPerRowGroup;
    private int chunksPerRowGroup;
    private int tilesPerChunk;
    private int streams;
    private float[] y = NONE;
    private int yOffset;
    private int tokens;
    private float[] unrotated = NONE;
    private int unrotatedOffset;
    private float[] input = NONE;
    private int inputOffset;
    private boolean rotates;
    private boolean readsRotated;
    private byte[] tables = {};
    private int tableOffset;
    private float[] steps = NONE;
    private int stepOffset;

    /** What a worker made last: its own tables, of a row group of a layer, and an input that is prepared for more. */
    static final class OwnTables {
        private @Nullable LayerPass owner;
        private int rowGroup;
        private final TableInput input = new TableInput();

        void forget() {
            owner = null;
            input.forget();
        }
    }

    LayerPass(KernelContext context, OwnTables[] ownTables) {
        this.context = context;
        this.kernel = context.kernel();
        this.ownTables = ownTables;
    }

    PackedLinear layer() {
        PackedLinear current = layer;
        if (current == null) {
            throw new IllegalStateException("no pass is in progress");
        }
        return current;
    }

    TableLayout tableLayout() {
        return tableLayout;
    }

    void begin(PackedLinear packed, float[] target) {
        layer = packed;
        y = target;
        tableLayout = packed.tableLayout();
        sharedTables = packed.scales().rowGroups() == 1;
        tilesPerRowGroup = RowChunks.tilesPerRowGroup(packed);
        streams = RowChunks.streams(packed, context);
    }

    /** Forgets the arrays, which belong to the caller. */
    void end() {
        layer = null;
        y = NONE;
        input = NONE;
        unrotated = NONE;
    }

    void beginBlock(int firstToken, int tokenCount) {
        tokens = tokenCount;
        chunksPerRowGroup = RowChunks.perRowGroup(layer(), tokens, streams);
        tilesPerChunk = RowChunks.tiles(layer(), tokens, streams);
        yOffset = firstToken * layer().outputs();
    }

    void readInput(float[] x, int offset) {
        input = x;
        inputOffset = offset;
        rotates = false;
        readsRotated = false;
    }

    void rotateInput(float[] x, int rotatedOffset) {
        unrotated = x;
        unrotatedOffset = yOffset / layer().outputs() * layer().inputs();
        inputOffset = rotatedOffset;
        rotates = true;
        readsRotated = true;
    }

    void readInputOf(LayerPass other) {
        inputOffset = other.inputOffset;
        rotates = false;
        readsRotated = true;
    }

    void placeTables(int firstTable, int firstStep) {
        tableOffset = firstTable;
        stepOffset = firstStep;
    }

    int sharedTableBytes() {
        return sharedTables ? RowLookUp.padded(tokens) * tableLayout.tokenStride() : 0;
    }

    int sharedSteps() {
        return sharedTables ? RowLookUp.padded(tokens) * tableLayout.steps() : 0;
    }

    void useShared(float[] rotatedInputs, byte[] sharedTableArray, float[] sharedStepArray) {
        if (readsRotated) {
            input = rotatedInputs;
        }
        tables = sharedTableArray;
        steps = sharedStepArray;
    }

    int rotations() {
        return rotates ? tokens : 0;
    }

    int tableChunks() {
        return sharedTables ? tokens * tableLayout.chunks() : 0;
    }

    int rowChunks() {
        return layer().scales().rowGroups() * chunksPerRowGroup;
    }

    /** Chunks of rows that a thread takes at a time. */
    int rowChunksTogether() {
        return RowChunks.together(layer(), tokens, streams);
    }

    int backRotations() {
        return layer().outputRotation() == null ? 0 : tokens;
    }

    void rotate(int token) {
        PackedLinear packed = layer();
        HadamardRotation rotation = packed.inputRotation();
        int width = packed.inputs();
        if (rotation != null) {
            System.arraycopy(unrotated, unrotatedOffset + token * width, input, inputOffset + token * width, width);
            kernel.rotator().rotate(rotation, input, inputOffset + token * width);
        }
    }

    void buildSharedTables(int chunk, int worker) {
        int token = chunk / tableLayout.chunks();
        TableInput own = ownTables[worker].input;
        own.read(input, inputOffset, layer().inputs());
        Scratch scratch = context.scratch(worker);
        TablePass pass =
                scratch.tablePass().of(layer().scales(), 0, tableLayout).into(tables, tableOffset, steps, stepOffset);
        kernel.tables().build(own, token, chunk % tableLayout.chunks(), pass, scratch);
    }

    void lookUpRows(int chunk, int end, int worker) {
        if (sharedTables) {
            lookUpRows(0, chunk * tilesPerChunk, end * tilesPerChunk, worker);
            return;
        }
        for (int i = chunk; i < end; i++) {
            int from = i % chunksPerRowGroup * tilesPerChunk;
            lookUpRows(i / chunksPerRowGroup, from, from + tilesPerChunk, worker);
        }
    }

    /** Tiles {@code from .. end} of a row group, as far as there are, in the order in which they are gone through. */
    private void lookUpRows(int rowGroup, int from, int end, int worker) {
        int first = rowGroup * tilesPerRowGroup;
        int tiles = Math.min(tilesPerRowGroup, layer().planes().layout().rowTiles() - first);
        int to = Math.min(end, tiles);
        if (tokens > 1) {
            lookUpRows(rowGroup, first + from, 1, to - from, worker);
            return;
        }
        int count;
        for (int at = from; at < to; at += count) {
            count = Math.min(streams - at % streams, to - at);
            int tile = first + RowChunks.tile(tiles, at, streams);
            lookUpRows(rowGroup, tile, RowChunks.apart(tiles, at, streams), count, worker);
        }
    }

    private void lookUpRows(int rowGroup, int first, int stride, int count, int worker) {
        if (count <= 0) {
            return;
        }
        if (sharedTables) {
            lookUp(first, stride, count, tables, tableOffset, steps, stepOffset, worker);
        } else {
            Scratch own = context.scratch(worker);
            byte[] groupTables = own.bytes(Slot.TABLES, RowLookUp.padded(tokens) * tableLayout.tokenStride());
            float[] groupSteps = own.floats(Slot.STEPS, RowLookUp.padded(tokens) * tableLayout.steps());
            buildRowGroup(rowGroup, groupTables, groupSteps, worker);
            lookUp(first, stride, count, groupTables, 0, groupSteps, 0, worker);
        }
    }

    void rotateBack(int token) {
        PackedLinear packed = layer();
        HadamardRotation rotation = packed.outputRotation();
        if (rotation != null) {
            int offset = yOffset + token * packed.outputs();
            kernel.rotator().rotateBack(rotation, y, offset);
            addBias(offset, 0, packed.outputs());
        }
    }

    private void lookUp(
            int first,
            int stride,
            int count,
            byte[] fromTables,
            int fromTable,
            float[] fromSteps,
            int fromStep,
            int worker) {
        PackedLinear packed = layer();
        int outputs = packed.outputs();
        Scratch scratch = context.scratch(worker);
        RowPass pass = scratch.rowPass()
                .of(packed.planes(), tableLayout)
                .with(fromTables, fromTable, fromSteps, fromStep)
                .into(y, yOffset, outputs, tokens);
        kernel.rows().lookUp(pass, first, stride, count, scratch);
        if (packed.outputRotation() == null && packed.bias() != null) {
            for (int i = 0; i < count; i++) {
                int tile = first + i * stride;
                int from = packed.planes().layout().firstRow(tile);
                int to = from + packed.planes().layout().rows(tile);
                for (int token = 0; token < tokens; token++) {
                    addBias(yOffset + token * outputs, from, to);
                }
            }
        }
    }

    private void addBias(int offset, int from, int to) {
        float[] bias = layer().bias();
        if (bias != null) {
            for (int n = from; n < to; n++) {
                y[offset + n] += bias[n];
            }
        }
    }

    /** Builds the worker's own tables of a row group, unless they are the last that it built. */
    private void buildRowGroup(int rowGroup, byte[] groupTables, float[] groupSteps, int worker) {
        OwnTables own = ownTables[worker];
        if (own.owner == this && own.rowGroup == rowGroup) {
            return;
        }
        PackedLinear packed = layer();
        if (!own.input.isPreparedFor(input, inputOffset)) {
            own.input.read(input, inputOffset, packed.inputs());
            if (TableBuilder.shiftsTables(packed.scales())) {
                kernel.tables().prepare(own.input, tokens);
            }
        }
        Scratch scratch = context.scratch(worker);
        TablePass pass =
                scratch.tablePass().of(packed.scales(), rowGroup, tableLayout).into(groupTables, 0, groupSteps, 0);
        for (int token = 0; token < tokens; token++) {
            for (int chunk = 0; chunk < tableLayout.chunks(); chunk++) {
                kernel.tables().build(own.input, token, chunk, pass, scratch);
            }
        }
        own.owner = this;
        own.rowGroup = rowGroup;
    }
}
