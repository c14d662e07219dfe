package io.shiftadd.tokenizer.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Text without meaning, for pages that have none yet. */
final class Lipsum {

    private static final List<String> WORDS = List.of(
            "a", "ac", "ad", "amet", "at", "commodo", "dolor", "eget", "elit", "erat", "et", "id", "in", "ipsum",
            "lorem", "magna", "nec", "non", "nulla", "odio", "orci", "quam", "quis", "sed", "sit", "tellus", "ut",
            "vel", "vitae");

    private Lipsum() {}

    static Object text(Arguments arguments, Budget budget) {
        @Nullable Object[] given = arguments.bind(0, "n", "html", "min", "max");
        long count = given[0] == null ? 5 : Values.integer(given[0]);
        boolean isHtml = given[1] == null || Values.isTrue(given[1]);
        long least = given[2] == null ? 20 : Values.integer(given[2]);
        long most = given[3] == null ? 100 : Values.integer(given[3]);
        if (least < 0 || most <= least) {
            throw new JinjaException("lipsum: min is not below max");
        }
        RandomGenerator random = RandomGenerator.getDefault();
        List<String> paragraphs = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            String paragraph = paragraph(random.nextLong(least, most), random, budget);
            paragraphs.add(isHtml ? "<p>" + TextFilters.escape(paragraph) + "</p>" : paragraph);
        }
        return String.join(isHtml ? "\n" : "\n\n", paragraphs);
    }

    private static String paragraph(long words, RandomGenerator random, Budget budget) {
        budget.charge(16);
        List<String> chosen = new ArrayList<>();
        for (long i = 0; i < words; i++) {
            budget.charge(16);
            chosen.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return PythonText.capitalize(String.join(" ", chosen)) + ".";
    }
}
