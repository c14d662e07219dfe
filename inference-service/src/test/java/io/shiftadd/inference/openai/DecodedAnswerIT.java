package io.shiftadd.inference.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.inference.Samples;
import io.shiftadd.inference.ScriptedModel;
import io.shiftadd.inference.Service;
import io.shiftadd.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts, streams, offsets and stops of answers whose tokens are known, or that follow bytes. */
class DecodedAnswerIT {

    private static final String TEMPLATE =
            "{% for m in messages %}{{ m.role }}:\n{{ m.content }}\n{% endfor %}assistant:\n\n";

    @TempDir
    static Path models;

    private static Service service;
    private static int the;
    private static int newLine;

    @BeforeAll
    static void start() {
        service = new Service();
        try (Tokenizer tokenizer = Tokenizer.open(Samples.model("llama-mini"))) {
            the = tokenizer.id("▁the").orElseThrow();
            newLine = tokenizer.id("<0x0A>").orElseThrow();
            byte[] character = "你".getBytes(StandardCharsets.UTF_8);
            add("bytes", ScriptedModel.like("llama-mini"), ScriptedModel.bytes(tokenizer, character));
        }
        add(
                "lines",
                ScriptedModel.like("llama-mini").without("\n").file("chat_template.jinja", TEMPLATE),
                the,
                the,
                newLine);
        add("turns", ScriptedModel.like("llama-mini").token("<|im_end|>", true), the, the, the, 4096);
    }

    private static void add(String name, ScriptedModel model, int... script) {
        Path directory = model.write(models.resolve(name), script);
        service.registry.add(name, directory.toString(), 4_000_000);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Map<String, Object> body(String model, Object prompt, int maxTokens, Object... more) {
        Map<String, Object> body =
                new HashMap<>(Map.of("model", model, "prompt", prompt, "max_tokens", maxTokens, "temperature", 0));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode choice(Map<String, Object> body) {
        Service.Answer answer = service.post("/v1/completions", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().at("/choices/0");
    }

    private static String text(Map<String, Object> body) {
        return choice(body).path("text").stringValue();
    }

    private static List<String> streamed(Map<String, Object> body) {
        Map<String, Object> streaming = new HashMap<>(body);
        streaming.put("stream", true);
        List<String> events = service.post("/v1/completions", streaming).events();
        List<String> pieces = new ArrayList<>();
        for (String event : events.subList(0, events.size() - 1)) {
            pieces.add(JsonMapper.shared().readTree(event).at("/choices/0/text").stringValue());
        }
        pieces.removeIf(String::isEmpty);
        return pieces;
    }

    private static List<Integer> offsets(JsonNode choice) {
        return choice.at("/logprobs/text_offset").values().stream()
                .map(JsonNode::intValue)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello 你",
                "Hello 😀",
                "Hello é",
                "Hello \u200b",
                "Hello 你好吗",
                "I like \u2028",
                "x\u0000",
                "你你你你你你你你你你你你"
            })
    void thePromptsBytesAreNotWrittenAgain(String prompt) {
        Map<String, Object> body = body("turns", prompt, 3, "logit_bias", Map.of("4096", -100, "2", -100));
        JsonNode choice = choice(body("turns", prompt, 3, "logprobs", 0, "logit_bias", Map.of("" + the, 100)));
        assertThat(choice.path("text").stringValue()).isEqualTo(" the the the");
        assertThat(offsets(choice)).containsExactly(0, 4, 8);
        String answer = text(body);
        assertThat(answer).doesNotContain("\uFFFD").doesNotStartWith(prompt.substring(prompt.length() - 1));
        assertThat(String.join("", streamed(body))).isEqualTo(answer);
        Map<String, Object> echo = new HashMap<>(body);
        echo.put("echo", true);
        assertThat(text(echo)).isEqualTo(prompt + answer);
        assertThat(String.join("", streamed(echo))).isEqualTo(prompt + answer);
    }

    @Test
    void aChatTemplateThatEndsWithANewLineAddsNoneToTheAnswer() {
        Map<String, Object> chat = Map.of(
                "model", "lines", "messages", List.of(Map.of("role", "user", "content", "Hi")), "temperature", 0);
        Map<String, Object> six = new HashMap<>(chat);
        six.put("max_tokens", 6);
        JsonNode answer = service.post("/v1/chat/completions", six).json();
        int length = answer.at("/usage/prompt_tokens").intValue();
        List<String> words = List.of(" the", " the", "\n");
        StringBuilder expected = new StringBuilder();
        for (int i = length; i < length + 6; i++) {
            expected.append(words.get(i % 3));
        }
        assertThat(answer.at("/choices/0/message/content").stringValue()).isEqualTo(expected.toString());
        six.put("stop", List.of("\n"));
        JsonNode stopped = service.post("/v1/chat/completions", six).json().at("/choices/0");
        assertThat(stopped.at("/message/content").stringValue())
                .isEqualTo(expected.substring(0, expected.indexOf("\n")));
        assertThat(stopped.path("finish_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void aStopDoesNotMatchThePromptsNewLine() {
        int length = service.post("/tokenize", Map.of("model", "lines", "prompt", "a\n"))
                .json()
                .path("count")
                .intValue();
        String answer = text(body("lines", "a\n", 8));
        assertThat(answer).startsWith(length % 3 == 2 ? "\n" : " the");
        String stopped = text(body("lines", "a\n", 8, "stop", List.of("\n")));
        assertThat(stopped).isEqualTo(answer.substring(0, answer.indexOf("\n")));
    }

    @Test
    void wholeCharactersThatATokenLimitCutsAreKept() {
        for (int most : List.of(6, 60, 61, 62)) {
            Map<String, Object> body = body("bytes", List.of(1, 381, 392), most);
            String expected = "你".repeat(most / 3) + (most % 3 == 0 ? "" : "\uFFFD");
            assertThat(text(body)).isEqualTo(expected);
            List<String> pieces = streamed(body);
            assertThat(String.join("", pieces)).isEqualTo(expected);
            assertThat(pieces).hasSize(Math.ceilDiv(most, 3)).allMatch(piece -> piece.length() == 1);
        }
    }

    @Test
    void anUnfinishedCharacterOfThePromptGoesOnInTheAnswer() {
        List<Integer> prompt;
        try (Tokenizer tokenizer = Tokenizer.open(Samples.model("llama-mini"))) {
            int[] bytes = ScriptedModel.bytes(tokenizer, "你".getBytes(StandardCharsets.UTF_8));
            prompt = List.of(bytes[0], bytes[1], bytes[2], bytes[0], bytes[1]);
        }
        JsonNode choice = choice(body("bytes", prompt, 4, "logprobs", 0));
        assertThat(choice.path("text").stringValue()).isEqualTo("你你");
        assertThat(offsets(choice)).containsExactly(0, 1, 1, 1);
        JsonNode echoed = choice(body("bytes", prompt, 4, "logprobs", 0, "echo", true));
        assertThat(echoed.path("text").stringValue()).isEqualTo("你你你");
        assertThat(offsets(echoed)).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
        assertThat(text(body("bytes", prompt, 0, "echo", true))).isEqualTo("你\uFFFD");
        assertThat(text(body("lines", prompt, 1))).doesNotContain("\uFFFD");
        assertThat(text(body("lines", prompt, 1, "echo", true))).startsWith("你\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a😀b", "a😀😀 b", "x你y你", "\u200bz", "a </s> b", "</s>", " two  blanks ", "é\n\nè"})
    void offsetsCountThePromptsCharactersAsTheTextHasThem(String prompt) {
        for (String model : List.of("llama-mini", "opt-mini")) {
            JsonNode choice = choice(body(model, prompt, 1, "logprobs", 0, "echo", true));
            String text = choice.path("text").stringValue();
            List<Integer> offsets = offsets(choice);
            assertThat(text).startsWith(prompt);
            int characters = prompt.codePointCount(0, prompt.length());
            assertThat(offsets).isSorted().first().isEqualTo(0);
            assertThat(offsets.getLast()).as("%s %s", model, offsets).isEqualTo(characters);
            assertThat(offsets.subList(0, offsets.size() - 1)).allMatch(offset -> offset <= characters);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stopsAtASpecialTokenThatIsAskedFor(boolean byId) {
        Map<String, Object> body = byId
                ? body("turns", List.of(the), 40, "stop_token_ids", List.of(4096))
                : body("turns", List.of(the), 40, "stop", List.of("<|im_end|>"));
        JsonNode choice = choice(body);
        assertThat(choice.path("text").stringValue()).isEqualTo(" the the");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(String.join("", streamed(body))).isEqualTo(" the the");
    }

    @Test
    void refusesIdsToStopAtThatTheModelDoesNotKnow() {
        for (Object wrong : List.of(List.of(4097), List.of(-1), List.of("a"), "2", List.of(1.5))) {
            Service.Answer answer = service.post("/v1/completions", body("turns", "a", 1, "stop_token_ids", wrong));
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.error().path("param").stringValue()).isEqualTo("stop_token_ids");
        }
    }

    @Test
    void aWholeContextIsScoredAndNotContinued() {
        int[] ids = new int[ScriptedModel.CONTEXT];
        Arrays.fill(ids, the);
        List<Integer> prompt = Arrays.stream(ids).boxed().toList();
        assertThat(choice(body("turns", prompt, 0)).path("text").stringValue()).isEmpty();
        assertThat(service.post("/v1/completions", body("turns", prompt, 1)).status())
                .isEqualTo(400);
        assertThat(text(body("turns", prompt.subList(1, ids.length), 1))).isEmpty();
    }
}
