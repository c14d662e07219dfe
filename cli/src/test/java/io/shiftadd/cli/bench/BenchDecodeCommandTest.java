package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.shiftadd.cli.ShiftAdd;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchDecodeCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int decode(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "bench";
        arguments[1] = "decode";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return ShiftAdd.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @ParameterizedTest
    @CsvSource({"column, 4, 1", "block, 16, 2"})
    void measuresARandomModel(String group, String headBits, String streams, @TempDir Path directory)
            throws IOException {
        Path json = directory.resolve("figures.json");
        int status = decode(
                "--shape=tiny",
                "--bits=3",
                "--group=" + group,
                "--head-bits=" + headBits,
                "--streams=" + streams,
                "--prompt=9",
                "--tokens=3",
                "--rounds=1",
                "--rotate",
                "--threads=2",
                "--json=" + json);
        assertThat(status).as(err.toString()).isZero();
        assertThat(out.toString()).contains("tiny, 3 bits, " + group + "-wise, rotated");
        JsonNode figures = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
        assertThat(figures.propertyNames())
                .containsExactlyInAnyOrder(
                        "bits",
                        "group",
                        "threads",
                        "streams",
                        "times_as_fast_as_first",
                        "context",
                        "decode_tokens_per_second",
                        "one_stream_tokens_per_second",
                        "gain_over_one_stream",
                        "prefill_tokens_per_second",
                        "bytes_per_token",
                        "gigabytes_per_second",
                        "read_bandwidth_gigabytes_per_second",
                        "bandwidth_ratio",
                        "time_to_first_token_ms",
                        "allocated_bytes_per_token",
                        "peak_rss_bytes");
        assertThat(figures.get("decode_tokens_per_second").asDouble()).isPositive();
        if (streams.equals("1")) {
            assertThat(figures.get("gain_over_one_stream").asDouble()).isEqualTo(1);
        } else {
            double one = figures.get("one_stream_tokens_per_second").asDouble();
            assertThat(figures.get("gain_over_one_stream").asDouble())
                    .isCloseTo(figures.get("decode_tokens_per_second").asDouble() / one, withinPercentage(0.001));
        }
        double reached = figures.get("gigabytes_per_second").asDouble();
        double read = figures.get("read_bandwidth_gigabytes_per_second").asDouble();
        assertThat(figures.get("bandwidth_ratio").asDouble()).isEqualTo(reached / read);
        assertThat(figures.get("bytes_per_token").asLong()).isGreaterThan(3 * 2 * (2 * 128 * 128 + 3 * 128 * 256) / 8);
    }

    @Test
    void measuresEveryCombinationInTurns(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("figures.json");
        int status = decode(
                "--shape=tiny",
                "--bits=2,3",
                "--group=column,block",
                "--threads=1,2",
                "--prompt=5",
                "--tokens=9",
                "--rounds=3",
                "--json=" + json);
        assertThat(status).as(err.toString()).isZero();
        JsonNode all = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
        assertThat(all.valueStream()
                        .map(figures -> figures.get("bits") + " "
                                + figures.get("group").asString() + " " + figures.get("threads")))
                .containsExactly(
                        "2 column 1",
                        "2 column 2",
                        "2 block 1",
                        "2 block 2",
                        "3 column 1",
                        "3 column 2",
                        "3 block 1",
                        "3 block 2");
        assertThat(all.get(0).get("times_as_fast_as_first").asDouble()).isEqualTo(1);
        for (JsonNode figures : all) {
            // The threads of a combination read memory for it, all combinations of as many threads together.
            JsonNode sameThreads = all.get(figures.get("threads").asInt() - 1);
            assertThat(figures.get("read_bandwidth_gigabytes_per_second"))
                    .isEqualTo(sameThreads.get("read_bandwidth_gigabytes_per_second"));
            assertThat(figures.get("decode_tokens_per_second").asDouble()).isPositive();
            assertThat(figures.get("times_as_fast_as_first").asDouble()).isPositive();
        }
        assertThat(all.get(4).get("bytes_per_token").asLong())
                .isGreaterThan(all.get(0).get("bytes_per_token").asLong());
        assertThat(out.toString())
                .containsOnlyOnce("tiny, 3 bits, block-wise, head 4 bits, keys and values f16, 2 threads");
        assertThat(out.toString().split("as the first", -1)).hasSize(8);
    }

    @Test
    void comparesContextsWithTheFirstOfTheSameCombination(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("figures.json");
        int status = decode(
                "--shape=tiny",
                "--bits=2,3",
                "--kv=i8",
                "--context=5,70",
                "--threads=1",
                "--tokens=3",
                "--rounds=1",
                "--json=" + json);
        assertThat(status).as(err.toString()).isZero();
        JsonNode all = JsonMapper.builder().build().readTree(Files.readAllBytes(json));
        assertThat(all.valueStream().map(figures -> figures.get("bits") + " " + figures.get("context")))
                .containsExactly("2 5", "2 70", "3 5", "3 70");
        assertThat(all.get(0).get("times_as_fast_as_first").asDouble()).isEqualTo(1);
        assertThat(all.get(2).get("times_as_fast_as_first").asDouble()).isEqualTo(1);
        for (JsonNode figures : all) {
            assertThat(figures.get("decode_tokens_per_second").asDouble()).isPositive();
            // Nothing was computed before the first token.
            assertThat(figures.has("prefill_tokens_per_second")).isFalse();
            assertThat(figures.has("time_to_first_token_ms")).isFalse();
        }
        assertThat(out.toString())
                .contains("70 tokens, made up")
                .contains("as with 5 ")
                .doesNotContain("prefill");
    }

    @Test
    void refusesAContextThatTheShapeDoesNotReach() {
        assertThat(decode("--shape=opt-1.3b", "--context=128,2000", "--tokens=64"))
                .isNotZero();
        assertThat(err.toString()).contains("128, 2000 and 64 tokens").contains("together at most 2048");
    }

    @Test
    void refusesNoThreads() {
        assertThat(decode("--threads=2,0")).isNotZero();
        assertThat(err.toString()).contains("2, 0 threads").contains("--threads is at least 1");
    }

    @Test
    void refusesBitsThatCannotBePacked() {
        assertThat(decode("--bits=9")).isNotZero();
        assertThat(err.toString()).contains("--bits is 1 to 8");
    }

    @Test
    void namesTheShapesThereAre() {
        assertThat(decode("--shape=gpt-5")).isNotZero();
        assertThat(err.toString()).contains("gpt-5").contains("tinyllama-1.1b, llama-7b, opt-1.3b");
    }
}
