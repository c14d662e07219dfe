package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * EleutherAI's lm-evaluation-harness asks the running service, by its model type local-completions; the platform's own
 * job evaluates the same model on the same files. Both have the same examples right.
 */
class EvaluationHarnessIT {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String MODEL = "llama-mini";
    private static final int EXAMPLES = 40;
    private static final List<String> WORDS = List.of(
            "captain",
            "harbour",
            "storm",
            "letter",
            "morning",
            "window",
            "garden",
            "river",
            "soldier",
            "candle",
            "mountain",
            "stranger",
            "kitchen",
            "forest",
            "journey",
            "silence");

    private static Registry registry;
    private static Path tasks;

    @BeforeAll
    static void start() throws IOException {
        ClientPrograms.python("lm-eval", "lm_eval");
        registry = new Registry(Platform.get());
        registry.importSample(MODEL);
        tasks = Files.createDirectories(Platform.get().data().resolve("tasks"));
        writeChoices();
        writeContinuations();
    }

    /** Questions about nothing: which choice is right is drawn, and which the model prefers is its own business. */
    private static void writeChoices() throws IOException {
        Random random = new Random(40);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            // All different, so that no two are equally likely.
            Set<String> choices = new LinkedHashSet<>();
            while (choices.size() < 4) {
                choices.add("the " + WORDS.get(random.nextInt(WORDS.size())) + " and the "
                        + WORDS.get(random.nextInt(WORDS.size())));
            }
            String query = "Question: What did the " + WORDS.get(i % WORDS.size()) + " remember of the "
                    + WORDS.get(random.nextInt(WORDS.size())) + "?";
            lines.add(JSON.writeValueAsString(
                    Map.of("query", query, "choices", choices, "gold", random.nextInt(choices.size()))));
        }
        Files.write(tasks.resolve("arc_easy.jsonl"), lines);
    }

    /** Every other last word is one that the model itself would write. */
    private static void writeContinuations() throws IOException {
        Http inference = new Http(Platform.get().url(Service.INFERENCE));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < EXAMPLES; i++) {
            String context = "In the " + WORDS.get(i % WORDS.size()) + " there was a "
                    + WORDS.get((i * 5 + 3) % WORDS.size()) + ", and the old man looked at";
            String word = WORDS.get((i * 7 + 1) % WORDS.size());
            if (i % 2 == 0) {
                String body = JSON.writeValueAsString(
                        Map.of("model", MODEL, "prompt", context, "max_tokens", 4, "temperature", 0));
                String text = inference
                        .post("/v1/completions", body)
                        .json()
                        .at("/choices/0/text")
                        .asString();
                word = text.strip().split("[^A-Za-z]+", 2)[0];
            }
            lines.add(
                    JSON.writeValueAsString(Map.of("context", context, "continuation", word.isEmpty() ? "it" : word)));
        }
        Files.write(tasks.resolve("lambada_openai.jsonl"), lines);
    }

    @Test
    void theHarnessAndThePlatformsJobHaveTheSameExamplesRight() throws IOException, InterruptedException {
        Path python = ClientPrograms.python("lm-eval", "lm_eval");
        String said = ClientPrograms.run(
                ClientPrograms.SCRIPTS,
                Map.of(
                        "MODEL",
                        MODEL,
                        "TOKENIZER",
                        Path.of("..", "samples", MODEL).toRealPath().toString(),
                        "TASKS",
                        tasks.toString()),
                python.toString(),
                ClientPrograms.SCRIPTS.resolve("lm_eval_tasks.py").toString());
        JsonNode harness = JSON.readTree(said.strip().lines().toList().getLast());
        String job = registry.submit(
                "{\"kind\": \"evaluate\", \"model\": \"" + MODEL + "\", \"tasks\": [\"arc_easy\", \"lambada\"]}");
        registry.awaitSuccess(job);
        JsonNode own = registry.found("/api/v1/jobs/" + job + "/tasks").at("/0/scores");
        assertThat(right(own, "arc_easy", "acc"))
                .isEqualTo(harness.at("/local_arc_easy/acc").intValue());
        assertThat(right(own, "arc_easy", "acc_norm"))
                .isEqualTo(harness.at("/local_arc_easy/acc_norm").intValue());
        assertThat(right(own, "lambada", "acc"))
                .isEqualTo(harness.at("/local_lambada/acc").intValue())
                .isGreaterThan(EXAMPLES / 5);
    }

    private static long right(JsonNode scores, String task, String metric) {
        for (JsonNode score : scores) {
            if (score.path("task").asString().equals(task)
                    && score.path("metric").asString().equals(metric)) {
                assertThat(score.path("examples").intValue()).isEqualTo(EXAMPLES);
                return Math.round(score.path("value").doubleValue() * EXAMPLES);
            }
        }
        throw new AssertionError("there is no " + metric + " of " + task + " in " + scores);
    }
}
