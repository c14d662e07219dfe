package io.shiftadd.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.MemoryFigures;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchMemoryCommandTest {

    @Test
    void measuresAndPrintsAgainstTheFile() {
        StringWriter out = new StringWriter();
        int status = new CommandLine(new BenchMemoryCommand())
                .setOut(new PrintWriter(out))
                .execute("--shape", "tiny", "--prompt", "9", "--tokens", "2", "--threads", "1");
        // A tiny model says nothing of the limit.
        assertThat(status).isBetween(0, 1);
        assertThat(out.toString()).contains("tiny in float16, 9 tokens").contains("MB in files, peak");
    }

    @Test
    void comparesWithTheFile() {
        assertThat(new MemoryFigures(1000, 1200).ratio()).isEqualTo(1.2);
    }
}
