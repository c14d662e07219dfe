package io.shiftadd.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import io.shiftadd.cli.stack.Service;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own Java client against the running platform: nothing here is told that it is not OpenAI. */
class OpenAiClientIT {

    private static final String MODEL = "llama-mini";
    private static final int WIDTH = 192;

    private static OpenAIClient client;

    @BeforeAll
    static void connect() {
        new Registry(Platform.get()).importSample(MODEL);
        client = OpenAIOkHttpClient.builder()
                .baseUrl(Platform.get().url(Service.INFERENCE) + "/v1")
                .apiKey("none-needed-on-loopback")
                .build();
    }

    private static CompletionCreateParams.Builder completion() {
        return CompletionCreateParams.builder()
                .model(MODEL)
                .prompt("Once upon a time, there was")
                .maxTokens(20L)
                .temperature(0.0);
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder()
                .model(MODEL)
                .addSystemMessage("You tell short stories.")
                .addUserMessage("Tell me one about a harbour.")
                .maxCompletionTokens(24L)
                .temperature(0.0);
    }

    @Test
    void listsAndFindsModels() {
        assertThat(client.models().list().data()).extracting(Model::id).contains(MODEL);
        Model model = client.models().retrieve(MODEL);
        assertThat(model.id()).isEqualTo(MODEL);
        assertThat(model.ownedBy()).isEqualTo("original");
        assertThatThrownBy(() -> client.models().retrieve("no-such-model")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void completesWithScoresOfTheWholeText() {
        Completion answer = client.completions()
                .create(completion().echo(true).logprobs(2L).n(2L).build());
        assertThat(answer.choices())
                .hasSize(2)
                .extracting(CompletionChoice::index)
                .containsExactly(0L, 1L);
        CompletionChoice.Logprobs scores =
                answer.choices().getFirst().logprobs().orElseThrow();
        int tokens = scores.tokens().orElseThrow().size();
        assertThat(scores.textOffset().orElseThrow()).hasSize(tokens);
        assertThat(scores.topLogprobs().orElseThrow()).hasSize(tokens);
        assertThat(answer.usage().orElseThrow().promptTokens()
                        + answer.usage().orElseThrow().completionTokens() / 2)
                .isEqualTo(tokens);
        assertThat(answer.systemFingerprint()).isPresent();
    }

    @Test
    void streamsACompletionWithItsUsage() {
        Completion whole = client.completions().create(completion().build());
        try (StreamResponse<Completion> stream = client.completions()
                .createStreaming(completion()
                        .streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            List<Completion> chunks = stream.stream().toList();
            assertThat(chunks.stream().map(Completion::id).collect(Collectors.toSet()))
                    .hasSize(1);
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(CompletionChoice::text)
                            .collect(Collectors.joining()))
                    .isEqualTo(whole.choices().getFirst().text());
            assertThat(chunks.getLast().choices()).isEmpty();
            assertThat(chunks.getLast().usage()).isEqualTo(whole.usage());
        }
    }

    @Test
    void chats() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(chat().logprobs(true).topLogprobs(3L).build());
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.message().content().orElseThrow()).isNotBlank();
        assertThat(choice.message().refusal()).isEmpty();
        assertThat(choice.finishReason())
                .isIn(ChatCompletion.Choice.FinishReason.LENGTH, ChatCompletion.Choice.FinishReason.STOP);
        assertThat(choice.logprobs().orElseThrow().content().orElseThrow())
                .isNotEmpty()
                .allSatisfy(token -> {
                    assertThat(token.logprob()).isLessThanOrEqualTo(0);
                    assertThat(token.topLogprobs()).hasSize(3);
                });
    }

    @Test
    void streamsAChatThatTheClientPutsTogether() {
        ChatCompletion whole = client.chat().completions().create(chat().build());
        ChatCompletionAccumulator together = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(chat().streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().forEach(together::accumulate);
        }
        ChatCompletion streamed = together.chatCompletion();
        assertThat(streamed.choices().getFirst().message().content())
                .isEqualTo(whole.choices().getFirst().message().content());
        assertThat(streamed.choices().getFirst().finishReason())
                .isEqualTo(whole.choices().getFirst().finishReason());
        assertThat(streamed.usage()).isEqualTo(whole.usage());
    }

    /** What the client is to make of an answer: it derives the JSON schema, and reads the JSON into this. */
    static class Harbour {
        public String name = "";
        public int ships;
        public boolean open;
    }

    @Test
    void answersInTheShapeOfAClass() {
        var params =
                chat().maxCompletionTokens(80L).responseFormat(Harbour.class).build();
        Harbour harbour = client.chat()
                .completions()
                .create(params)
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertThat(harbour.name).isNotNull();
    }

    @Test
    void embedsTheSameInEitherEncoding() {
        CreateEmbeddingResponse byDefault = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(MODEL)
                        .inputOfArrayOfStrings(List.of("A harbour", "The open sea"))
                        .build());
        CreateEmbeddingResponse asNumbers = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(MODEL)
                        .inputOfArrayOfStrings(List.of("A harbour", "The open sea"))
                        .encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT)
                        .build());
        assertThat(byDefault.data()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            List<Float> vector = byDefault.data().get(i).embedding();
            assertThat(vector).hasSize(WIDTH);
            for (int j = 0; j < WIDTH; j++) {
                assertThat(vector.get(j))
                        .isCloseTo(asNumbers.data().get(i).embedding().get(j), within(1e-5f));
            }
        }
        assertThat(byDefault.usage().promptTokens()).isPositive();
    }

    @Test
    void readsErrorsAsItsOwn() {
        assertThatThrownBy(() -> client.completions()
                        .create(completion().maxTokens(5_000L).build()))
                .isInstanceOfSatisfying(BadRequestException.class, error -> {
                    assertThat(error.code()).contains("context_length_exceeded");
                    assertThat(error.param()).contains("max_tokens");
                    assertThat(error.type()).contains("invalid_request_error");
                    assertThat(error.headers().values("x-request-id")).hasSize(1);
                });
        assertThatThrownBy(() -> consume(completion().temperature(7.0).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        error -> assertThat(error.param()).contains("temperature"));
        assertThatThrownBy(() -> client.chat()
                        .completions()
                        .create(chat().model("no-such-model").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        error -> assertThat(error.code()).contains("model_not_found"));
    }

    @Test
    void callsAToolAndGoesOnWithWhatItGave() {
        FunctionDefinition weather = FunctionDefinition.builder()
                .name("get_weather")
                .parameters(FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                        .build())
                .build();
        ChatCompletion.Choice choice = client.chat()
                .completions()
                .create(chat().addFunctionTool(weather)
                        .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
                        .parallelToolCalls(false)
                        .maxCompletionTokens(80L)
                        .build())
                .choices()
                .getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        ChatCompletionMessageFunctionToolCall call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().arguments()).startsWith("{").contains("\"city\"");
        ChatCompletion next = client.chat()
                .completions()
                .create(chat().addMessage(choice.message())
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(call.id())
                                .content("rain")
                                .build())
                        .build());
        assertThat(next.choices().getFirst().message().content()).isPresent();
    }

    @Test
    void respondsAndStreamsAResponse() {
        ResponseCreateParams params = ResponseCreateParams.builder()
                .model(MODEL)
                .input("Tell me about a harbour.")
                .maxOutputTokens(16L)
                .temperature(0.0)
                .build();
        Response response = client.responses().create(params);
        assertThat(response.output().getFirst().asMessage().content()).hasSize(1);
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        assertThat(accumulator.response().output().getFirst().asMessage().content())
                .isEqualTo(response.output().getFirst().asMessage().content());
    }

    private static void consume(CompletionCreateParams params) {
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> {});
        }
    }

    @Test
    void drawsTheSameForTheSameSeed() {
        CompletionCreateParams drawn =
                completion().temperature(1.2).seed(11L).n(3L).build();
        List<String> first = texts(client.completions().create(drawn));
        assertThat(texts(client.completions().create(drawn))).isEqualTo(first);
        assertThat(Set.copyOf(first)).hasSizeGreaterThan(1);
    }

    private static List<String> texts(Completion completion) {
        return completion.choices().stream().map(CompletionChoice::text).toList();
    }
}
