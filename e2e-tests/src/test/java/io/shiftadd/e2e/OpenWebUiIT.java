package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.shiftadd.cli.stack.Service;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The requests of Open WebUI, written down from its public source (routers openai, ollama and tasks): the list of
 * models, a streamed chat with the settings and fields that it adds, the tasks that it gives a model beside (a title,
 * tags, follow-ups), and the same by Ollama's API.
 */
class OpenWebUiIT {

    private static final String[] HEADERS = {
        "Authorization", "Bearer ",
        "Accept", "*/*",
        "User-Agent", "Python/3.11 aiohttp/3.12.15",
        "HTTP-Referer", "https://openwebui.com/",
        "X-Title", "Open WebUI",
        "X-OpenWebUI-User-Name", "Ada",
        "X-OpenWebUI-User-Id", "5b1e3f6a-2c1d-4a57-9d2e-0a3f3c1b7e11",
        "X-OpenWebUI-User-Email", "ada@example.org",
        "X-OpenWebUI-User-Role", "admin",
        "X-OpenWebUI-Chat-Id", "0f6c2f0e-6a58-4f55-8f3c-0c0f2b7a9d10"
    };

    private static Http service;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample("llama-mini");
        service = new Http(Platform.get().url(Service.INFERENCE));
    }

    private static Http.Answer post(String path, String body) {
        Http.Answer answer = service.post(path, body, HEADERS);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    @Test
    void listsModels() {
        Http.Answer answer = service.get("/v1/models", HEADERS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/object").asString()).isEqualTo("list");
        assertThat(answer.json().at("/data"))
                .anySatisfy(model -> assertThat(model.at("/id").asString()).isEqualTo("llama-mini"));
        JsonNode tags = service.get("/api/tags", HEADERS).json();
        assertThat(tags.at("/models"))
                .anySatisfy(model -> assertThat(model.at("/model").asString()).isEqualTo("llama-mini:latest"));
        assertThat(service.get("/api/version", HEADERS).json().at("/version").asString())
                .isNotBlank();
    }

    /** With what the settings of a chat add, unset ones as null, and those fields that its filters leave in. */
    @Test
    void streamsAChat() {
        Http.Answer answer = post("/v1/chat/completions", """
                {"stream": true, "model": "llama-mini",
                 "messages": [{"role": "system", "content": "You tell stories."},
                              {"role": "user", "content": [{"type": "text", "text": "Tell me one about a lighthouse."}]}],
                 "temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.0, "frequency_penalty": 0.2,
                 "presence_penalty": 0, "repeat_penalty": null, "seed": 11, "stop": ["\\n\\nUser:"], "max_tokens": 24,
                 "logit_bias": {"17": -50}, "reasoning_effort": null, "stream_options": {"include_usage": true},
                 "tool_ids": null, "session_id": "qG5cT9", "chat_id": "0f6c2f0e-6a58-4f55-8f3c-0c0f2b7a9d10",
                 "id": "a1", "background_tasks": {"title_generation": true, "tags_generation": true},
                 "features": {"image_generation": false, "code_interpreter": false, "web_search": false},
                 "variables": {"{{USER_NAME}}": "Ada"}, "files": null,
                 "user": {"name": "Ada", "id": "5b1e", "email": "ada@example.org", "role": "admin"}}""");
        assertThat(answer.contentType()).isEqualTo("text/event-stream");
        List<JsonNode> chunks = new ArrayList<>();
        List<String> data = answer.text()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
        data.subList(0, data.size() - 1)
                .forEach(chunk -> chunks.add(JsonMapper.shared().readTree(chunk)));
        assertThat(data.getLast()).isEqualTo("[DONE]");
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asString("")));
        assertThat(text.toString()).isNotBlank();
        assertThat(chunks.getLast().at("/usage/completion_tokens").intValue()).isBetween(1, 24);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "### Task: Give the chat a title of 3-5 words. JSON format: { \\\"title\\\": \\\"...\\\" }\\n<chat_history>USER: Hi</chat_history>",
                "### Task: Give 1-3 tags. JSON format: { \\\"tags\\\": [\\\"a\\\"] }\\n<chat_history>USER: Hi</chat_history>",
                "### Task: Suggest follow-up questions. JSON format: { \\\"follow_ups\\\": [\\\"a?\\\"] }"
            })
    void doesATaskBeside(String prompt) {
        Http.Answer answer = post(
                "/v1/chat/completions",
                "{\"model\": \"llama-mini\", \"messages\": [{\"role\": \"user\", \"content\": \"" + prompt
                        + "\"}], \"stream\": false, \"max_completion_tokens\": 40}");
        assertThat(answer.json().at("/choices/0/message/role").asString()).isEqualTo("assistant");
        assertThat(answer.json().at("/choices/0/message/content").isString()).isTrue();
    }

    @Test
    void chatsByTheApiOfOllama() {
        Http.Answer answer = post("/api/chat", """
                {"model": "llama-mini:latest", "stream": true, "keep_alive": "5m", "think": null, "format": null,
                 "messages": [{"role": "user", "content": "Tell me one about a lighthouse."}],
                 "options": {"temperature": 0.7, "num_ctx": 2048, "num_predict": 12, "repeat_penalty": 1.1, "top_k": 40,
                             "stop": ["User:"], "mirostat": null}}""");
        List<String> lines = answer.text().lines().toList();
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(JsonMapper.shared().readTree(lines.getLast()).at("/done").booleanValue())
                .isTrue();
    }
}
