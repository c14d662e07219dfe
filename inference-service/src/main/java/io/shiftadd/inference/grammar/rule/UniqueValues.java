package io.shiftadd.inference.grammar.rule;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Values as JSON texts, of which each may be used once. */
final class UniqueValues {

    static final BitSet NONE = new BitSet();

    private final List<String> texts;
    private final Words words;
    /** Numbers of the values, those of fewer bytes first. */
    private final int[] byLength;

    UniqueValues(List<String> texts) {
        this.texts = List.copyOf(texts);
        this.words = Words.of(texts);
        this.byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> bytes(texts.get(i))))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    Words words() {
        return words;
    }

    String text(int value) {
        return texts.get(value);
    }

    /** The shortest of those that are not used. */
    List<String> shortest(BitSet used, int count) {
        return IntStream.of(byLength)
                .filter(value -> !used.get(value))
                .limit(count)
                .mapToObj(texts::get)
                .toList();
    }

    static BitSet with(BitSet used, int value) {
        BitSet more = (BitSet) used.clone();
        more.set(value);
        return more;
    }

    static int bytes(String text) {
        return utf8(text).length;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
