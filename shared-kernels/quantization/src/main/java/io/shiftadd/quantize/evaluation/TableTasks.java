package io.shiftadd.quantize.evaluation;

import io.shiftadd.quantize.evaluation.Example.Choice;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tasks in tables with a header row. */
final class TableTasks {

    private static final List<String> ENTAILMENT = List.of("sentence1", "sentence2", "label");
    private static final List<String> STORY = List.of(
            "InputSentence1",
            "InputSentence2",
            "InputSentence3",
            "InputSentence4",
            "RandomFifthSentenceQuiz1",
            "RandomFifthSentenceQuiz2",
            "AnswerRightEnding");
    private static final List<String> QUESTION =
            List.of("question", "choice0", "choice1", "choice2", "choice3", "answer");
    private static final List<String> LETTERS = List.of("A", "B", "C", "D");
    private static final String SUBJECT_FILE = "_test.csv";

    private TableTasks() {}

    /** RTE as in GLUE: label 0 says that the first sentence entails the second. */
    static List<Example> entailment(Path file) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Table.Line line : Table.read(file, '\t', ENTAILMENT)) {
            String context = line.text(0) + "\nQuestion: " + line.text(1) + " True or False?\nAnswer:";
            List<Choice> choices = List.of(JsonTasks.choice(context, "True"), JsonTasks.choice(context, "False"));
            examples.add(new Example("", choices, line.number(2, 0, 1)));
        }
        return examples;
    }

    static List<Example> stories(Path file) throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Table.Line line : Table.read(file, ',', STORY)) {
            String context = String.join(" ", line.text(0), line.text(1), line.text(2), line.text(3));
            List<Choice> choices =
                    List.of(JsonTasks.choice(context, line.text(4)), JsonTasks.choice(context, line.text(5)));
            examples.add(new Example("", choices, line.number(6, 1, 2) - 1));
        }
        return examples;
    }

    /** MMLU: a file for each subject, {@code <subject>_test.csv}; the choices are letters. */
    static List<Example> subjects(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw TaskFile.missing(directory);
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + SUBJECT_FILE)) {
            entries.forEach(files::add);
        }
        if (files.isEmpty()) {
            throw TaskFile.missing(directory.resolve("<subject>" + SUBJECT_FILE));
        }
        files.sort(null);
        List<Example> examples = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            String subject = name.substring(0, name.length() - SUBJECT_FILE.length());
            for (Table.Line line : Table.read(file, ',', QUESTION)) {
                examples.add(question(subject, line));
            }
        }
        return examples;
    }

    private static Example question(String subject, Table.Line line) {
        StringBuilder context = new StringBuilder("The following are multiple choice questions (with answers) about ")
                .append(subject.replace('_', ' '))
                .append(".\n\n")
                .append(line.text(0).strip());
        for (int i = 0; i < LETTERS.size(); i++) {
            context.append('\n').append(LETTERS.get(i)).append(". ").append(line.text(i + 1));
        }
        context.append("\nAnswer:");
        List<Choice> choices = LETTERS.stream()
                .map(letter -> JsonTasks.choice(context.toString(), letter))
                .toList();
        return new Example(subject, choices, line.number(5, 0, LETTERS.size() - 1));
    }
}
