package io.shiftadd.registry.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Copies bytes and checks on the way that they are UTF-8, without ever holding more than a buffer of them. */
final class Utf8File {

    private static final int BUFFER_BYTES = 1 << 16;

    private Utf8File() {}

    /** The bytes are not UTF-8. */
    static final class NotUtf8Exception extends IOException {

        private static final long serialVersionUID = 1;

        NotUtf8Exception(long near) {
            super("is not UTF-8 near byte " + near);
        }

        private NotUtf8Exception(String what) {
            super(what);
        }

        /** It is UTF-8 all the same, but no text has it, and what has it is something else. */
        static NotUtf8Exception ofNul(long near) {
            return new NotUtf8Exception("has the control character U+0000 near byte " + near);
        }
    }

    /** @return the number of bytes copied */
    static long copy(InputStream in, OutputStream out) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
        CharBuffer chars = CharBuffer.allocate(BUFFER_BYTES);
        long copied = 0;
        while (true) {
            int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
            if (count > 0) {
                out.write(bytes.array(), bytes.position(), count);
                bytes.position(bytes.position() + count);
                copied += count;
            }
            bytes.flip();
            if (decoder.decode(bytes, chars, count < 0).isError()) {
                throw new NotUtf8Exception(copied - bytes.remaining());
            }
            if (hasNul(chars.flip())) {
                throw NotUtf8Exception.ofNul(copied - bytes.remaining());
            }
            bytes.compact();
            chars.clear();
            if (count < 0) {
                return copied;
            }
        }
    }

    private static boolean hasNul(CharBuffer chars) {
        for (int i = chars.position(); i < chars.limit(); i++) {
            if (chars.get(i) == 0) {
                return true;
            }
        }
        return false;
    }
}
