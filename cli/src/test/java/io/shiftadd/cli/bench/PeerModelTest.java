package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerModelTest {

    private static final ModelShape SHAPE = new ModelShape("small", "llama", 256, 2, 512, 4, 2, 512, 128);
    private static final int TENSORS = 3 + 2 * 9;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(PeerFormat.class)
    void isAGgufFileOfTheShape(PeerFormat format) throws IOException {
        Path file = directory.resolve("peer.gguf");
        new PeerModel(SHAPE, format).write(file);
        ByteBuffer head = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[4];
        head.get(magic);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("GGUF");
        assertThat(head.getInt()).isEqualTo(3);
        assertThat(head.getLong()).isEqualTo(TENSORS);
        assertThat(head.getLong()).isEqualTo(14);
        byte[] key = new byte[(int) head.getLong()];
        head.get(key);
        assertThat(new String(key, StandardCharsets.US_ASCII)).isEqualTo("general.architecture");
        assertThat(head.capacity() % 32).isZero();
        int weights = 2 * (2 * 256 * 256 + 2 * 128 * 256 + 3 * 512 * 256) + 2 * 512 * 256;
        assertThat(head.capacity() * 8.0 / weights).isBetween((double) format.bits(), format.bits() + 3.0);
    }
}
