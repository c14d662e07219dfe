package io.shiftadd.kernel;

import java.lang.foreign.MemorySegment;

/** Packed bit planes where they lie, usually in a mapped file. */
record PackedPlanes(PlaneLayout layout, MemorySegment data) {

    PackedPlanes {
        if (data.byteSize() != layout.bytes()) {
            throw new IllegalArgumentException(
                    "the planes of " + layout + " take " + layout.bytes() + " bytes, not " + data.byteSize());
        }
    }
}
