package io.shiftadd.format.safetensors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files made by hand, so that they can be wrong. */
public final class SafetensorsBytes {

    private SafetensorsBytes() {}

    public static byte[] of(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return of(text.length, text, dataBytes);
    }

    public static byte[] of(long headerLength, byte[] header, int dataBytes) {
        return ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .put(header)
                .array();
    }

    public static Path write(Path directory, String name, byte[] bytes) {
        try {
            return Files.write(directory.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
