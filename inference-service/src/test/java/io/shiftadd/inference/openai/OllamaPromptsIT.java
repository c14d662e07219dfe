package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.ScriptedModel;
import io.shiftadd.inference.Service;
import io.shiftadd.inference.syntax.FillIn;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ollama's {@code raw}, {@code suffix} and {@code keep_alive}. */
class OllamaPromptsIT {

    @TempDir
    static Path models;

    private static Service service;

    @BeforeAll
    static void start() {
        service = new Service();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Service.Answer generate(String model, Object... fields) {
        Map<String, Object> body = new HashMap<>(
                Map.of("model", model, "stream", false, "options", Map.of("temperature", 0, "num_predict", 8)));
        for (int i = 0; i < fields.length; i += 2) {
            body.put((String) fields[i], fields[i + 1]);
        }
        return service.post("/api/generate", body);
    }

    private static String text(Service.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().at("/response").stringValue();
    }

    private static String state(String model) {
        return service.get("/v1/models/" + model).json().at("/state").stringValue();
    }

    @Test
    void aRawPromptIsContinuedAsACompletionIs() {
        Service.Answer completion = service.post(
                "/v1/completions",
                Map.of("model", "llama-mini", "prompt", "Once upon a time", "temperature", 0, "max_tokens", 8));
        String expected = completion.json().at("/choices/0/text").stringValue();
        Service.Answer raw = generate("llama-mini", "prompt", "Once upon a time", "raw", true);
        assertThat(text(raw)).isEqualTo(expected);
        assertThat(raw.json().at("/prompt_eval_count"))
                .isEqualTo(completion.json().at("/usage/prompt_tokens"));
        Service.Answer written = generate("llama-mini", "prompt", "Once upon a time", "raw", false);
        assertThat(written.json().at("/prompt_eval_count").intValue())
                .isGreaterThan(raw.json().at("/prompt_eval_count").intValue());
    }

    /** The model writes this from any beginning of it on. */
    private static String modelThatFillsIn(String name, FillIn marks, String before, String after, String between) {
        Path directory = models.resolve(name);
        List<String> tokens = Stream.of(marks.before(), marks.after(), marks.middle())
                .filter(mark -> !mark.isEmpty())
                .toList();
        ScriptedModel model = ScriptedModel.like("llama-mini");
        tokens.forEach(mark -> model.token(mark, true));
        model.write(directory, 3);
        try (Tokenizer tokenizer = Tokenizer.open(directory)) {
            int[] prompt = tokenizer.encodePrompt(marks.prompt(before, after));
            int[] answer = tokenizer.encode(between, false);
            int[] script = Arrays.copyOf(prompt, prompt.length + answer.length);
            System.arraycopy(answer, 0, script, prompt.length, answer.length);
            model.write(directory, script);
            service.registry.add(name, directory.toString(), 1_000_000);
            return tokenizer.decode(answer, true);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "<|fim_prefix|>,<|fim_suffix|>,<|fim_middle|>",
        "<fim_prefix>,<fim_suffix>,<fim_middle>",
        "<｜fim▁begin｜>,<｜fim▁hole｜>,<｜fim▁end｜>",
        "▁<PRE>,▁<SUF>,▁<MID>",
        "[PREFIX],[SUFFIX],''"
    })
    void aSuffixIsWhatFollowsTheAnswer(String before, String after, String middle) {
        String name = "fills-in-" + Integer.toHexString(before.hashCode());
        FillIn marks = new FillIn(before, after, middle);
        String between = modelThatFillsIn(name, marks, "def double(x):\n", "\n    return y", "the old captain");
        Service.Answer answer = generate(name, "prompt", "def double(x):\n", "suffix", "\n    return y");
        assertThat(text(answer).strip()).startsWith(between.strip());
        assertThat(service.post("/api/show", Map.of("model", name)).body()).contains("insert");
        assertThat(text(generate(name, "prompt", "Once", "suffix", ""))).isNotNull();
    }

    @Test
    void aModelThatCannotFillInSaysSo() {
        Service.Answer answer = generate("llama-mini", "prompt", "Once", "suffix", " the end.");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("does not support insert", "llama-mini", "suffix");
        assertThat(service.post("/api/show", Map.of("model", "llama-mini")).body())
                .doesNotContain("insert");
    }

    @Test
    void keepAliveZeroUnloadsAfterTheAnswerAndWithoutAPromptAtOnce() {
        for (Object zero : List.of(0, "0", "0s", "0m0.0s")) {
            generate("opt-mini", "prompt", "Once");
            assertThat(state("opt-mini")).isEqualTo("loaded");
            assertThat(text(generate("opt-mini", "prompt", "Once", "keep_alive", zero)))
                    .isNotEmpty();
            assertThat(state("opt-mini")).as("%s", zero).isEqualTo("unloaded");
        }
        assertThat(generate("opt-mini").json().at("/done_reason").stringValue()).isEqualTo("load");
        assertThat(state("opt-mini")).isEqualTo("loaded");
        assertThat(generate("opt-mini", "keep_alive", 0)
                        .json()
                        .at("/done_reason")
                        .stringValue())
                .isEqualTo("unload");
        assertThat(state("opt-mini")).isEqualTo("unloaded");
    }

    @Test
    void otherTimesKeepTheModelAndWhatIsNoTimeIsRefused() {
        for (Object time : List.of("5m", 300, -1, "-1", "1h30m", "10ms")) {
            assertThat(generate("opt-mini", "keep_alive", time).status())
                    .as("%s", time)
                    .isEqualTo(200);
            assertThat(state("opt-mini")).as("%s", time).isEqualTo("loaded");
        }
        for (Object wrong : List.of("soon", "", "5 m", true, List.of())) {
            Service.Answer answer = generate("opt-mini", "keep_alive", wrong);
            assertThat(answer.status()).as("%s", wrong).isEqualTo(400);
            assertThat(answer.body()).contains("keep_alive");
        }
    }
}
