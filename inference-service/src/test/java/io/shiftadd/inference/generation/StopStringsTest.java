package io.shiftadd.inference.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void holdsBackWhatMayBecomeAStopString() {
        StopStrings stops = new StopStrings(List.of("END"));
        assertThat(stops.push("the E")).isEqualTo("the ");
        assertThat(stops.push("N")).isEmpty();
        assertThat(stops.push("emy")).isEqualTo("ENemy");
        assertThat(stops.stopped()).isFalse();
    }

    @Test
    void findsAStopStringAcrossPieces() {
        StopStrings stops = new StopStrings(List.of("\n\n", "END"));
        assertThat(stops.push("one E") + stops.push("ND two") + stops.push("three"))
                .isEqualTo("one ");
        assertThat(stops.stopped()).isTrue();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void releasesWhatWasHeldWhenTheTextEnds() {
        StopStrings stops = new StopStrings(List.of("END"));
        assertThat(stops.push("EN")).isEmpty();
        assertThat(stops.finish()).isEqualTo("EN");
    }

    @Test
    void takesTheEarliestOfSeveral() {
        StopStrings stops = new StopStrings(List.of("b", "ab"));
        assertThat(stops.push("xab")).isEqualTo("x");
    }

    /** However the text is cut into pieces, what comes out is the text up to the first stop string. */
    @Test
    void emitsTheSameHoweverTheTextIsCut() {
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            List<String> stopTexts = Stream.generate(() -> letters(random, 1 + random.nextInt(4)))
                    .limit(1 + random.nextInt(3))
                    .toList();
            check(letters(random, random.nextInt(30)), stopTexts, random);
        }
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 'a', 'd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void check(String text, List<String> stopTexts, Random random) {
        StopStrings stops = new StopStrings(stopTexts);
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = 1; at <= text.length() && !stops.stopped(); at++) {
            if (random.nextBoolean() || at == text.length()) {
                out.append(stops.push(text.substring(from, at)));
                from = at;
            }
        }
        out.append(stops.finish());
        String emitted = out.toString();
        assertThat(text).startsWith(emitted);
        assertThat(stopTexts).noneMatch(emitted::contains);
        if (stops.stopped()) {
            assertThat(stopTexts).anyMatch(stop -> text.startsWith(stop, emitted.length()));
        } else {
            assertThat(emitted).isEqualTo(text);
        }
    }
}
