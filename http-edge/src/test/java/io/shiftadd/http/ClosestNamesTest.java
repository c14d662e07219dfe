package io.shiftadd.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClosestNamesTest {

    private static final List<String> NAMES =
            List.of("model", "bits", "meanBits", "samples", "sequenceLength", "seed", "rounds");

    private static final List<String> FIELDS =
            List.of("model", "prompt", "max_tokens", "temperature", "top_k", "n", "stop", "stream", "user", "seed");

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

    @ParameterizedTest
    @CsvSource({
        "max_token, max_tokens",
        "max_tokenz, max_tokens",
        "maxTokens, max_tokens",
        "temprature, temperature",
        "streem, stream",
        "promt, prompt",
        "stops, stop"
    })
    void knowsAMisspelling(String given, String meant) {
        assertThat(ClosestNames.misspelled(given, FIELDS)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"think", "safety_identifier", "id", "k", "session_id", "user_id", "keep_alive", "m", "format"})
    void doesNotTakeEveryOtherNameForOne(String given) {
        assertThat(ClosestNames.misspelled(given, FIELDS)).isNull();
    }
}
