package io.shiftadd.inference.syntax;

import java.util.List;
import java.util.Optional;

/** How a model marks what it thinks before it answers, e.g. {@code <think> … </think>}. */
public record Reasoning(String open, String close) {

    private static final List<Reasoning> KNOWN =
            List.of(new Reasoning("<think>", "</think>"), new Reasoning("[THINK]", "[/THINK]"));

    /** Where an answer begins. */
    public enum Start {
        /** The prompt has opened a thought. */
        THINKING,
        /** The answer may begin with a thought. */
        OPEN,
        /** The prompt has ended a thought: the answer has none. */
        ENDED
    }

    /** The marks that a chat template knows; empty when its model does not think. */
    public static Optional<Reasoning> of(String template) {
        return KNOWN.stream()
                .filter(marks -> template.contains(marks.open()) || template.contains(marks.close()))
                .findFirst();
    }

    public List<String> marks() {
        return List.of(open, close);
    }

    /** @param prompt as the template has written it */
    public Start start(String prompt) {
        String end = prompt.stripTrailing();
        return end.endsWith(open) ? Start.THINKING : end.endsWith(close) ? Start.ENDED : Start.OPEN;
    }
}
