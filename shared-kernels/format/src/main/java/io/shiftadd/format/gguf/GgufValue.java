package io.shiftadd.format.gguf;

/**
 * Where a metadata value lies. Values are read when they are asked for, so that a file cannot fill the memory with what
 * nobody needs.
 *
 * @param type of the value, or of the elements of a list
 * @param count elements of a list; −1 for a single value
 * @param offset of the first byte, from the beginning of the file
 */
record GgufValue(Type type, long count, long offset) {

    /** In the order of their codes. */
    enum Type {
        UINT8(1),
        INT8(1),
        UINT16(2),
        INT16(2),
        UINT32(4),
        INT32(4),
        FLOAT32(4),
        BOOL(1),
        STRING(0),
        ARRAY(0),
        UINT64(8),
        INT64(8),
        FLOAT64(8);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Bytes of a value; 0 when they vary. */
        int bytes() {
            return bytes;
        }
    }

    boolean isList() {
        return count >= 0;
    }
}
