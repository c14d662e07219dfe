package io.shiftadd.tokenizer.encoding;

import java.util.Arrays;

/** From longs to ints from 0, without boxes: open addressing, a power of two of places, at most half of them taken. */
final class LongIntMap {

    static final int ABSENT = -1;

    /** The golden ratio's fraction, odd, spreads consecutive keys (Knuth, multiplicative hashing). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] keys;
    private int[] values;
    private int size;

    LongIntMap(int expected) {
        allocate(Integer.highestOneBit(Math.max(8, expected)) * 4);
    }

    private void allocate(int places) {
        keys = new long[places];
        values = new int[places];
        Arrays.fill(values, ABSENT);
    }

    /** The value, or {@link #ABSENT}. */
    int get(long key) {
        return values[place(key)];
    }

    /** @param value 0 or more; takes the place of one that was there */
    void put(long key, int value) {
        int place = place(key);
        if (values[place] == ABSENT) {
            if (2 * (size + 1) > keys.length) {
                grow();
                place = place(key);
            }
            size++;
        }
        keys[place] = key;
        values[place] = value;
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int place = (int) (key * SPREAD >>> 32) & mask;
        while (values[place] != ABSENT && keys[place] != key) {
            place = place + 1 & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        allocate(Math.multiplyExact(oldKeys.length, 2));
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }
}
