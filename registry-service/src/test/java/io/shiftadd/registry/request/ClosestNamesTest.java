package io.shiftadd.registry.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosestNamesTest {

    private static final List<String> NAMES =
            List.of("model", "bits", "meanBits", "samples", "sequenceLength", "seed", "rounds");

    @ParameterizedTest
    @CsvSource({
        "modle, model",
        "Model, model",
        "sequence_length, sequenceLength",
        "mean-bits, meanBits",
        "seqenceLenght, sequenceLength",
        "sample, samples",
        "bit, bits",
        "sed, seed"
    })
    void findsWhatWasMeant(String given, String meant) {
        assertThat(ClosestNames.suggest(given, NAMES)).startsWith("did you mean " + meant);
    }

    @Test
    void listsAllWhenNothingIsClose() {
        assertThat(ClosestNames.suggest("temperature", NAMES))
                .isEqualTo("valid are model, bits, meanBits, samples, sequenceLength, seed, rounds");
    }

    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, abc, 0", "abc, acb, 1", "flaw, lawn, 2"})
    void measuresTheEditDistance(String a, String b, int distance) {
        assertThat(ClosestNames.distance(a, b)).isEqualTo(distance);
        assertThat(ClosestNames.distance(b, a)).isEqualTo(distance);
    }
}
