package io.shiftadd.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RecipeOptionsTest {

    private static RecipeOptions parsed(String... arguments) {
        RecipeOptions options = new RecipeOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("recipe", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(arguments);
        return options;
    }

    @Test
    void nothingIsAskedWhereNothingIsGiven() {
        assertThat(parsed().isAsked()).isFalse();
        assertThat(parsed().request()).isEqualTo(Map.of("bits", 3));
    }

    @Test
    void onlyWhatIsGivenIsSent() {
        assertThat(parsed("--bits", "2").request()).isEqualTo(Map.of("bits", 2));
        assertThat(parsed("--mean-bits", "2.4").request()).isEqualTo(Map.of("meanBits", 2.4));
        assertThat(parsed("--max-perplexity-increase", "0.1").request()).doesNotContainKey("bits");
        assertThat(parsed("--preset", "fast").request()).isEqualTo(Map.of("bits", 3, "preset", "fast"));
        assertThat(parsed("--method", "lat").request()).isEqualTo(Map.of("bits", 3, "method", "lat"));
    }

    @Test
    void tuningAloneIsOf256Steps() {
        assertThat(parsed("--tune").request()).containsEntry("tune", Map.of("steps", 256));
        assertThat(parsed("--tune", "32").request()).containsEntry("tune", Map.of("steps", 32));
    }
}
