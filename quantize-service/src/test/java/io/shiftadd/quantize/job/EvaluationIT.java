package io.shiftadd.quantize.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.shiftadd.format.Checkpoint;
import io.shiftadd.format.TensorView;
import io.shiftadd.format.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvaluationIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static Registry registry;
    private static Worker worker;

    private final Path tasks = directory.resolve("data/tasks");

    @BeforeAll
    static void start() {
        registry = new Registry();
        worker = Worker.start(registry, directory.resolve("data"), Map.of());
    }

    @AfterAll
    static void stop() {
        worker.close();
        registry.close();
    }

    @BeforeEach
    void writeTasks() throws IOException {
        Files.createDirectories(tasks);
        Files.writeString(tasks.resolve("copa.jsonl"), """
                {"query": "It rained, therefore", "choices": ["the street was wet.", "the sun was a stone."], "gold": 0}
                {"query": "She was tired, so", "choices": ["she ate the moon.", "she went to bed."], "gold": 1}
                {"query": "He fell because", "choices": ["the ice was thin.", "of seven."], "gold": 0}
                """);
        Files.writeString(tasks.resolve("lambada_openai.jsonl"), """
                {"context": "The king and the", "continuation": "queen"}
                {"context": "He opened the", "continuation": "door"}
                """);
    }

    private static void awaitEnd(UUID job) {
        await().atMost(LIMIT)
                .until(() -> !registry.stateOf(job).equals("QUEUED")
                        && !registry.stateOf(job).equals("RUNNING"));
    }

    private record Row(UUID model, String task, String metric, double value, Double error, long examples) {}

    private static List<Row> rows(UUID job) {
        return registry.jdbc()
                .sql("select * from registry.job_task where job_id = :job order by task, metric, model_id")
                .param("job", job)
                .query((row, number) -> new Row(
                        row.getObject("model_id", UUID.class),
                        row.getString("task"),
                        row.getString("metric"),
                        row.getDouble("value"),
                        row.getObject("standard_error", Double.class),
                        row.getLong("examples")))
                .list();
    }

    /** Refused at the first attempt, with what to do. */
    private static void refused(UUID job, String cause, String remedy) {
        awaitEnd(job);
        assertThat(registry.stateOf(job)).isEqualTo("FAILED");
        assertThat(registry.column(job, "cause", String.class)).contains(cause);
        assertThat(registry.column(job, "remedy", String.class))
                .contains(remedy)
                .doesNotContain("report it");
        assertThat(registry.column(job, "attempt", Integer.class)).isEqualTo(1);
        assertThat(registry.jdbc()
                        .sql("select count(*) from registry.job_metric where job_id = :job and name like 'perplexity%'")
                        .param("job", job)
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void textsAndTasksWithATokenThatTheModelHasNoEmbeddingForAreRefusedByName() throws IOException {
        Path files = Samples.copy("llama-mini", directory.resolve("image"));
        Path tokenizer = files.resolve("tokenizer.json");
        Files.writeString(
                tokenizer,
                Files.readString(tokenizer)
                        .replaceFirst(
                                "\"added_tokens\": \\[",
                                "\"added_tokens\": [{\"id\": 4096, \"content\": \"<image>\", \"special\": true},"));
        UUID model = registry.addModel("image", files);
        Path file = directory.resolve("image.txt");
        Files.writeString(file, "The quick brown fox <image> jumps over the lazy dog. ".repeat(80));
        UUID text = registry.addText("image", file);
        Map<String, ?> settings = Map.of("sequenceLength", 64, "evaluationWindows", 4);
        refused(
                registry.job(model)
                        .kind("EVALUATE")
                        .texts(null, text)
                        .settings(settings)
                        .post(null),
                "the evaluation text " + file + " contains the token '<image>' (id 4096",
                "Take '<image>' out of it");
        refused(
                registry.job(model)
                        .texts(text, null)
                        .settings(Map.of("method", "acc", "bits", 2, "samples", 2, "sequenceLength", 64))
                        .post("image-acc"),
                "the calibration text " + file + " contains the token '<image>'",
                "register the text again");
        Files.writeString(
                tasks.resolve("copa.jsonl"),
                "{\"query\": \"It <image> rained\", \"choices\": [\"a\", \"b\"], \"gold\": 0}\n");
        refused(
                registry.job(model)
                        .kind("EVALUATE")
                        .settings(Map.of("tasks", List.of("copa")))
                        .post(null),
                "task copa cannot be measured: an example contains the token '<image>'",
                "leave the task out");
    }

    @Test
    void aModelWithAWeightThatIsNoNumberIsRefusedBeforeAnythingIsMeasured() throws IOException {
        Path files = Samples.copy("llama-mini", directory.resolve("nan"));
        Path weights = files.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 11] = 0x7E;
        Files.delete(weights);
        Files.write(weights, bytes);
        UUID model = registry.addModel("nan", files);
        for (UUID job : List.of(
                registry.job(model)
                        .kind("EVALUATE")
                        .settings(Map.of("tasks", List.of("copa")))
                        .post(null),
                registry.job(model)
                        .settings(Map.of("method", "rtn", "bits", 2, "samples", 2, "sequenceLength", 32))
                        .post("nan-rtn"))) {
            refused(job, "model.safetensors: tensor '", "weights are finite");
            assertThat(registry.column(job, "cause", String.class)).contains("element", "NaN");
            assertThat(registry.column(job, "stage", String.class)).isEqualTo("validate");
        }
    }

    /** Finite weights, whose products are not: nothing is a score that is no number. */
    @Test
    void aModelThatOverflowsGetsNoScores() throws IOException {
        Path files = Samples.copy("llama-mini", directory.resolve("overflow"));
        Path weights = files.resolve("model.safetensors");
        Files.delete(weights);
        try (Checkpoint original = Checkpoint.open(Samples.directory("llama-mini"))) {
            SafetensorsWriter writer = new SafetensorsWriter(Map.of());
            for (String name : original.names()) {
                float[] values = original.tensor(name).toFloatArray();
                if (name.equals("model.norm.weight")) {
                    java.util.Arrays.fill(values, Float.MAX_VALUE);
                }
                writer.add(TensorView.ofFloats(name, original.tensor(name).shape(), values));
            }
            writer.write(weights);
        }
        UUID model = registry.addModel("overflow", files);
        Path file = directory.resolve("overflow.txt");
        Files.writeString(file, "The quick brown fox jumps over the lazy dog. ".repeat(80));
        refused(
                registry.job(model)
                        .kind("EVALUATE")
                        .settings(Map.of("tasks", List.of("copa")))
                        .post(null),
                "which is no number",
                "overflow");
        refused(
                registry.job(model)
                        .kind("EVALUATE")
                        .texts(null, registry.addText("overflow", file))
                        .settings(Map.of("sequenceLength", 64, "evaluationWindows", 2))
                        .post(null),
                "which is no number",
                "overflow");
    }

    @Test
    void measuresTwoModelsSideBySide() throws IOException {
        UUID model = registry.addModel("side", Samples.directory("llama-mini"));
        UUID baseline = registry.addModel("beside", Samples.directory("opt-mini"));
        Path text = directory.resolve("text.txt");
        Files.writeString(text, "The quick brown fox jumps over the lazy dog, and the dog does not mind. ".repeat(80));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .baseline(baseline)
                .texts(null, registry.addText("side", text))
                .settings(Map.of(
                        "sequenceLength",
                        64,
                        "evaluationWindows",
                        4,
                        "tasks",
                        List.of("copa", "lambada"),
                        "taskLimit",
                        2))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(registry.column(job, "progress", Double.class)).isEqualTo(1);
        List<Row> rows = rows(job);
        assertThat(rows)
                .extracting(row -> row.task() + " " + row.metric() + " " + row.examples())
                .containsExactly(
                        "copa acc 2",
                        "copa acc 2",
                        "copa acc_norm 2",
                        "copa acc_norm 2",
                        "lambada acc 2",
                        "lambada acc 2",
                        "lambada perplexity 2",
                        "lambada perplexity 2",
                        "text perplexity 252",
                        "text perplexity 252");
        assertThat(rows).extracting(Row::model).containsOnly(model, baseline);
        assertThat(rows).allSatisfy(row -> assertThat(row.error()).isNotNull());
        assertThat(rows.get(8).value()).isNotEqualTo(rows.get(9).value());
        List<String> events = registry.events(job, "task");
        assertThat(events).hasSize(6);
        JsonNode event = Registry.JSON.readTree(events.get(2));
        assertThat(event.path("task").asString()).isEqualTo("copa");
        assertThat(event.path("model").asString()).isEqualTo("side");
        assertThat(event.at("/scores/0/metric").asString()).isEqualTo("acc");
    }

    @Test
    void anImportedModelIsComparedWithTheOriginalThatItIsMeasuredBeside() throws IOException {
        UUID model = registry.addModel("imported", Samples.copy("llama-mini", directory.resolve("imported")));
        UUID original = registry.addModel("its-original", Samples.directory("llama-mini"));
        Path text = directory.resolve("imported.txt");
        Files.writeString(text, "The quick brown fox jumps over the lazy dog, and the dog does not mind. ".repeat(80));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .baseline(original)
                .texts(null, registry.addText("imported", text))
                .settings(Map.of("sequenceLength", 64, "evaluationWindows", 2))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        List<Row> rows = rows(job);
        assertThat(rows)
                .extracting(row -> row.metric() + " " + row.model().equals(model))
                .containsExactlyInAnyOrder(
                        "kl_divergence true", "perplexity true", "perplexity false", "top1_agreement true");
        assertThat(rows.stream()
                        .filter(row -> row.metric().equals("kl_divergence"))
                        .map(Row::value))
                .allSatisfy(value -> assertThat(value).isBetween(0.0, 1e-9));
        assertThat(registry.jdbc()
                        .sql("select value from registry.job_metric where job_id = :job and name = 'top1_agreement'")
                        .param("job", job)
                        .query(Double.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aModelWhoseOriginalIsGoneIsMeasuredByItself() throws IOException {
        UUID original = registry.addModel("gone", directory.resolve("not-there"));
        UUID model = registry.addModel("orphan", Samples.directory("llama-mini"));
        registry.jdbc()
                .sql("update registry.model set parent_id = :parent where id = :model")
                .param("parent", original)
                .param("model", model)
                .update();
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("sequenceLength", 64, "evaluationWindows", 2))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(rows(job)).extracting(Row::metric).containsExactly("perplexity");
        assertThat(registry.events(job, "warning"))
                .singleElement()
                .asString()
                .contains("the files of the original gone are gone");
    }

    @Test
    void measuresNoPerplexityWhereOnlyTasksAreAskedFor() throws IOException {
        UUID model = registry.addModel("tasks-only", Samples.directory("llama-mini"));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("tasks", List.of("lambada")))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(rows(job)).extracting(Row::task).containsOnly("lambada");
    }

    @Test
    void goesOnAfterTheLastTaskThatWasCommitted() throws IOException {
        UUID model = registry.addModel("restart", Samples.directory("llama-mini"));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("tasks", List.of("lambada", "copa", "piqa")))
                .post(null);
        awaitEnd(job);
        assertThat(registry.stateOf(job)).isEqualTo("FAILED");
        assertThat(registry.column(job, "cause", String.class)).contains("piqa.jsonl: is not there");
        assertThat(registry.column(job, "remedy", String.class)).contains("shiftadd.tasks.directory");
        assertThat(rows(job)).as("refused before anything is computed").isEmpty();

        registry.jdbc().sql("""
                        insert into registry.job_task (job_id, model_id, task, metric, value, examples)
                        values (:job, :model, 'lambada', 'acc', 0.123, 99)""").param("job", job).param("model", model).update();
        Files.copy(tasks.resolve("copa.jsonl"), tasks.resolve("piqa.jsonl"));
        registry.jdbc()
                .sql("update registry.job set state = 'QUEUED', cause = null, remedy = null where id = :job")
                .param("job", job)
                .update();
        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class)).isNull();
        assertThat(rows(job))
                .filteredOn(row -> row.task().equals("lambada"))
                .singleElement()
                .satisfies(row -> assertThat(row.value()).isEqualTo(0.123));
        assertThat(registry.events(job, "task")).hasSize(2);
        Files.delete(tasks.resolve("piqa.jsonl"));
    }

    @Test
    void saysWhichLineOfATaskIsMalformed() throws IOException {
        Files.writeString(
                tasks.resolve("boolq.jsonl"), "\n{\"query\": \"q\", \"choices\": [\"no\", \"yes\"], \"gold\": 2}");
        UUID model = registry.addModel("malformed", Samples.directory("llama-mini"));
        UUID job = registry.job(model)
                .kind("EVALUATE")
                .settings(Map.of("tasks", List.of("boolq")))
                .post(null);

        awaitEnd(job);

        assertThat(registry.column(job, "cause", String.class))
                .contains("boolq.jsonl, line 2: has gold 2; 'gold' is a number from 0 to 1");
    }
}
