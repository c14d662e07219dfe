package io.shiftadd.quantize.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Benchmarks with prompts as EleutherAI's lm-evaluation-harness words them, without examples shown before the question
 * (zero-shot).
 */
public enum Task {
    ARC_EASY("arc_easy.jsonl", Kind.CHOICE),
    ARC_CHALLENGE("arc_challenge.jsonl", Kind.CHOICE),
    BOOLQ("boolq.jsonl", Kind.CHOICE),
    COPA("copa.jsonl", Kind.CHOICE),
    PIQA("piqa.jsonl", Kind.CHOICE),
    RTE("rte_dev.tsv", Kind.CHOICE),
    STORYCLOZE("storycloze_val_2018.csv", Kind.CHOICE),
    MMLU("mmlu/test", Kind.CHOICE),
    LAMBADA("lambada_openai.jsonl", Kind.LAST_WORD),
    WINOGRANDE("winogrande.jsonl", Kind.CONTEXT_CHOICE);

    /** What is measured. */
    enum Kind {
        /** The likeliest of several continuations of one context: acc, acc_norm. */
        CHOICE,
        /** The context after which a continuation is likeliest: acc; there are no lengths to normalize by. */
        CONTEXT_CHOICE,
        /** Whether a continuation is the model's own, greedily: acc, and its perplexity. */
        LAST_WORD
    }

    private final String file;
    private final Kind kind;

    Task(String file, Kind kind) {
        this.file = file;
        this.kind = kind;
    }

    /** As jobs and results spell it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public static Task of(String label) {
        return Arrays.stream(values())
                .filter(task -> task.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no task '" + label + "'"));
    }

    Kind kind() {
        return kind;
    }

    /**
     * Reads the task's examples.
     *
     * @param directory that holds the data of all tasks
     * @param limit examples at most, from the beginning; where the task has groups, one of each in turn
     * @throws TaskFormatException when data is missing or malformed: says which file and line
     */
    public List<Example> examples(Path directory, int limit) throws IOException {
        List<Example> examples = switch (this) {
            case ARC_EASY, ARC_CHALLENGE -> JsonTasks.choices(directory.resolve(file), "\nAnswer:");
            case BOOLQ, PIQA -> JsonTasks.choices(directory.resolve(file), "Answer:");
            case COPA -> JsonTasks.choices(directory.resolve(file), "");
            case LAMBADA -> JsonTasks.lastWords(directory.resolve(file));
            case WINOGRANDE -> JsonTasks.contexts(directory.resolve(file));
            case RTE -> TableTasks.entailment(directory.resolve(file));
            case STORYCLOZE -> TableTasks.stories(directory.resolve(file));
            case MMLU -> TableTasks.subjects(directory.resolve(file));
        };
        return limited(examples, limit);
    }

    private static List<Example> limited(List<Example> examples, int limit) {
        if (examples.size() <= limit) {
            return examples;
        }
        Map<String, List<Example>> groups = new LinkedHashMap<>();
        examples.forEach(example ->
                groups.computeIfAbsent(example.group(), _ -> new ArrayList<>()).add(example));
        List<Example> taken = new ArrayList<>();
        for (int turn = 0; taken.size() < limit; turn++) {
            for (List<Example> group : groups.values()) {
                if (turn < group.size() && taken.size() < limit) {
                    taken.add(group.get(turn));
                }
            }
        }
        return taken;
    }
}
