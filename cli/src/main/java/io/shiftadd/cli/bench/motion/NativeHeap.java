package io.shiftadd.cli.bench.motion;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What C's malloc has given out and not got back, in this whole process: {@code mallinfo2} of glibc 2.33 and newer. */
final class NativeHeap {

    private static final StructLayout INFO = MemoryLayout.structLayout(
            JAVA_LONG.withName("arena"),
            JAVA_LONG.withName("ordblks"),
            JAVA_LONG.withName("smblks"),
            JAVA_LONG.withName("hblks"),
            JAVA_LONG.withName("hblkhd"),
            JAVA_LONG.withName("usmblks"),
            JAVA_LONG.withName("fsmblks"),
            JAVA_LONG.withName("uordblks"),
            JAVA_LONG.withName("fordblks"),
            JAVA_LONG.withName("keepcost"));

    private static final Optional<MethodHandle> CALL = Linker.nativeLinker()
            .defaultLookup()
            .find("mallinfo2")
            .map(function -> Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(INFO)));

    private NativeHeap() {}

    /** Bytes in use, small and large pieces; −1 where the C library does not tell. */
    static long bytes() {
        if (CALL.isEmpty()) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) CALL.get().invokeExact((SegmentAllocator) arena);
            return value(info, "uordblks") + value(info, "hblkhd");
        } catch (Throwable e) {
            throw new IllegalStateException("mallinfo2 failed", e);
        }
    }

    private static long value(MemorySegment info, String field) {
        return info.get(JAVA_LONG, INFO.byteOffset(MemoryLayout.PathElement.groupElement(field)));
    }
}
