package io.shiftadd.quantize.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shiftadd.quantize.evaluation.Example.Choice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTest {

    @TempDir
    private Path directory;

    private List<Example> read(Task task, String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        return task.examples(directory, Integer.MAX_VALUE);
    }

    @Test
    void asksWhereTheQueryEndsWithoutALine() throws IOException {
        List<Example> examples = read(
                Task.ARC_EASY,
                "arc_easy.jsonl",
                "{\"query\": \"Question: Why?\", \"choices\": [\"so\", \"für\"], \"gold\": 1}\n");
        assertThat(examples)
                .containsExactly(new Example(
                        "",
                        List.of(
                                new Choice("Question: Why?\nAnswer:", " so", 2),
                                new Choice("Question: Why?\nAnswer:", " für", 4)),
                        1));
    }

    @ParameterizedTest
    @CsvSource({"BOOLQ, boolq.jsonl", "PIQA, piqa.jsonl"})
    void asksWhereTheQueryEndsWithALine(Task task, String file) throws IOException {
        String row = "{\"query\": \"Question: Why?\\n\", \"choices\": [\"no\", \"yes\"], \"gold\": 0}";
        assertThat(read(task, file, row).getFirst().choices().getFirst())
                .isEqualTo(new Choice("Question: Why?\nAnswer:", " no", 2));
    }

    @Test
    void goesOnWithASentence() throws IOException {
        String row =
                "{\"query\": \"It rained, therefore\", \"choices\": [\"it was wet.\", \"it was dry.\"], \"gold\": 0}";
        assertThat(read(Task.COPA, "copa.jsonl", row).getFirst().choices().get(1))
                .isEqualTo(new Choice("It rained, therefore", " it was dry.", 11));
    }

    @Test
    void weighsContextsOfOneContinuation() throws IOException {
        String row = "{\"context_options\": [\"as Ann\", \"as Bea\"], \"continuation\": \"was late.\", \"gold\": 1}";
        assertThat(read(Task.WINOGRANDE, "winogrande.jsonl", row))
                .containsExactly(new Example(
                        "", List.of(new Choice("as Ann", " was late.", 9), new Choice("as Bea", " was late.", 9)), 1));
    }

    @Test
    void asksForTheLastWord() throws IOException {
        String row = "{\"context\": \"I do not care about\", \"continuation\": \"signs\"}\n\n";
        assertThat(read(Task.LAMBADA, "lambada_openai.jsonl", row))
                .containsExactly(new Example("", List.of(new Choice("I do not care about", " signs", 5)), 0));
    }

    @Test
    void readsEntailmentWithQuotesAsTheTableHasThem() throws IOException {
        List<Example> examples = read(Task.RTE, "rte_dev.tsv", """
                sentence1\tsentence2\tlabel\tidx
                "He said ""no"" to\ttabs."\tHe said no.\t0\t0
                A 5" nail.\tA nail.\t1\t1
                """);
        assertThat(examples.get(0).choices().getFirst())
                .isEqualTo(new Choice(
                        "He said \"no\" to\ttabs.\nQuestion: He said no. True or False?\nAnswer:", " True", 4));
        assertThat(examples.get(1).choices().get(1).context()).startsWith("A 5\" nail.\n");
        assertThat(examples).extracting(Example::gold).containsExactly(0, 1);
    }

    @Test
    void readsStories() throws IOException {
        List<Example> examples = read(
                Task.STORYCLOZE,
                "storycloze_val_2018.csv",
                "InputStoryid,InputSentence1,InputSentence2,InputSentence3,InputSentence4,RandomFifthSentenceQuiz1,"
                        + "RandomFifthSentenceQuiz2,AnswerRightEnding\r\nx,One.,\"Two, too.\",Three.,Four.,Good.,Bad.,2\r\n");
        assertThat(examples)
                .containsExactly(new Example(
                        "",
                        List.of(
                                new Choice("One. Two, too. Three. Four.", " Good.", 5),
                                new Choice("One. Two, too. Three. Four.", " Bad.", 4)),
                        1));
    }

    @Test
    void readsSubjectsInTheirOrder() throws IOException {
        String header = "question,choice0,choice1,choice2,choice3,answer\n";
        read(Task.MMLU, "mmlu/test/virology_test.csv", header + "V?,a,b,c,d,0\nW?,a,b,c,d,1\n");
        List<Example> examples =
                read(Task.MMLU, "mmlu/test/high_school_biology_test.csv", header + "\" B\nor not?\",1,2,3,4,3\n");
        assertThat(examples).extracting(Example::group).containsExactly("high_school_biology", "virology", "virology");
        assertThat(examples.getFirst().choices().get(3)).isEqualTo(new Choice("""
                The following are multiple choice questions (with answers) about high school biology.

                B
                or not?
                A. 1
                B. 2
                C. 3
                D. 4
                Answer:""", " D", 1));
        assertThat(Task.MMLU.examples(directory, 2))
                .extracting(Example::group)
                .as("one of each subject in turn")
                .containsExactly("high_school_biology", "virology");
    }

    @Test
    void takesTheFirstExamplesUpToALimit() throws IOException {
        String row = "{\"context\": \"a\", \"continuation\": \"%d\"}\n";
        read(Task.LAMBADA, "lambada_openai.jsonl", row.formatted(1) + row.formatted(2) + row.formatted(3));
        assertThat(Task.LAMBADA.examples(directory, 2))
                .extracting(example -> example.choices().getFirst().continuation())
                .containsExactly(" 1", " 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"query": "q", "choices": ["a", "b"], "gold": 2}   | line 2: has gold 2          | from 0 to 1
            {"query": "q", "choices": ["a", "b"], "gold": "0"} | line 2: has gold "0"        | from 0 to 1
            {"query": "q", "choices": ["a", "b"]}              | line 2: has gold missing    | from 0 to 1
            {"query": "q", "choices": ["a"], "gold": 0}        | line 2: has 1 of 'choices'  | two texts or more
            {"query": 5, "choices": ["a", "b"], "gold": 0}     | line 2: has no text 'query' | 'query' is a text
            {"choices": ["a", "b"], "gold": 0}                 | line 2: has no text 'query' | 'query' is a text
            {"query": "q", "choices": ["a", ""], "gold": 0}    | line 2: has no text 'choices' | not blank
            ["q"]                                              | line 2: is no JSON object   | one JSON object
            {"query": "q                                       | line 2: is not JSON         | one JSON object
            """)
    void namesTheLineThatIsMalformed(String row, String what, String limit) {
        String good = "{\"query\": \"q\", \"choices\": [\"a\", \"b\"], \"gold\": 0}\n";
        assertThatThrownBy(() -> read(Task.COPA, "copa.jsonl", good + row))
                .isInstanceOfSatisfying(TaskFormatException.class, malformed -> {
                    assertThat(malformed.reason()).contains("copa.jsonl", what, limit);
                    assertThat(malformed.remedy()).contains("Correct the file");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            sentence1#sentence2#label@x#y              | line 2: has 2 values
            sentence1#sentence2#label@x#y#2            | line 2: has '2' in column 'label'
            sentence1#sentence2#label@"x@y"#z#0@##0    | line 4: has nothing in column 'sentence1'
            sentence1#sentence2#label@"x#y#0           | line 2: has a quote that is not closed
            sentence1#second#label@x#y#0               | line 1: has no column 'sentence2'
            sentence1#sentence2#label                  | has 1 rows
            """)
    void namesTheRowThatIsMalformed(String text, String what) {
        String table = text.replace('#', '\t').replace('@', '\n');
        assertThatThrownBy(() -> read(Task.RTE, "rte_dev.tsv", table))
                .isInstanceOf(TaskFormatException.class)
                .hasMessageContaining(what);
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        Files.write(directory.resolve("copa.jsonl"), "{}\n{\"query\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Task.COPA.examples(directory, 1)).hasMessageContaining("line 2: is not UTF-8");
    }

    @Test
    void saysWhereDataIsExpected() {
        assertThatThrownBy(() -> Task.PIQA.examples(directory, 1))
                .hasMessageContaining("piqa.jsonl: is not there")
                .hasMessageContaining("shiftadd.tasks.directory");
        assertThatThrownBy(() -> Task.MMLU.examples(directory, 1)).hasMessageContaining("mmlu");
    }
}
