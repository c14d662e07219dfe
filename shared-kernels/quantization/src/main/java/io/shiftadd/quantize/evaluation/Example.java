package io.shiftadd.quantize.evaluation;

import java.util.List;

/**
 * One question of a task.
 *
 * @param group part of the task that it belongs to, empty if the task has none
 * @param choices continuations to weigh against each other; a single one where there is nothing to choose
 * @param gold index of the right choice
 */
public record Example(String group, List<Choice> choices, int gold) {

    /**
     * A continuation of a context.
     *
     * @param continuation begins with the space that parts it from the context, if there is one
     * @param bytes of the choice itself in UTF-8, without that space
     */
    public record Choice(String context, String continuation, int bytes) {}

    public Example {
        choices = List.copyOf(choices);
        if (gold < 0 || gold >= choices.size()) {
            throw new IllegalArgumentException("choice " + gold + " cannot be right of " + choices.size());
        }
    }
}
