package io.shiftadd.tokenizer.encoding;

import java.util.Arrays;

/** The symbols of one piece while neighbours are merged: a linked list of ids, and the merges to come in a heap. */
final class MergeQueue {

    private static final int GONE = -1;

    private final LongIntMap ranks;
    private final int[] merged;
    private int[] ids = new int[16];
    private int[] previous = new int[0];
    private int[] next = new int[0];
    private int size;

    /** Rank of the merge in the upper half, position of its left part in the lower: the smallest is the next. */
    private long[] heap = new long[16];

    private int heapSize;

    /**
     * @param ranks of pairs of ids
     * @param merged what the pair of each rank becomes
     */
    MergeQueue(LongIntMap ranks, int[] merged) {
        this.ranks = ranks;
        this.merged = merged;
    }

    static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    void add(int id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, Math.addExact(size, size));
        }
        ids[size++] = id;
    }

    /** @param step is told of each merge */
    void mergeAll(PieceModel.Ids out, Runnable step) {
        previous = new int[size];
        next = new int[size];
        for (int i = 0; i < size; i++) {
            previous[i] = i - 1;
            next[i] = i + 1;
        }
        for (int i = 0; i + 1 < size; i++) {
            offer(i);
        }
        while (heapSize > 0) {
            step.run();
            long top = poll();
            merge((int) (top >>> Integer.SIZE), (int) top);
        }
        for (int i = 0; i < size; i++) {
            if (ids[i] != GONE) {
                out.add(ids[i]);
            }
        }
    }

    /** Entries are not taken out when a neighbour changes, so that this may be one that no longer holds. */
    private void merge(int rank, int at) {
        int right = next[at];
        if (ids[at] == GONE || right >= size) {
            return;
        }
        int current = ranks.get(pair(ids[at], ids[right]));
        if (current == LongIntMap.ABSENT || merged[current] != merged[rank]) {
            return;
        }
        ids[at] = merged[rank];
        ids[right] = GONE;
        next[at] = next[right];
        if (next[at] < size) {
            previous[next[at]] = at;
            offer(at);
        }
        if (previous[at] >= 0) {
            offer(previous[at]);
        }
    }

    private void offer(int at) {
        int rank = ranks.get(pair(ids[at], ids[next[at]]));
        if (rank != LongIntMap.ABSENT) {
            push((long) rank << Integer.SIZE | at);
        }
    }

    private void push(long entry) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Math.addExact(heapSize, heapSize));
        }
        int at = heapSize++;
        while (at > 0 && heap[at - 1 >> 1] > entry) {
            heap[at] = heap[at - 1 >> 1];
            at = at - 1 >> 1;
        }
        heap[at] = entry;
    }

    private long poll() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        for (int child = 1; child < heapSize; child = 2 * at + 1) {
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
