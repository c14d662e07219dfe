package io.shiftadd.format.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.FuzzedInput;
import io.shiftadd.Mutations;
import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.DType;
import io.shiftadd.format.TensorView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seeded, so that a failure repeats. */
@Timeout(120)
class TorchFuzzTest {

    private static final int FILES = 4_000;

    @TempDir
    Path directory;

    private static TorchBytes seed() {
        return new TorchBytes()
                .tensor(TensorView.ofFloats("a", new long[] {2, 3}, new float[6]))
                .record("data/s", new byte[24])
                .view("t", DType.F32, "s", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .view("h", DType.F16, "h", 0, 0, new long[] {0}, new long[] {1})
                .record("data/h", new byte[0]);
    }

    @Test
    void readsOrRefusesOtherBytes() throws IOException {
        byte[] seed = seed().archive();
        Mutations mutations = new Mutations(21);
        int read = 0;
        for (int i = 0; i < FILES; i++) {
            read += tried(mutations.bytes(seed, seed)) ? 1 : 0;
        }
        assertThat(read).as("read, the others are refused").isBetween(FILES / 500, FILES * 9 / 10);
    }

    @Test
    void readsOrRefusesOtherPrograms() throws IOException {
        byte[] program = seed().pickle();
        Mutations mutations = new Mutations(22);
        int read = 0;
        for (int i = 0; i < FILES; i++) {
            read += tried(seed().withPickle(mutations.bytes(program, program))) ? 1 : 0;
        }
        assertThat(read).as("read, the others are refused").isBetween(FILES / 500, FILES * 9 / 10);
    }

    /** Programs of the known opcodes alone, in any order. */
    @Test
    void readsOrRefusesAnyProgram() throws IOException {
        byte[] known = "(NKh}])taesuQRbq".getBytes(StandardCharsets.US_ASCII);
        Random random = new Random(23);
        for (int i = 0; i < FILES; i++) {
            byte[] program = new byte[random.nextInt(3, 200)];
            for (int at = 2; at < program.length; at++) {
                program[at] = known[random.nextInt(known.length)];
            }
            program[0] = (byte) 0x80;
            program[1] = 2;
            program[program.length - 1] = '.';
            tried(seed().withPickle(program));
        }
    }

    private boolean tried(byte[] input) throws IOException {
        Path file = directory.resolve("pytorch_model.bin");
        FuzzedInput.write(file, input);
        return FuzzedInput.readOrRefuse(input, () -> {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                for (String name : List.copyOf(checkpoint.names())) {
                    checkpoint.tensor(name).toByteArray();
                }
            }
        });
    }
}
