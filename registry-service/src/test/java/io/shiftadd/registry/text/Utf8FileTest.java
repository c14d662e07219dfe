package io.shiftadd.registry.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8FileTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100_000})
    void copiesWhateverTheSizeOfTheReads(int size) throws IOException {
        byte[] text = "aäß€😀".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(Utf8File.copy(inPiecesOf(size, text), out)).isEqualTo(text.length);
        assertThat(out.toByteArray()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100_000})
    void refusesATruncatedCharacterAtTheEnd(int size) {
        byte[] text = "abc€".getBytes(StandardCharsets.UTF_8);
        byte[] cut = java.util.Arrays.copyOf(text, text.length - 1);
        assertThatThrownBy(() -> Utf8File.copy(inPiecesOf(size, cut), new ByteArrayOutputStream()))
                .isInstanceOf(Utf8File.NotUtf8Exception.class)
                .hasMessage("is not UTF-8 near byte 3");
    }

    private static InputStream inPiecesOf(int size, byte[] content) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, size));
            }
        };
    }
}
